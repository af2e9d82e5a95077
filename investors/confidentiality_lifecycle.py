"""The life of a text of the agreement: drafted by one officer, published by another, then the same for good."""

from collections.abc import Iterator

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.models import ConfidentialityText
from portal.lifecycle import Change, Lifecycle, Step, Text
from portal.models import User
from portal.roles import Role, has_role

WRITERS = (Role.INVESTMENT, Role.HEAD)
"""Roles whose holders draft the text; another of them publishes it."""


def publishes(user: User | None, text: ConfidentialityText) -> bool:
    """Whether the user may publish it: an officer or the head who did not draft it."""
    return user is not None and has_role(user, *WRITERS) and user.pk != text.drafted_by_id


def is_newest(text: ConfidentialityText) -> Iterator[Text]:
    """Yield a reason when a later one is in force."""
    current = ConfidentialityText.objects.current()
    if current and current.number > text.number:
        yield _("A later version is in force already.")


def publish(change: Change) -> None:
    """Keep who published it, and when."""
    change.set(published_by=change.by, published_at=timezone.now())


DRAFT, PUBLISHED = ConfidentialityText.Status

CONFIDENTIALITY_TEXT = Lifecycle(
    ConfidentialityText,
    {DRAFT},
    Step("publish", {DRAFT}, PUBLISHED, may=publishes, label=pgettext_lazy("text", "Publish"),
         guard=is_newest, do=publish),
)  # fmt: skip

pgtrigger.register(CONFIDENTIALITY_TEXT.trigger())(ConfidentialityText)
