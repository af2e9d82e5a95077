"""What the steps of an application do besides changing its status."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from incentives import assigning, conditions, declarations, flagging, lapsing, ledger, questions
from incentives.facts import lazy_money
from incentives.models import (
    Application,
    Approval,
    Award,
    Budget,
    ChangeRequest,
    Recommendation,
    Screening,
    Snapshot,
)
from incentives.submissions import content_of_submission
from portal import clock, deadlines
from portal.lifecycle import Change, NotAllowed, StepClosed
from portal.models import User

Status = Application.Status

PROMISED_WORKING_DAYS = {
    Status.SUBMITTED: 5,
    Status.UNDER_REVIEW: 15,
    Status.RECOMMENDED: 5,
    Status.FIRST_APPROVED: 5,
}
"""How long each part of the work of the district should take; the applicant sees the date."""

ESCALATED_AFTER = 3
"""So many working days after a promised date the head hears what is stuck, and with whom."""

CHECKLIST = {
    "identity": _("The applicant is who it says it is"),
    "answers": _("The answers are complete and to the point"),
    "documents": _("The documents are readable and current"),
    "funding": _("Other public funding is declared"),
}
"""What the screening officer ticks off before accepting."""


def _person(change: Change) -> User:
    """Return who takes a step that only a person takes."""
    if change.by is None:
        raise NotAllowed(_("You may not take this step."))
    return change.by


def _promise(change: Change) -> None:
    """Set the date by which the next step is promised."""
    days = PROMISED_WORKING_DAYS[Status(change.target)]
    deadlines.set_deadline(change.obj, "remind", working_days=days, while_status=change.target)
    deadlines.set_deadline(change.obj, "escalate", working_days=days + ESCALATED_AFTER, while_status=change.target)


def submit(change: Change) -> None:
    """Give the number, keep what was submitted, promise a date."""
    application = change.obj
    key = change.data.get("key")
    if not isinstance(key, UUID) or declarations.missing(change.data.get("declared") or ()):
        raise StepClosed(_("Make each declaration."))
    received = conditions.moment()  # what the deadline is asked of, however long the rest takes
    change.set(number=application.number or _next_number(), submitted_at=received)
    application.documents.filter(slug__in=questions.files_not_asked(application)).update(replaced=True)
    content, sha256 = content_of_submission(application)
    Snapshot.objects.create(
        application=application, content=content, sha256=sha256, key=key, by=_person(change), at=received
    )
    flagging.raise_flags(change.obj)
    _promise(change)


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('incentives_application_number')")
        number: int = cursor.fetchone()[0]
    return f"YP-{timezone.localdate(timezone=clock.SHANGHAI).year}-{number:06d}"


def give_back(change: Change) -> None:
    """Write down what to change in which section, and until when."""
    sections = change.data.get("sections")
    days = change.data.get("working_days")
    known = {slug for slug, _title in conditions.section_titles(change.obj)} | {"documents"}
    if not isinstance(sections, dict) or not sections or sections.keys() - known:
        raise StepClosed(_("Say in at least one section what to change."))
    if not isinstance(days, int) or not 1 <= days <= 60:  # noqa: PLR2004
        raise StepClosed(_("Give a deadline of 1 to 60 working days."))
    for section, reason in sections.items():
        ChangeRequest.objects.create(application=change.obj, section=section, reason=reason, by=_person(change))
    deadlines.set_deadline(change.obj, "lapse", working_days=days, while_status=change.target)
    lapsing.set_reminder(change.obj, change.target)


def accept(change: Change) -> None:
    """Record the checks and assign reviewers."""
    checked_on, source = change.data.get("credit_checked_on"), str(change.data.get("credit_source") or "").strip()
    checklist = change.data.get("checklist") or []
    if set(checklist) != set(CHECKLIST):
        raise StepClosed(_("Tick off the whole checklist."))
    if not isinstance(checked_on, date) or not source:
        raise StepClosed(_("Record the credit check with its date and source."))
    if checked_on > timezone.localdate(timezone=clock.SHANGHAI):
        raise StepClosed(_("The date of the credit check lies ahead."))
    Screening.objects.create(
        application=change.obj,
        checklist=sorted(checklist),
        credit_checked_on=checked_on,
        credit_source=source,
        by=_person(change),
    )
    flagging.raise_flags(change.obj, owner=_person(change))
    assigning.assign(change.obj)
    if missing := assigning.missing(change.obj):
        raise StepClosed(
            format_lazy(_("Reviewers without conflict of interest are missing: {number}."), number=missing)
        )
    _promise(change)


def recommend(change: Change) -> None:
    """Write down the terms."""
    amount = change.data.get("amount")
    most = conditions.most_allowed(change.obj)
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount <= 0:
        raise StepClosed(_("Give an amount above zero."))
    if amount > most:
        raise StepClosed(format_lazy(_("No more than {amount} can be given now."), amount=lazy_money(most)))
    Recommendation.objects.create(
        application=change.obj,
        amount=amount,
        conditions=str(change.data.get("conditions") or ""),
        reasons=change.reason,
        recommended_by=_person(change),
    )
    flagging.raise_flags(change.obj, owner=_person(change))
    assigning.stop_clocks(change.obj)
    _promise(change)


def send_back(change: Change) -> None:
    """Void the recommendation with its approvals."""
    _void(change)
    assigning.start_clocks(change.obj)
    _promise(change)


def first_approve(change: Change) -> None:
    """Record the first of two approvals, with its meeting."""
    meeting, minutes = (str(change.data.get(name) or "").strip() for name in ("meeting", "minutes"))
    if not meeting or not minutes:
        raise StepClosed(_("Give the meeting and the reference of its minutes."))
    _consent(change, Approval.Stage.FIRST, meeting=meeting, minutes=minutes)
    _promise(change)


def approve(change: Change) -> None:
    """Consent to the terms, reserve the money, begin the public notice."""
    Organisation.objects.select_for_update().get(pk=change.obj.organisation_id)  # the cap per firm, one at a time
    change.obj.round.budget = Budget.objects.get(
        round=change.obj.round_id
    )  # as it is now; the ledger's trigger locks it
    if reasons := list(conditions.ready_to_approve(change.obj)):
        raise StepClosed(*reasons)
    meeting, minutes = (str(change.data.get(name) or "").strip() for name in ("meeting", "minutes"))
    consent = _consent(change, Approval.Stage.FINAL, meeting=meeting, minutes=minutes)
    ledger.reserve(change.obj, consent.recommendation.amount, by=change.by, key=f"reserve:{consent.pk}")
    days = change.obj.programme_version.notice_days
    deadlines.set_deadline(change.obj, "confirm", working_days=days, while_status=change.target)


def _consent(change: Change, stage: Approval.Stage, *, meeting: str, minutes: str) -> Approval:
    terms = conditions.live_recommendation(change.obj)
    if terms is None:
        raise StepClosed(_("There is no recommendation."))
    return Approval.objects.create(
        application=change.obj,
        recommendation=terms,
        stage=stage,
        approver=_person(change),
        terms_hash=terms.terms_hash,
        meeting=meeting,
        minutes=minutes,
    )


def confirm(change: Change) -> None:
    """Make the offer, which stands for some days."""
    days = change.obj.programme_version.offer_days
    deadlines.set_deadline(change.obj, "lapse", working_days=days, while_status=change.target)
    lapsing.set_reminder(change.obj, change.target)


def accept_offer(change: Change) -> None:
    """Commit the money and make the award."""
    terms = conditions.live_recommendation(change.obj)
    if terms is None:
        raise StepClosed(_("There is no recommendation."))
    ledger.commit(change.obj, by=change.by, key=f"commit:{terms.pk}")
    Award.objects.create(application=change.obj, amount=terms.amount)


def end(change: Change) -> None:
    """Give back what is reserved and void the terms; nobody is waited for any more."""
    assigning.stop_clocks(change.obj)
    terms = conditions.live_recommendation(change.obj)
    ledger.release(change.obj, by=change.by, key=f"release:{terms.pk if terms else 0}")
    _void(change)


def decline(change: Change) -> None:
    """End it, and fix until when the applicant can appeal: once, as the letter says."""
    end(change)
    if not conditions.was_reopened(change.obj):
        days = change.obj.programme_version.appeal_days
        deadlines.set_deadline(change.obj, Application.APPEAL_PERIOD, working_days=days, while_status=change.target)


def reopen(change: Change) -> None:
    """Begin the review again, with reviewers enough."""
    assigning.start_clocks(change.obj)
    assigning.assign(change.obj)
    _promise(change)


def _void(change: Change) -> None:
    change.obj.recommendations.filter(voided_at=None).update(voided_at=timezone.now())
