"""What happened to an opportunity: drafted, submitted, published, matched, withdrawn, each on its day."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from investors.models import Opportunity
from portal.models import StepTaken

type Text = str | Promise


class Moment(NamedTuple):
    """One line of the course, as the component ``timeline`` shows it."""

    title: Text
    at: datetime
    text: Text = ""
    state: str = "done"


TAKEN: Mapping[str, Text] = {
    "submit": pgettext_lazy("opportunity", "Submitted for review"),
    "publish": pgettext_lazy("opportunity", "Published"),
    "return": pgettext_lazy("opportunity", "Returned for changes"),
    "take_down": pgettext_lazy("opportunity", "Taken off the site by staff"),
    "confirm": pgettext_lazy("opportunity", "Confirmed as current"),
    "match": pgettext_lazy("opportunity", "Marked as matched"),
    "revise": pgettext_lazy("opportunity", "Taken back to be revised"),
    "withdraw": pgettext_lazy("opportunity", "Withdrawn"),
    "expire": pgettext_lazy("opportunity", "Expired without a confirmation"),
}
"""What each step is called once it was taken; reminders are no part of the course."""


def course_of(opportunity: Opportunity) -> list[Moment]:
    """Return what happened to it, oldest first, with the reasons that its owner was given; one query.

    Args:
        opportunity: in any status.
    """
    drafted = Moment(pgettext_lazy("opportunity", "Drafted"), opportunity.created_at)
    taken = StepTaken.objects.about(opportunity).filter(step__in=TAKEN)
    return [drafted, *(Moment(TAKEN[step.step], step.at, step.reason) for step in taken)]
