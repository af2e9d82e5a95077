"""What is told to whom: one class per message, with its template; rows first, then delivery."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any, ClassVar
from urllib.parse import urlsplit

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Model
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal import work
from portal.models import Notice, StepTaken, User
from portal.models.consents import ERASED

QUEUE = "notices"


def both(obj: Any, name: str) -> dict[str, str]:
    """Return a pair of columns for a message's context: each reader gets their language."""
    return {"en": getattr(obj, f"{name}_en"), "zh": getattr(obj, f"{name}_zh")}


class Message:
    """One kind of message.

    A subclass names its ``kind`` (``app.name``, the template is ``emails/app/name.txt``: the subject on
    the first line, paragraphs below), and says whom it reaches, with what, and which page it opens.
    """

    kind: ClassVar[str]
    channels: ClassVar[tuple[str, ...]] = (Notice.Channel.IN_APP, Notice.Channel.EMAIL)

    def __init_subclass__(cls) -> None:
        """Keep the class by its kind, for rendering."""
        if "kind" in cls.__dict__:
            _messages[cls.kind] = cls

    def recipients(self, change: Any) -> Iterable[User]:
        """Return the people who are told."""
        raise NotImplementedError

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the template says: JSON values, or pairs made by ``both``."""
        return {}

    def page(self, change: Any) -> tuple[str, dict[str, Any]] | None:
        """Return the URL name and arguments of the page it opens."""
        return None

    def event(self, change: Any) -> str:
        """Return what makes the message unique: by default the step taken."""
        return f"{self.kind}:{change.taken.pk}"

    def tell(self, change: Any) -> list[Notice]:
        """Write one row for each recipient and channel, in the transaction of the cause."""
        context = dict(self.context(change))
        page = self.page(change)
        if page:
            context["page"] = {"name": page[0], "kwargs": page[1]}
        people = {user.pk: user for user in self.recipients(change) if user.is_active}
        rows = [
            Notice(
                event=self.event(change),
                kind=self.kind,
                channel=channel,
                recipient=user,
                language=user.language,
                context=context,
                done_at=timezone.now() if channel == Notice.Channel.IN_APP else None,
            )
            for user in people.values()
            for channel in self.channels
        ]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        if rows:
            work.wake(QUEUE)
        return rows


_messages: dict[str, type[Message]] = {}


def kinds() -> list[str]:
    """Return every kind of message the portal can send."""
    return sorted(_messages)


def render(notice: Notice) -> tuple[str, list[str]]:
    """Return subject and paragraphs in the active language."""
    if "text" in notice.context:  # written by allauth: subject and text were rendered when it was caused
        return notice.context["subject"], notice.context["text"].strip().split("\n\n")
    side, other = ("zh", "en") if (translation.get_language() or "").startswith("zh") else ("en", "zh")
    values = {
        key: (value[side] or value[other]) if isinstance(value, dict) and value.keys() == {"en", "zh"} else value
        for key, value in notice.context.items()
    }
    app, name = notice.kind.split(".")
    template = get_template(f"emails/{app}/{name}.txt")
    # Plain text: escaping happens where it enters a page or the HTML part of an e-mail.
    text = template.template.render(Context({**values, "recipient": notice.recipient}, autoescape=False))  # type: ignore[attr-defined]
    subject, _newline, body = text.strip().partition("\n")
    return subject.strip(), [part.strip() for part in body.strip().split("\n\n") if part.strip()]


COUNTED = ("number", "more")
"""What subjects and texts of messages count with."""


class _Dots(int):
    """Stands for a number that a subject counts with."""

    def __str__(self) -> str:
        return "…"


class _Anything(dict[str, Any]):
    """Stands for whatever a message says of somebody."""

    def __contains__(self, _name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str | _Dots:
        return _Dots(2) if name in COUNTED else "…"


def subject_of(kind: str) -> str:
    """Return the subject of a kind of message in the active language, dots in place of what differs."""
    if kind not in _messages:  # allauth's, whose subjects are written when they are caused
        return _("About the account")
    template = get_template(f"emails/{kind.replace('.', '/')}.txt")
    text = template.template.render(Context(_Anything(), autoescape=False, use_l10n=False))  # type: ignore[attr-defined]
    return str(text.strip().partition("\n")[0].strip())


def link(notice: Notice) -> str:
    """Return the path of the page the notice opens in the active language, or nothing."""
    page = notice.context.get("page")
    return reverse(page["name"], kwargs=page["kwargs"]) if page else ""


def erase_words(about: Model, *keys: str) -> None:
    """Erase words from the notices that the steps of an object caused, to whomever they went.

    Args:
        about: an object with a lifecycle.
        keys: of the notices' content, in which a person is named or quoted.
    """
    steps = list(StepTaken.objects.about(about).values_list("pk", flat=True))
    events = [f"{kind}:{step}" for kind in _messages if kind.startswith(f"{about._meta.app_label}.") for step in steps]
    for notice in Notice.objects.filter(event__in=events).order_by("pk"):
        notice.context |= dict.fromkeys(notice.context.keys() & keys, ERASED)
        notice.save(update_fields=["context"])


@dataclass(frozen=True)
class Shown:
    """A notice as a page shows it, in the reader's language."""

    notice: Notice
    title: str
    body: str
    url: str


def show(notice: Notice) -> Shown:
    """Render a notice for a page."""
    title, paragraphs = render(notice)
    return Shown(notice, title, "\n\n".join(paragraphs), link(notice))


def deliver(notice: Notice) -> None:
    """Send one e-mail; the Message-ID is the same at every try, so that it is seen once."""
    with translation.override(notice.language):
        subject, paragraphs = render(notice)
        path = link(notice)
        url = settings.SITE_URL + path if path else ""
        parts = [*paragraphs, url] if url else paragraphs
        html = render_to_string(
            "emails/base.html",
            {
                "subject": subject,
                "paragraphs": paragraphs,
                "action_url": url,
                "action_label": _("Open in the portal"),
                "language": notice.language,
                "demonstration": settings.DEMONSTRATION,
            },
        )
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<notice-{notice.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    if stop := notice.context.get("stop_url"):  # one click in the reader's own program, by RFC 8058
        address = stop["zh" if notice.language.startswith("zh") else "en"]
        headers |= {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    user = notice.recipient
    to = formataddr((" ".join(user.name.split()), user.email)) if user else notice.address
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body="\n\n".join(parts) + "\n",
        to=[to],
        headers=headers,
    )
    message.attach_alternative(css_inline.CSSInliner(load_remote_stylesheets=False).inline(html), "text/html")
    if user is None or user.is_active:  # whose access ended since it was written is not told any more
        message.send()
    if "text" in notice.context:  # account links are secrets: gone from the row once sent
        notice.context = {"subject": subject, "text": ""}
        notice.save(update_fields=["context"])


work.register(work.Queue(QUEUE, lambda: Notice.objects.to_deliver(), deliver))  # noqa: PLW0108
