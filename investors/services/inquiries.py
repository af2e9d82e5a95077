"""Sending inquiries, and writing in their threads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.services.holding import hold
from incentives.models import Programme
from investors import promises
from investors.lifecycle import INQUIRY
from investors.models import Inquiry, InquiryMessage, Opportunity
from investors.rules import roles_in_organisations
from investors.services.personal_data import INQUIRIES
from portal.clock import SHANGHAI
from portal.consents import give_consent
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Erasure, User

HOURLY, DAILY = 10, 30
"""How many inquiries one person may send in an hour and in a day."""


class TooMany(Exception):  # noqa: N818 -- reads as the sentence it is
    """The person sent as many as one may; the text is to be kept for later."""


@dataclass(frozen=True)
class Question:
    """What a person asks.

    Args:
        topic: one of ``Inquiry.Topic``.
        language: in which the answer is wished, ``en`` or ``zh-hans``.
        subject: one line.
        text: up to 5,000 characters.
        opportunity: the published opportunity it is about, if any.
        about: the organisation it is about, if any, where it is about no opportunity.
        organisation: on whose behalf, if any; the sender is a member.
        programme: of incentives that it is about, if any, where it is about nothing else.
        firm: on whose behalf, as a sender without an account wrote it.
        country: from where such a sender asks, an ISO code.
    """

    topic: str
    language: str
    subject: str
    text: str
    opportunity: Opportunity | None = None
    about: Organisation | None = None
    organisation: Organisation | None = None
    programme: Programme | None = None
    firm: str = ""
    country: str = ""


@transaction.atomic
def send_inquiry(*, by: User, question: Question, key: UUID) -> Inquiry:
    """Receive a question: reference, officer, promised dates and receipt at once.

    Args:
        by: who asks.
        question: what is asked.
        key: of the form that was sent; the same key again returns the inquiry that it made.

    Raises:
        NotAllowed: ``by`` is no member of the organisation that is named.
        StepClosed: an organisation that is named was merged into another just now, or what was asked before is being
            erased.
        TooMany: the hourly or daily number is reached.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time for a person
    if sent := Inquiry.objects.filter(sender=by, idempotency_key=key).first():
        return sent
    if Erasure.objects.filter(user=by, done_at=None).exists():
        raise StepClosed(_("What you asked before is being erased. Ask again in a few minutes."))
    if question.organisation and question.organisation.pk not in roles_in_organisations(by):
        raise NotAllowed(_("You may not write for this organisation."))
    for organisation in filter(None, {question.organisation, question.about}):
        hold(organisation=organisation)
    now = timezone.now()
    _refuse_too_many(by)
    topic = promises.promised(question.topic)
    first, second = promises.acknowledge_due(now, topic), promises.answer_due(now, topic)
    inquiry = Inquiry(
        reference=_next_reference(now.astimezone(SHANGHAI).year),
        sender=by,
        received_at=now,
        acknowledge_due=first.at,
        answer_due=second.at,
        due_estimated=first.estimated or second.estimated,
        idempotency_key=key,
        topic=question.topic,
        language=question.language,
        subject=question.subject,
        text=question.text,
        opportunity=question.opportunity,
        about_organisation=question.about,
        organisation=question.organisation,
        programme=question.programme,
        firm=question.firm,
        country=question.country,
    )
    inquiry.officer = promises.least_busy_officer(inquiry)
    inquiry.save()
    INQUIRY.apply(inquiry, "receive", by=by)
    give_consent(by=by, purpose=INQUIRIES)
    return inquiry


def _refuse_too_many(sender: User) -> None:
    now = timezone.now()
    sent = Inquiry.objects.filter(sender=sender)
    for number, hours in ((HOURLY, 1), (DAILY, 24)):
        if sent.filter(received_at__gt=now - timedelta(hours=hours)).count() >= number:
            raise TooMany


def _next_reference(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('investors_inquiry_reference')")
        return f"INQ-{year}-{cursor.fetchone()[0]:06d}"


@transaction.atomic
def write_message(
    *, by: User, inquiry: Inquiry, step: str, text: str, key: UUID, files: Sequence[UploadedFile] = ()
) -> None:
    """Add a message or note through a step of the inquiry's life.

    Args:
        by: the author.
        inquiry: the thread.
        step: ``answer``, ``ask_back``, ``write_again``, ``note`` or ``reply``; a reply after the answer opens the
            inquiry again and the promise runs anew, one to a question lets the clock run on.
        text: what is written.
        key: of the form that was sent; the same key again writes nothing.
        files: what is attached; whoever may read the message opens them once they are checked.

    Raises:
        StepClosed, NotAllowed: the step cannot be taken.
        ValidationError: a file is not acceptable.
    """
    locked = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if locked.messages.filter(author=by, idempotency_key=key).exists():
        return
    if step == "reply" and locked.status not in Inquiry.WAITING:
        step = "resume" if locked.status == Inquiry.Status.WAITING else "reopen"
    message = InquiryMessage(body=text, is_internal=step == "note", idempotency_key=key)
    message.uploads = files
    INQUIRY.apply(locked, step, by=by, message=message)


@transaction.atomic
def rate_answer(*, by: User, inquiry: Inquiry, rating: int, comment: str) -> None:
    """Keep the sender's rating, and what they say of the answer.

    Args:
        by: the sender.
        inquiry: answered or closed, not rated yet.
        rating: from 1 to 5, which is the best.
        comment: a text or nothing; it is no part of the step's record, which is never changed.

    Raises:
        StepClosed, NotAllowed: the step cannot be taken.
    """
    rated = INQUIRY.apply(inquiry, "rate", by=by, rating=rating).obj
    if comment:
        rated.rating_comment = comment
        rated.save(update_fields=["rating_comment"])
