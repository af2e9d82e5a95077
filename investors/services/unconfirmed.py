"""Inquiries of people without an account: kept until the link of a mail is used, or expires."""

from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.db.models import Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from investors.models import Inquiry, UnconfirmedInquiry
from investors.services.inquiries import Question, send_inquiry
from portal import work
from portal.actor import acting
from portal.models import Notice, User
from portal.notices import QUEUE as NOTICES
from portal.proven import account_of

log = structlog.get_logger()

VALID = timedelta(hours=48)
"""For how long a link works."""

QUEUE = "unconfirmed_inquiries"

_SALT = "investors.unconfirmed_inquiry"
_HOUR = timedelta(hours=1)


class TooManyMails(Exception):  # noqa: N818 -- reads as the sentence it is
    """The address was sent as many links as one may be within an hour."""


class TooManySent(Exception):  # noqa: N818 -- reads as the sentence it is
    """As many were sent from one place, or from everywhere, as may be; the text is to be kept for later."""


class DeadLink(Exception):  # noqa: N818 -- reads as the sentence it is
    """The link confirms nothing."""


class LinkIsWrong(DeadLink):
    """The link is not one that was sent, or not all of it."""


class LinkHasExpired(DeadLink):
    """The link was right once; what was typed is deleted."""


class AccountIsClosed(DeadLink):
    """The address belongs to an account that was closed."""


@dataclass(frozen=True)
class Stranger:
    """Who asks without an account.

    Args:
        email: where the link goes.
        name: how they want to be addressed.
        country: an ISO code, or nothing.
        firm: as they write it, or nothing.
        address: the network address from which they ask; only a digest of it is kept, until the row goes.
    """

    email: str
    name: str
    country: str
    firm: str
    address: str


class Confirmed(NamedTuple):
    """The inquiry of a link.

    Args:
        inquiry: with its reference, officer and dates.
        user: whom to sign in, where the account was made just now.
        was_used: whether the link had been used before.
    """

    inquiry: Inquiry
    user: User | None
    was_used: bool


@transaction.atomic
def keep_question(*, stranger: Stranger, question: Question, key: UUID) -> UnconfirmedInquiry:
    """Keep what a stranger asks, and send the link by which it is confirmed.

    Whether the address has an account plays no part: what is done, told and sent is the same.

    Args:
        stranger: who asks.
        question: what is asked.
        key: of the form that was sent; the same key again returns what is kept, and sends nothing.

    Raises:
        TooManySent: from this place or from everywhere.
        TooManyMails: to this address.
    """
    email, digest = stranger.email.lower(), _digest(stranger.address)
    _one_at_a_time(email, digest)
    if kept := UnconfirmedInquiry.objects.filter(email=email, idempotency_key=key).first():
        return kept
    _refuse_too_many(digest)
    now = timezone.now()
    row = UnconfirmedInquiry.objects.create(
        email=email,
        name=stranger.name,
        country=stranger.country,
        firm=stranger.firm,
        topic=question.topic,
        language=question.language,
        subject=question.subject,
        text=question.text,
        opportunity=question.opportunity,
        about_organisation=question.about,
        programme=question.programme,
        sender_digest=digest,
        created_at=now,
        expires_at=now + VALID,
        next_try_at=now + VALID,
        idempotency_key=key,
    )
    _send_link(row)
    return row


@transaction.atomic
def send_link_again(*, email: str, address: str) -> None:
    """Send the link of the newest inquiry that waits for this e-mail address; where none waits, do nothing.

    Raises:
        TooManyMails: to this address.
    """
    email = email.lower()
    _one_at_a_time(email, _digest(address))
    row = UnconfirmedInquiry.objects.waiting().filter(email=email).order_by("-pk").first()
    if row:
        _send_link(row)


def find(token: str) -> UnconfirmedInquiry:
    """Return what a link of a mail confirms; finding it changes nothing.

    Raises:
        LinkIsWrong, LinkHasExpired: there is nothing to confirm.
    """
    try:
        uid = UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkIsWrong from error
    row = UnconfirmedInquiry.objects.filter(uid=uid).select_related("inquiry__officer").first()
    if row is None or row.expires_at <= timezone.now():
        raise LinkHasExpired
    return row


@transaction.atomic
def confirm_question(*, token: str) -> Confirmed:
    """Send the inquiry in the name of the account of its address; what was typed goes from where it waited.

    Args:
        token: of the link.

    Raises:
        LinkIsWrong, LinkHasExpired, AccountIsClosed: nothing is sent.
        TooMany, StepClosed: it cannot be sent now; the link goes on working.
    """
    uid = find(token).uid
    row = UnconfirmedInquiry.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if row is None:
        raise LinkHasExpired
    if row.inquiry:
        return Confirmed(row.inquiry, None, was_used=True)
    user, is_new = account_of(email=row.email, name=row.name, language=row.language)
    if not user.is_active:
        raise AccountIsClosed
    question = Question(
        topic=row.topic,
        language=row.language,
        subject=row.subject,
        text=row.text,
        opportunity=row.opportunity,
        about=row.about_organisation,
        programme=row.programme,
        firm=row.firm,
        country=str(row.country),
    )
    with acting(f"user:{user.pk}"):
        inquiry = send_inquiry(by=user, question=question, key=row.idempotency_key)
    row.inquiry = inquiry
    row.name = row.subject = row.text = row.firm = ""
    row.save(update_fields=["inquiry", "name", "subject", "text", "firm"])
    return Confirmed(inquiry, user if is_new else None, was_used=False)


def link_of(row: UnconfirmedInquiry) -> str:
    """Return the path of the page that confirms it, in the active language."""
    token = signing.Signer(salt=_SALT).sign(str(row.uid))
    return reverse("investors:confirm_inquiry", args=[token])


def _send_link(row: UnconfirmedInquiry) -> None:
    """Write the mail; it says nothing that was typed, so that nobody sends words to a stranger through it."""
    now = timezone.now()
    lately = UnconfirmedInquiry.objects.filter(email=row.email, mailed_at__gt=now - _HOUR)
    if (lately.aggregate(sent=Sum("mails"))["sent"] or 0) >= settings.INQUIRY_LINKS_PER_HOUR:
        raise TooManyMails
    row.mails, row.mailed_at = row.mails + 1, now
    row.save(update_fields=["mails", "mailed_at"])
    with translation.override(row.language):
        context = {"link": settings.SITE_URL + link_of(row), "hours": VALID // _HOUR}
        mail = render_to_string("emails/investors/confirm_inquiry.txt", context).strip()
    subject, _newline, text = mail.partition("\n")
    Notice.objects.create(
        event=f"investors.confirm_inquiry:{uuid4()}",
        kind="investors.confirm_inquiry",
        channel=Notice.Channel.EMAIL,
        recipient=None,
        address=row.email,
        language=row.language,
        context={"subject": subject, "text": text.strip()},
        created_at=now,
    )
    work.wake(NOTICES)


def _digest(address: str) -> str:
    return salted_hmac(_SALT, address, algorithm="sha256").hexdigest()


def _one_at_a_time(*names: str) -> None:
    """Let those of one place and of one address wait for each other, so that none is counted too late."""
    with connection.cursor() as cursor:
        for name in sorted(names):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{_SALT}:{name}"])


def _refuse_too_many(digest: str) -> None:
    now = timezone.now()
    everywhere = UnconfirmedInquiry.objects.filter(created_at__gt=now - timedelta(minutes=1))
    if everywhere.count() >= settings.INQUIRIES_PER_MINUTE:
        raise TooManySent
    here = UnconfirmedInquiry.objects.filter(sender_digest=digest, created_at__gt=now - _HOUR)
    if here.count() >= settings.INQUIRIES_PER_PLACE:
        raise TooManySent


def _delete(row: UnconfirmedInquiry) -> None:
    """Delete what has expired, and count what nobody confirmed."""
    log.info("unconfirmed_inquiry_deleted", confirmed=row.inquiry_id is not None)
    row.delete()


work.register(work.Queue(QUEUE, lambda: UnconfirmedInquiry.objects.all(), _delete))  # noqa: PLW0108
