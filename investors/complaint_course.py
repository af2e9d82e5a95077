"""How complaints are shown: tones of statuses, what happened and what comes by when."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from investors.models import Complaint
from investors.presentation import Moment, Text
from portal import local_form
from portal.models import StepTaken

COMPLAINT_TONES = {
    "received": "blue", "supplement": "amber", "accepted": "blue", "refused": "red", "closed": "grey",
}  # fmt: skip

_COURSE: dict[str, Text] = {
    "receive": pgettext_lazy("complaint", "Received"),
    "request_supplement": gettext_lazy("Missing material asked for"),
    "supplement": gettext_lazy("Missing material sent"),
    "accept": pgettext_lazy("complaint", "Accepted"),
    "refuse": pgettext_lazy("complaint", "Not accepted"),
    "extend": gettext_lazy("Handling extended, with reasons"),
    "escalate_decide": gettext_lazy("Decision overdue: reported to the head of service"),
    "escalate_close": gettext_lazy("Outcome overdue: reported to the head of service"),
    "close": pgettext_lazy("complaint", "Closed"),
    "withdraw": pgettext_lazy("complaint", "Withdrawn"),
}


def course_of(complaint: Complaint) -> list[Moment]:
    """Return what happened to a complaint, as far as the complainant is told, and what comes next by when."""
    taken = StepTaken.objects.about(complaint).filter(step__in=_COURSE)
    return [*(Moment(_COURSE[step.step], at=step.at) for step in taken), *_ahead(complaint)]


def _ahead(complaint: Complaint) -> Iterator[Moment]:
    if complaint.due_at is None:
        return
    when = _("by %(day)s") % {"day": local_form.day(complaint.due_at)}
    late = _("We are late. The head of service is told of it by itself.") if complaint.is_overdue else ""
    if complaint.status == Complaint.Status.SUPPLEMENT:
        yield Moment(_("You send what is missing"), "current", None, when)
        yield Moment(_("Decision whether the complaint is accepted"), "ahead")
    if complaint.status == Complaint.Status.RECEIVED:
        yield Moment(_("Decision whether the complaint is accepted"), "current", None, when, late)
        yield Moment(_("Outcome in writing"), "ahead", None, _("within 60 working days of acceptance"))
    if complaint.status == Complaint.Status.ACCEPTED:
        yield Moment(_("Outcome in writing"), "current", None, when, late)
