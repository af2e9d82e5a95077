"""What is promised of applications, objections and appeals, for the service standard."""

from django.utils.translation import gettext_lazy as _

from incentives.effects import PROMISED_WORKING_DAYS
from incentives.models import Appeal, Application, Objection
from incentives.services.appealing import APPEAL_WORKING_DAYS
from incentives.services.objecting import OBJECTION_WORKING_DAYS
from portal.standards import Course, Promise

_S = Application.Status
_ENDED_BY_OTHERS = ("withdraw", "lapse")
_PAGE = "incentives:programmes"

PROMISES = (
    Promise(
        key="application_screened",
        name=_("Application: screened"),
        starts=_("The application is submitted, also again after it was returned."),
        stops=_("It goes to the reviewers, is returned with what to change, or is declined."),
        course=Course(model=Application, running=(_S.SUBMITTED,), voids=_ENDED_BY_OTHERS, deadline="remind"),
        days=lambda: [PROMISED_WORKING_DAYS[_S.SUBMITTED]],
        page=_PAGE,
        order=20,
    ),
    Promise(
        key="application_reviewed",
        name=_("Application: reviewed"),
        starts=_("The application goes to the reviewers."),
        stops=_("It is recommended with its terms, or declined."),
        course=Course(model=Application, running=(_S.UNDER_REVIEW,), voids=_ENDED_BY_OTHERS, deadline="remind"),
        days=lambda: [PROMISED_WORKING_DAYS[_S.UNDER_REVIEW]],
        page=_PAGE,
        order=21,
    ),
    Promise(
        key="application_decided",
        name=_("Application: decided"),
        starts=_("The application is recommended."),
        stops=_("It is approved, sent back to the reviewers, or declined; large amounts are approved twice."),
        course=Course(
            model=Application,
            running=(_S.RECOMMENDED, _S.FIRST_APPROVED),
            voids=_ENDED_BY_OTHERS,
            deadline="remind",
        ),
        days=lambda: [
            PROMISED_WORKING_DAYS[_S.RECOMMENDED],
            PROMISED_WORKING_DAYS[_S.RECOMMENDED] + PROMISED_WORKING_DAYS[_S.FIRST_APPROVED],
        ],
        page=_PAGE,
        order=22,
    ),
    Promise(
        key="application_whole",
        name=_("Application: from submission to decision"),
        starts=_("The application is submitted."),
        stops=_("It is approved or declined. The time in which it is returned to the applicant does not count."),
        course=Course(
            model=Application,
            running=(_S.SUBMITTED, _S.UNDER_REVIEW, _S.RECOMMENDED, _S.FIRST_APPROVED),
            paused=(_S.RETURNED,),
            voids=_ENDED_BY_OTHERS,
        ),
        page=_PAGE,
        order=23,
    ),
    Promise(
        key="objection_decided",
        name=_("Objection to a public notice: decided"),
        starts=_("The objection is received."),
        stops=_("It is upheld or dismissed."),
        course=Course(
            model=Objection, running=(Objection.Status.OPEN,), begun="created_at", voids=("end",), deadline="remind"
        ),
        days=lambda: [OBJECTION_WORKING_DAYS],
        page="incentives:public_notices",
        order=24,
    ),
    Promise(
        key="appeal_decided",
        name=_("Appeal against a declined application: decided"),
        starts=_("The appeal is received."),
        stops=_("It is upheld, or rejected with reasons."),
        course=Course(model=Appeal, running=(Appeal.Status.RECEIVED,), starts=("receive",), deadline="remind"),
        days=lambda: [APPEAL_WORKING_DAYS],
        page=_PAGE,
        order=25,
    ),
)
