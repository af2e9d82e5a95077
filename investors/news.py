"""What is new to a sender in their inquiries: the notices that they have not read."""

from collections.abc import Iterable

from django.db.models.functions import Now

from portal import notices
from portal.models import Notice, User
from portal.models.notices import NoticeQuerySet

PAGE = "investors:inquiry"
"""The page that the notices of an inquiry open."""


def of(user: User, references: Iterable[str]) -> dict[str, list[str]]:
    """Return what is new in inquiries, by reference: the titles of the notices; one query."""
    found: dict[str, list[str]] = {}
    for notice in (
        _unread(user).filter(context__reference__in=list(references)).select_related("recipient").order_by("pk")
    ):
        title, _paragraphs = notices.render(notice)
        found.setdefault(notice.context["reference"], []).append(title)
    return found


def mark_read(user: User, reference: str) -> None:
    """Whoever looks at an inquiry has seen what is new in it."""
    _unread(user).filter(context__reference=reference).update(read_at=Now())


def _unread(user: User) -> NoticeQuerySet:
    return Notice.objects.visible_to(user).unread().filter(context__page__name=PAGE)
