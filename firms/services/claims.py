"""Claims: made with a letter, decided by a registry officer, withdrawn by the claimant."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from firms.lifecycle import CLAIM, LETTER
from firms.models import Claim, Organisation
from firms.notices import ClaimSubmitted
from firms.rules import is_signatory
from portal.documents import store_document
from portal.lifecycle import StepClosed
from portal.models import User


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
    ClaimSubmitted().tell(claim)
    return claim


def withdraw_claim(*, by: User, claim: Claim) -> None:
    """Withdraw one's own claim.

    Raises:
        StepClosed: it is decided already, or it is somebody else's.
    """
    CLAIM.apply(claim, "withdraw", by=by)
