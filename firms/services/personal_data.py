"""What the registry holds about the people who act for organisations, and how it is erased."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from firms.lifecycle import CLAIM, LETTER
from firms.models import Claim, Membership, ProposedEdit
from portal.documents import erase_documents
from portal.models import Document, Notice, User
from portal.models.consents import ERASED
from portal.notices import erase_words
from portal.personal_data import Part, contribute


def _held(user: User) -> dict[str, Any]:
    return {
        "memberships": [
            {
                "organisation": membership.organisation.title,
                "role": membership.role,
                "active": membership.is_active,
                "since": membership.created_at,
            }
            for membership in Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
        ],
        "claims": [
            {
                "organisation": claim.organisation.title,
                "position": claim.position,
                "telephone": claim.telephone,
                "status": claim.status,
                "submitted_at": claim.submitted_at,
                "decided_at": claim.decided_at,
                "reason": claim.reason,
            }
            for claim in Claim.objects.filter(claimant=user).select_related("organisation").order_by("pk")
        ],
        "proposed_edits": [
            {"organisation": edit.organisation.title, "status": edit.status}
            for edit in ProposedEdit.objects.filter(proposed_by=user).select_related("organisation").order_by("pk")
        ],
    }


def _erase(user: User) -> int:
    """End memberships, take back open claims, erase what claims say of the person.

    The letter of an accepted claim stays, without its name: it proves who could sign for the organisation.
    """
    for claim in Claim.objects.filter(claimant=user, status=Claim.Status.SUBMITTED):
        CLAIM.apply(claim, "withdraw", by=user)
    claims = Claim.objects.filter(claimant=user).order_by("pk")
    for claim in claims:
        letters = Document.objects.about(claim).filter(purpose=LETTER)
        if claim.status != Claim.Status.ACCEPTED:
            erase_documents(letters)
        letters.exclude(name=ERASED).update(name=ERASED)
    claims.exclude(position=ERASED, telephone="").update(position=ERASED, telephone="")
    _erase_notices(claims)
    ended = Membership.objects.filter(user=user, is_active=True).update(is_active=False)
    return ended + len(claims)


def _erase_notices(claims: Any) -> None:
    """Officers were told who claimed."""
    for claim in claims:
        erase_words(claim, "claimant")
    events = [f"firms.claim_submitted:{claim.pk}" for claim in claims]
    for notice in Notice.objects.filter(event__in=events):
        notice.context = {**notice.context, "claimant": ERASED}
        notice.save(update_fields=["context"])


def alone_in(user: User) -> Iterator[Membership]:
    """Yield the memberships in which nobody else could sign for the organisation."""
    signing = Membership.objects.active().filter(role=Membership.Role.SIGNATORY)
    for membership in signing.filter(user=user).select_related("organisation").order_by("pk"):
        if not signing.filter(organisation=membership.organisation_id).exclude(pk=membership.pk).exists():
            yield membership


def contribute_all() -> None:
    """Add the part that holds memberships and claims."""
    contribute(Part("organisations", _("Organisations you act for"), _held, _erase))
