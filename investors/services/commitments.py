"""Making commitments of the district, and saying what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.services.holding import hold
from incentives.models import Application
from investors import commitment_rules
from investors.commitment_lifecycle import COMMITMENT, LONGEST, Settlement, may_own
from investors.models import Commitment, InquiryMessage
from investors.models.commitments import next_reference
from portal.clock import SHANGHAI
from portal.documents import store_document
from portal.lifecycle import NotAllowed, StepClosed, Text
from portal.models import User

SOURCE = "commitment_source"
"""The purpose of files in which a commitment was made."""


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What the district promises.

    Args:
        text_zh, text_en: what is promised; one of them may be empty.
        due_on: by the end of which day in Shanghai, from today on.
        owner: the officer who answers for it.
        source: one of ``Commitment.Source``.
        organisation, person: to whom; at least one.
        message: the answer in which it was promised, if it was one.
        application: whose offer it was, if it was one.
        source_on: the day of the letter or meeting.
        source_note: the number of the letter, or who met.
    """

    text_zh: str
    text_en: str
    due_on: date
    owner: User
    source: str
    organisation: Organisation | None = None
    person: User | None = None
    message: InquiryMessage | None = None
    application: Application | None = None
    source_on: date | None = None
    source_note: str = ""


@transaction.atomic
def make_commitment(*, by: User, promised: Promised, key: UUID, files: Sequence[UploadedFile] = ()) -> Commitment:
    """Record a commitment: reference, clocks and the beneficiary's notice at once.

    Args:
        by: who records it.
        promised: what is promised to whom.
        key: of the form that was sent; the same key again returns the commitment that it made.
        files: the letter or the minutes.

    Raises:
        NotAllowed: ``by`` may make none, or has a part in the beneficiary.
        StepClosed: it names nobody, says nothing, is due in the past, or the owner may not answer for it.
        ValidationError: a file is not acceptable.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time for a person
    if made := Commitment.objects.filter(made_by=by, idempotency_key=key).first():
        return made
    now = timezone.now()
    today = now.astimezone(SHANGHAI).date()
    commitment = Commitment(made_by=by, made_at=now, idempotency_key=key, **vars(promised))
    if not commitment_rules.makes(by, commitment):
        raise NotAllowed(_("You may not make a commitment to this beneficiary."))
    if reasons := [*_missing(commitment, today)]:
        raise StepClosed(*reasons)
    if promised.organisation:
        hold(organisation=promised.organisation)
    commitment.reference = next_reference(today.year)
    commitment.save()
    for upload in files:
        store_document(by=by, upload=upload, subject=commitment, purpose=SOURCE)
    COMMITMENT.apply(commitment, "make", by=by)
    return commitment


def _missing(commitment: Commitment, today: date) -> Iterator[Text]:
    if commitment.organisation is None and commitment.person is None:
        yield _("Say to whom it is made.")
    if not (commitment.text_zh or commitment.text_en):
        yield _("Write what is promised, in at least one language.")
    if not today <= commitment.due_on <= today + LONGEST:
        yield _("Choose a day from today on, within five years.")
    if not may_own(commitment.owner, commitment):
        yield _("Choose an officer who may answer for it.")
    if commitment.source in {Commitment.Source.LETTER, Commitment.Source.MEETING}:
        if commitment.source_on is None or commitment.source_on > today:
            yield _("Give the day of the letter or meeting, today or earlier.")
    elif commitment.source == Commitment.Source.OTHER and not commitment.source_note:
        yield _("Say where it was promised.")


def keep_commitment(*, by: User, commitment: Commitment, evidence: str, files: Sequence[UploadedFile] = ()) -> None:
    """Say that a commitment was kept, and how.

    Args:
        by: who answers for it.
        commitment: open, overdue or not.
        evidence: what was done and when, as the beneficiary reads it.
        files: that show it; the beneficiary opens them once they are checked.

    Raises:
        StepClosed, NotAllowed: the step cannot be taken.
        ValidationError: a file is not acceptable.
    """
    COMMITMENT.apply(commitment, "keep", by=by, said=Settlement(evidence, uploads=files))


def break_commitment(
    *, by: User, commitment: Commitment, reasons: str, next_step: str, due_on: date | None = None
) -> None:
    """Say that a commitment was not kept, why, and what happens now.

    Args:
        by: who answers for it.
        commitment: open, overdue or not.
        reasons: why, as the beneficiary reads it.
        next_step: what happens now.
        due_on: a new day: the same is promised anew by another commitment; this one stays broken.

    Raises:
        StepClosed, NotAllowed: the step cannot be taken.
    """
    COMMITMENT.apply(commitment, "break", by=by, said=Settlement(reasons, next_step, due_on))


def object_to_commitment(*, by: User, commitment: Commitment, text: str) -> None:
    """Say, for the beneficiary, that a commitment was not kept although the owner says so; the head answers.

    Args:
        by: who speaks for the beneficiary.
        commitment: said to be kept, not objected to before.
        text: what was not done.

    Raises:
        StepClosed, NotAllowed: the step cannot be taken.
    """
    COMMITMENT.apply(commitment, "object", by=by, said=Settlement(text))


def release_commitment(*, by: User, commitment: Commitment) -> None:
    """Let the district off: the beneficiary does not need it any more. Nobody else can take a commitment back.

    Args:
        by: who speaks for the beneficiary.
        commitment: open.

    Raises:
        StepClosed, NotAllowed: the step cannot be taken.
    """
    COMMITMENT.apply(commitment, "release", by=by)
