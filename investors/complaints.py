"""What complaints contribute to the core: rights, the desk, the register of promises, what is confidential."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from investors import complaint_clocks
from investors.complaint_course import COMPLAINT_TONES
from investors.complaint_lifecycle import COMPLAINT
from investors.models import ComplainedOf, Complaint, ComplaintMessage
from investors.services import complaint_data
from portal import confidential, desk, recounting, standards
from portal.desk import DeskItem, DeskLink
from portal.models import Deadline, User
from portal.permissions import allow
from portal.recounting import Dates
from portal.roles import Role, has_role
from portal.standards import Course, Promise

MOST = 20
REGISTER = "investors.view_complainedof"
"""The right to open the register; which rows it shows, ``in_register_of`` says."""


def complaints_to_handle(user: User) -> Iterator[DeskItem]:
    """Yield what an officer has to handle; for the head also what nobody has, and what is overdue."""
    if not has_role(user, Role.INVESTMENT, Role.HEAD):
        return
    seen = Complaint.objects.visible_to(user).exclude(complainant=user).open().with_next_due()
    wanted = Q(handler=user)
    if has_role(user, Role.HEAD):
        wanted |= Q(handler=None) | Q(pk__in=Complaint.objects.overdue().values("pk"))
    for complaint in seen.filter(wanted).order_by(F("next_due").asc(nulls_last=True), "pk")[:MOST]:
        yield DeskItem(
            title=complaint.reference,
            url=reverse("admin:investors_complaint_change", args=[complaint.pk]),
            due_at=complaint.due_at,
            status=complaint.get_status_display(),
            tone="red" if complaint.is_overdue else "blue",
        )


def own_complaints(user: User) -> Iterator[DeskItem]:
    """Yield a complainant's open complaints."""
    for complaint in Complaint.objects.sent_by(user).open()[:MOST]:
        yield DeskItem(
            title=complaint.subject,
            url=complaint.get_absolute_url(),
            detail=complaint.reference,
            due_at=complaint.due_at,
            status=complaint.get_status_display(),
            tone=COMPLAINT_TONES[complaint.status],  # type: ignore[arg-type]
        )


def links(user: User) -> Iterator[DeskLink]:
    """Yield where those who have complained find their complaints."""
    if Complaint.objects.sent_by(user).exists():
        yield DeskLink(_("My complaints"), reverse("investors:complaints"))


def _keep(complaint: Complaint, open_deadlines: Mapping[str, Deadline]) -> None:
    """Repeat the moments on the complaint, of which its pages read them."""
    columns = {"escalate_decide": "decide_due", "supplement_missing": "supplement_due", "escalate_close": "close_due"}
    due = {column: open_deadlines[step].due_at for step, column in columns.items() if step in open_deadlines}
    estimated = any(row.estimated for row in open_deadlines.values())
    Complaint.objects.filter(pk=complaint.pk).update(**due, due_estimated=estimated)


DATES = Dates(
    model=Complaint,
    theirs=("remind_supplement", "supplement_missing"),
    named={
        "escalate_decide": _("decision on acceptance, as promised"),
        "supplement_missing": _("missing material"),
        "escalate_close": _("outcome, as promised"),
    },
    told=lambda complaint: [complaint.complainant],
    staff=lambda complaint: [complaint.handler] if complaint.handler else [],
    title=lambda complaint: {"en": complaint.reference, "zh": complaint.reference},
    page=lambda complaint: ("investors:complaint", {"reference": complaint.reference}),
    follow=_keep,
)

_KINDS: dict[str, Any] = {kind.value: kind.label for kind in Complaint.Kind}
PROMISES = (
    Promise(
        key="complaint_decided",
        name=_("Complaint: accepted, or refused with reasons"),
        starts=_("The complaint, or material that was missing, is received."),
        stops=_("It is accepted, or refused with reasons. While missing material is waited for, the clock stands."),
        course=Course(
            model=Complaint,
            running=(Complaint.Status.RECEIVED,),
            paused=(Complaint.Status.SUPPLEMENT,),
            starts=("receive",),
            voids=("withdraw",),
            deadline="escalate_decide",
            part="kind",
        ),
        days=lambda: [complaint_clocks.DECIDE_DAYS],
        page="investors:about_complaints",
        parts=_KINDS,
        order=15,
    ),
    Promise(
        key="complaint_closed",
        name=_("Complaint: closed with an outcome in writing"),
        starts=_("The complaint is accepted."),
        stops=_("It is closed. An extension with reasons moves the promised day."),
        course=Course(
            model=Complaint,
            running=(Complaint.Status.ACCEPTED,),
            voids=("withdraw",),
            deadline="escalate_close",
            part="kind",
        ),
        days=lambda: [complaint_clocks.CLOSE_DAYS],
        page="investors:about_complaints",
        parts=_KINDS,
        order=16,
    ),
)


def contribute() -> None:
    """Tell the core all of it."""
    assert COMPLAINT.model is Complaint  # noqa: S101 -- its lifecycle is read with it
    for role in (Role.INVESTMENT, Role.HEAD, Role.AUDITOR):
        allow(role, "investors.view_complaint")
    for role in (Role.HEAD, Role.AUDITOR):
        allow(role, REGISTER)
    confidential.keep(Complaint, ComplainedOf, ComplaintMessage, notices="investors.complaint_")
    desk.contribute(complaints_to_handle, heading=_("Complaints to handle"), order=25)
    desk.contribute(own_complaints, heading=_("My complaints"), order=61)
    desk.contribute_links(links, order=61)
    recounting.contribute(DATES)
    standards.contribute(*PROMISES)
    complaint_data.contribute()
