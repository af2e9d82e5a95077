"""What other holidays do to the dates of applications, objections, appeals and reviews, and who hears of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from incentives.models import Appeal, Application, Objection, ReviewAssignment
from incentives.notices import About, ToApplicant
from portal.models import User
from portal.recounting import Dates


def _applicants(application: Application) -> Iterable[User]:
    return ToApplicant().recipients(About(application))


def _title(application: Application) -> Mapping[str, str]:
    programme, number = application.round.programme, application.number or ""
    return {"en": f"{number} {programme.title_en}".strip(), "zh": f"{number} {programme.title_zh}".strip()}


def _page(application: Application) -> tuple[str, dict[str, Any]]:
    return "incentives:application", {"uid": str(application.uid)}


DATES = (
    Dates(
        model=Application,
        # the applicant's time to answer and to appeal, and everybody's to object
        theirs=("lapse", "confirm", Application.APPEAL_PERIOD),
        named={
            "remind": _("end of this step, as promised"),
            "lapse": _("until when you can answer"),
            "confirm": _("end of the public notice"),
            Application.APPEAL_PERIOD: _("until when you can appeal"),
        },
        told=_applicants,
        title=_title,
        page=_page,
    ),
    Dates(  # whoever objects has no account: a promise moves no later than the date they were told
        model=Objection,
        named={"remind": _("decision on the objection, as promised")},
        title=lambda objection: _title(objection.application),
    ),
    Dates(
        model=Appeal,
        named={"remind": _("decision on the appeal, as promised")},
        told=lambda appeal: _applicants(appeal.application),
        title=lambda appeal: _title(appeal.application),
        page=lambda appeal: ("incentives:appeal", {"uid": str(appeal.application.uid)}),
    ),
    Dates(
        model=ReviewAssignment,
        named={"remind_due": _("review due")},
        staff=lambda assignment: [assignment.reviewer],
        title=lambda assignment: _title(assignment.application),
    ),
)
