"""What is promised of claims, proposed edits and organisations that register themselves, for the service standard."""

from django.utils.translation import gettext_lazy as _

from firms.models import Claim, Organisation, ProposedEdit
from firms.models.organisations import SELF_REGISTERED
from firms.services import claims
from firms.services.edits import PROMISED_WORKING_DAYS
from portal.standards import Course, Promise

PROMISES = (
    Promise(
        key="claim_decided",
        name=_("Claim of a listed firm: decided"),
        starts=_("The claim is submitted with its letter."),
        stops=_("A registry officer accepts or refuses it."),
        course=Course(
            model=Claim,
            running=(Claim.Status.SUBMITTED,),
            begun="submitted_at",
            voids=("withdraw",),
            deadline="escalate",
        ),
        days=lambda: [claims.PROMISED_WORKING_DAYS],
        page="firms:directory",
        order=30,
    ),
    Promise(
        key="edit_decided",
        name=_("Change of a profile: decided"),
        starts=_("A member proposes the change."),
        stops=_("A registry officer has decided every field of it."),
        course=Course(
            model=ProposedEdit,
            running=(ProposedEdit.Status.SUBMITTED,),
            starts=("propose",),
            voids=("withdraw",),
            deadline="escalate",
        ),
        days=lambda: [PROMISED_WORKING_DAYS],
        page="firms:directory",
        order=31,
    ),
    Promise(
        key="registration_verified",
        name=_("Organisation that registered itself: verified"),
        starts=_("It registers itself."),
        stops=_("A registry officer verifies or lists it."),
        course=Course(
            model=Organisation,
            running=(Organisation.Status.INCOMING,),
            begun="created_at",
            voids=("merge",),
            only={"source": SELF_REGISTERED},
        ),
        page="firms:register",
        order=32,
    ),
)
