"""Claims: made with a letter, decided by a registry officer, withdrawn by the claimant."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from firms.lifecycle import CLAIM, LETTER
from firms.models import Claim, Organisation
from firms.notices import ClaimSubmitted
from firms.rules import is_signatory
from portal import clock, deadlines
from portal.documents import store_document
from portal.lifecycle import StepClosed
from portal.models import Deadline, User

PROMISED_WORKING_DAYS = 3
"""Within how many working days a claim is decided; the claimant sees the date."""


def set_clock(claim: Claim, start: datetime) -> None:
    """Set when the registry officers are reminded, and when the head hears.

    Args:
        claim: waiting for its decision.
        start: from when the working days count.
    """
    for step, days in (("remind", PROMISED_WORKING_DAYS - 1), ("escalate", PROMISED_WORKING_DAYS)):
        due = clock.after_working_days(start, days)
        deadlines.set_deadline_at(
            claim,
            step,
            due_at=due.at,
            estimated=due.estimated,
            while_status=Claim.Status.SUBMITTED,
            counted=deadlines.Counted(start, days),
        )


def set_missing_clocks() -> int:
    """Set the clocks of waiting claims that are older than the promise, counted from today; return how many."""
    kind = ContentType.objects.get_for_model(Claim)
    held = Deadline.objects.filter(subject_type=kind, step="escalate").values("subject_id")
    missing = list(Claim.objects.waiting().exclude(pk__in=held))
    for claim in missing:
        set_clock(claim, timezone.now())
    return len(missing)


@transaction.atomic
def submit_claim(
    *, by: User, organisation: Organisation, position: str, letter: UploadedFile, telephone: str = ""
) -> Claim:
    """Claim a listed organisation, and tell the registry officers.

    Args:
        by: the claimant.
        organisation: a listed one.
        position: what the claimant is in it.
        letter: the authorisation letter with the organisation's seal.
        telephone: where the officer can ask back.

    Raises:
        StepClosed: not listed, claimed by the same person already, or they are its signatory.
        ValidationError: the letter is no acceptable file.
    """
    locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if locked.status != Organisation.Status.LISTED:
        raise StepClosed(_("Only a listed organisation can be claimed."))
    if is_signatory(by, locked):
        raise StepClosed(_("You are a signatory of this organisation already."))
    if Claim.objects.waiting().filter(organisation=locked, claimant=by).exists():
        raise StepClosed(_("Your claim of this organisation is being checked already."))
    claim = Claim.objects.create(organisation=locked, claimant=by, position=position, telephone=telephone)
    store_document(by=by, upload=letter, subject=claim, purpose=LETTER)
    set_clock(claim, timezone.now())
    ClaimSubmitted().tell(claim)
    return claim


def withdraw_claim(*, by: User, claim: Claim) -> None:
    """Withdraw one's own claim.

    Raises:
        StepClosed: it is decided already, or it is somebody else's.
    """
    CLAIM.apply(claim, "withdraw", by=by)
