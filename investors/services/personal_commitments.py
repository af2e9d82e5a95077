"""What commitments hold about the people to whom they were made, and how it is erased."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from investors.commitment_lifecycle import COMMITMENT
from investors.models import Commitment
from portal.lifecycle import SYSTEM
from portal.models import User
from portal.notices import erase_words
from portal.personal_data import Part, contribute


def commitments_to(user: User) -> list[dict[str, Any]]:
    """Return the commitments made to a person, as the person reads them, in values of JSON."""
    found = Commitment.objects.filter(person=user).select_related("owner", "organisation").order_by("pk")
    return [
        {
            "reference": one.reference,
            "to": one.organisation.title if one.organisation else None,
            "text_zh": one.text_zh,
            "text_en": one.text_en,
            "owner": one.owner.name,
            "made_at": one.made_at,
            "due_on": one.due_on,
            "status": one.status,
            "settled_at": one.settled_at,
            "evidence": one.evidence,
            "reasons": one.reasons,
            "next_step": one.next_step,
            "objection": one.objection,
            "objection_answer": one.objection_answer,
        }
        for one in found
    ]


def erase_commitments(user: User) -> int:
    """Release what is open to a person alone, erase the words of all of it, and return how many.

    What was promised to an organisation stays: it is the organisation's.
    """
    number = 0
    for commitment in Commitment.objects.filter(person=user, organisation=None, erased_at=None).order_by("pk"):
        if commitment.status == Commitment.Status.OPEN:
            COMMITMENT.apply(commitment, "release", by=user)
        COMMITMENT.apply(commitment, "forget", by=SYSTEM)
        erase_words(commitment, "beneficiary", "promise", "evidence", "reasons", "next_step", "answer")
        number += 1
    return number


def contribute_all() -> None:
    """Add the part that holds the commitments."""
    contribute(Part("commitments", _("Commitments of the district to you"), commitments_to, erase_commitments))
