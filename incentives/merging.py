"""What of the incentives stands in the way when two organisations are merged, and what is to be known before."""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Min, Q, Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.merging import Finding, Fold, contribute_check, contribute_fold
from firms.models import Membership, Organisation
from incentives.conditions import Status
from incentives.facts import lazy_money
from incentives.models import Application, ReviewAssignment
from portal.lifecycle import Text
from portal.models import User

_HOLDING = (Status.PUBLIC_NOTICE, Status.OFFERED, Status.ACTIVE)


def contribute() -> None:
    """Add the checks of the incentives."""
    contribute_fold(Application, Fold(refuses=_both_applied))
    contribute_check(judged_by_members)
    contribute_check(above_the_cap)


def _both_applied(kept: Application, gone: Application) -> Text:
    sentence = _("Both applied in “{round}” of “{programme}”: {kept} and {gone}. Withdraw one of the two first.")
    return format_lazy(sentence, round=kept.round, programme=kept.round.programme, kept=_named(kept), gone=_named(gone))


def _named(application: Application) -> Text:
    number, status = application.number, application.get_status_display()
    return f"{number} ({status})" if number else status


def judged_by_members(survivor: Organisation, going: Organisation) -> Iterator[Finding]:
    """Yield who reviewed, recommended or approved a live application of one and is a member of the other."""
    for one, other in ((survivor, going), (going, survivor)):
        members = Membership.objects.filter(organisation=other, is_active=True).values("user")
        judged = (
            Q(assignments__reviewer__in=members, assignments__status__in=ReviewAssignment.COUNTING)
            | Q(recommendations__recommended_by__in=members, recommendations__voided_at=None)
            | Q(approvals__approver__in=members, approvals__voided_at=None)
        )
        for application in Application.objects.live().filter(judged, organisation=one).distinct():
            people = User.objects.filter(pk__in=members).filter(
                Q(review_assignments__application=application)
                | Q(pk__in=application.recommendations.values("recommended_by"))
                | Q(pk__in=application.approvals.values("approver"))
            )
            sentence = _(
                "{person} takes part in deciding {application} and belongs to the other organisation. "
                "Let someone else decide it, or end the membership."
            )
            names = ", ".join(person.name for person in people.distinct())
            yield Finding(format_lazy(sentence, person=names, application=application.number or ""), application)


def above_the_cap(survivor: Organisation, going: Organisation) -> Iterator[Finding]:
    """Yield the programmes under which the live awards of both come to more than one firm may hold."""
    held = Application.objects.filter(organisation__in=[survivor, going], status__in=_HOLDING)
    sums = (
        held.filter(recommendations__voided_at=None)
        .values("round__programme")
        .annotate(total=Sum("recommendations__amount"), cap=Min("programme_version__cap_firm"))
    )
    for row in sums.order_by("round__programme"):
        cap: Decimal = row["cap"]
        if row["total"] > cap:
            programme = held.filter(round__programme=row["round__programme"]).select_related("round__programme")[0]
            sentence = _(
                "Under “{programme}” the two hold {total} together; one firm may hold {cap}. What was awarded stays: "
                "tell the programme manager."
            )
            yield Finding(
                format_lazy(
                    sentence, programme=programme.round.programme, total=lazy_money(row["total"]), cap=lazy_money(cap)
                ),
                stops=False,
            )
