"""The life of a reviewer's assignment: asked, reminded, done; or ended by a conflict, the manager or the clock."""

from collections.abc import Iterator

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incentives import assigning, rules
from incentives.models import Application, Review, ReviewAssignment
from incentives.notices import About, ReviewReassigned
from incentives.review_notices import (
    ReviewDue,
    ReviewDueSoon,
    ReviewersMissing,
    ReviewRecused,
    ReviewReleased,
    ReviewReplaced,
)
from portal.lifecycle import Change, Lifecycle, Step, StepClosed, Text, by_system
from portal.models import User
from portal.roles import Role, has_role

S = ReviewAssignment.Status
Conflict = ReviewAssignment.Conflict
UNDER_REVIEW = Application.Status.UNDER_REVIEW
_LONGEST = 500


def under_review(assignment: ReviewAssignment) -> Iterator[Text]:
    """Ask for an application that is under review."""
    if assignment.application.status != UNDER_REVIEW:
        yield _("The application is not under review.")


def somebody_is_free(assignment: ReviewAssignment) -> Iterator[Text]:
    """Ask for somebody who can take the place: a late review is better than none."""
    yield from under_review(assignment)
    if not assigning.candidates(assignment.application):
        yield _("Nobody else may review this application.")


def nobody_is_free(assignment: ReviewAssignment) -> Iterator[Text]:
    """Close the step while somebody can take the place."""
    yield from under_review(assignment)
    if assigning.candidates(assignment.application):
        yield _("Somebody else can review this application.")


def is_no_reviewer(assignment: ReviewAssignment) -> Iterator[Text]:
    """Close the step while the person may review: the role may have been given back."""
    if has_role(assignment.reviewer, Role.REVIEWER):
        yield _("The person is a reviewer.")


def review_is_in(assignment: ReviewAssignment) -> Iterator[Text]:
    """Ask for the scores; ``services.write_review`` writes them first."""
    yield from under_review(assignment)
    if not Review.objects.filter(assignment=assignment).exists():
        yield _("Score every item from 0 to 100.")


def declare(change: Change) -> None:
    """Keep the conflict for good, and ask somebody else."""
    change.set(conflict=Conflict.CONFLICTED, conflict_reason=change.reason[:_LONGEST], declared_at=timezone.now())
    _fill_place(change)


def recuse(change: Change) -> None:
    """End the assignment with who ended it and why, and ask whom the manager chose, or who comes next."""
    change.set(ended_at=timezone.now(), ended_by=change.by, ended_reason=change.reason[:_LONGEST])
    _fill_place(change, successor=change.data.get("successor"))


def replace(change: Change) -> None:
    """End the assignment of who is late, or no reviewer any more, and ask somebody else."""
    # A reviewer who is sending the review this moment holds the application: they win, and the sweep looks again.
    held = Application.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=change.obj.application_id)
    if not list(held):
        raise StepClosed(_("Somebody is working on the application."))
    change.set(ended_at=timezone.now())
    _fill_place(change)


def _fill_place(change: Change, successor: User | None = None) -> None:
    """Ask somebody for the place that becomes free; where nobody can, tell the managers and the head."""
    application: Application = change.obj.application
    if application.status != UNDER_REVIEW:
        return
    chosen = None
    if successor is not None:
        chosen, by = [successor], change.by
        if successor not in assigning.candidates(application):
            raise StepClosed(_("Choose somebody who may review this application."))
    else:
        by = None
    if made := assigning.assign(application, chosen=chosen, by=by, leaving=1):
        ReviewReassigned().tell(About(application, made))
    if assigning.missing(application, leaving=1):
        ReviewersMissing().tell(change)


# fmt: off -- a row a step, so that the table stays on one screen
ASSIGNMENT = Lifecycle(
    ReviewAssignment,
    {S.WAITING},
    Step("score", {S.WAITING}, S.DONE, may=rules.reviews, label=_("Send the review"), guard=review_is_in),
    Step(
        "conflict",
        {S.WAITING, S.DONE},
        S.CONFLICTED,
        may=rules.reviews,
        label=_("Declare a conflict of interest"),
        do=declare,
    ),
    Step(
        "recuse",
        {S.WAITING, S.DONE},
        S.RECUSED,
        may=rules.recuses,
        label=_("Recuse"),
        guard=under_review,
        do=recuse,
        tell=(ReviewRecused,),
        needs_reason=True,
    ),
    Step("remind_soon", {S.WAITING}, None, may=by_system, label=_("Remind"), guard=under_review, tell=(ReviewDueSoon,)),
    Step("remind_due", {S.WAITING}, None, may=by_system, label=_("Remind"), guard=under_review, tell=(ReviewDue,)),
    Step(
        "replace",
        {S.WAITING},
        S.REPLACED,
        may=by_system,
        label=_("Replace"),
        guard=somebody_is_free,
        do=replace,
        tell=(ReviewReplaced,),
    ),
    Step(
        "release",
        {S.WAITING},
        S.RELEASED,
        may=by_system,
        label=_("Release"),
        guard=is_no_reviewer,
        do=replace,
        tell=(ReviewReleased,),
    ),
    Step(
        "report_missing",
        {S.WAITING},
        None,
        may=by_system,
        label=_("Report that nobody can take the place"),
        guard=nobody_is_free,
        tell=(ReviewersMissing,),
    ),
)
# fmt: on
pgtrigger.register(ASSIGNMENT.trigger())(ReviewAssignment)
