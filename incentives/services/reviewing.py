"""Reviews: the declaration first, then the scores; drafts of them; and what the manager decides about reviewers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incentives import assigning, conditions, rules
from incentives.models import Application, Review, ReviewAssignment, ReviewDraft
from incentives.notices import About, ReviewReassigned, ReviewsComplete
from incentives.review_lifecycle import ASSIGNMENT
from portal import deadlines, work
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User
from portal.roles import Role, has_role

Conflict = ReviewAssignment.Conflict
Status = ReviewAssignment.Status


class StaleReviewError(Exception):
    """The draft was saved in another window meanwhile; ``saved`` is what stands there now, if anything."""

    def __init__(self, saved: ReviewDraft) -> None:
        self.saved = saved
        super().__init__(f"version {saved.version} is newer")


def _lock(assignment: ReviewAssignment, by: User | None = None) -> ReviewAssignment:
    """Lock the application, then the assignment: every step does it in this order."""
    Application.objects.select_for_update(of=("self",)).get(pk=assignment.application_id)
    locked = ReviewAssignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if by is not None and locked.reviewer_id != by.pk:
        raise NotAllowed(_("This review is not yours."))
    return locked


@transaction.atomic
def declare_conflict(*, assignment: ReviewAssignment, by: User, conflicted: bool, reason: str = "") -> ReviewAssignment:
    """Record whether a reviewer has a conflict of interest; another takes the place of one who has.

    Args:
        assignment: the reviewer's own.
        by: the reviewer.
        conflicted: whether there is a conflict; this is never undone.
        reason: what the conflict is.

    Raises:
        NotAllowed: the assignment is another's.
        StepClosed: a conflict was declared before, or the assignment has ended.
    """
    locked = _lock(assignment, by)
    if locked.status not in ReviewAssignment.COUNTING or (locked.conflict == Conflict.NONE and not conflicted):
        raise StepClosed(_("You have declared already."))
    if conflicted:
        changed: ReviewAssignment = ASSIGNMENT.apply(locked, "conflict", by=by, reason=reason).obj
        return changed
    locked.conflict, locked.declared_at = Conflict.NONE, timezone.now()
    locked.save(update_fields=["conflict", "declared_at"])
    return locked


@transaction.atomic
def write_review(*, assignment: ReviewAssignment, by: User, scores: Mapping[str, int], comment: str) -> Review:
    """Record a reviewer's scores, once.

    Args:
        assignment: the reviewer's own, with no conflict declared.
        by: the reviewer.
        scores: for each item of the rubric, 0 to 100.
        comment: why.

    Raises:
        NotAllowed: the assignment is another's.
        StepClosed: no declaration, already reviewed, not under review, or scores that do not fit.
    """
    locked = _lock(assignment, by)
    _still_waiting(locked)
    rubric = {item["slug"]: item["weight"] for item in locked.application.content["rubric"]}
    if scores.keys() != rubric.keys() or not all(0 <= score <= 100 for score in scores.values()):  # noqa: PLR2004
        raise StepClosed(_("Score every item from 0 to 100."))
    if not comment.strip():
        raise StepClosed(_("Say why."))
    total = sum((Decimal(scores[slug]) * weight for slug, weight in rubric.items()), Decimal(0)) / 100
    review = Review.objects.create(assignment=locked, scores=dict(scores), total=total, comment=comment.strip())
    ASSIGNMENT.apply(locked, "score", by=by)
    if not any(conditions.reviews_enough(Application.objects.get(pk=locked.application_id))):
        ReviewsComplete().tell(About(locked.application))
    return review


def _still_waiting(assignment: ReviewAssignment) -> None:
    if assignment.status in {Status.REPLACED, Status.RECUSED, Status.RELEASED}:
        raise StepClosed(_("Somebody else reviews this application now."))
    if assignment.conflict != Conflict.NONE:
        raise StepClosed(_("Declare first whether there is a conflict of interest."))
    if assignment.status == Status.DONE:
        raise StepClosed(_("You have reviewed this application already."))
    if assignment.application.status != Application.Status.UNDER_REVIEW:
        raise StepClosed(_("The application is not under review."))


@transaction.atomic
def save_review_draft(
    *, assignment: ReviewAssignment, by: User, scores: Mapping[str, str], comment: str, version: int
) -> ReviewDraft:
    """Keep what a reviewer has typed so far, as it is; it counts for nothing until it is sent.

    Args:
        assignment: the reviewer's own, with no conflict declared.
        by: the reviewer.
        scores: what was typed for each item of the rubric.
        comment: what was typed as comment.
        version: how often the draft had been saved when its page was shown; 0 for never.

    Raises:
        NotAllowed: the assignment is another's.
        StepClosed: no review is waited for.
        StaleReviewError: it was saved in another window meanwhile.
    """
    locked = _lock(assignment, by)
    _still_waiting(locked)
    draft = ReviewDraft.objects.filter(assignment=locked).first() or ReviewDraft(assignment=locked, version=0)
    if draft.version != version:
        raise StaleReviewError(draft)
    draft.scores, draft.comment, draft.version, draft.saved_at = dict(scores), comment, version + 1, timezone.now()
    draft.save()
    return draft


@transaction.atomic
def recuse_reviewer(
    *, assignment: ReviewAssignment, by: User, reason: str, successor: User | None = None
) -> ReviewAssignment:
    """Take a review from its reviewer; somebody else takes the place.

    Args:
        assignment: in force, of an application under review.
        by: a programme manager, not the reviewer.
        reason: why; the reviewer and the file keep it.
        successor: one of those who may review; otherwise the first of them.

    Raises:
        NotAllowed: ``by`` may not.
        StepClosed: it has ended, or the successor may not review.
    """
    locked = _lock(assignment)
    data: dict[str, Any] = {"successor": successor} if successor else {}
    changed: ReviewAssignment = ASSIGNMENT.apply(locked, "recuse", by=by, reason=reason, **data).obj
    return changed


@transaction.atomic
def choose_reviewer(*, application: Application, reviewer: User, by: User) -> ReviewAssignment:
    """Ask a reviewer whom the manager chose, where one is missing.

    Args:
        application: under review, with fewer reviewers than it needs.
        reviewer: one of those who may review.
        by: a programme manager.

    Raises:
        NotAllowed: ``by`` may not.
        StepClosed: nobody is missing, the application is not under review, or that person may not review.
    """
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not rules.manages(by, locked):
        raise NotAllowed(_("You may not take this step."))
    if locked.status != Application.Status.UNDER_REVIEW:
        raise StepClosed(_("The application is not under review."))
    if not assigning.missing(locked):
        raise StepClosed(_("No reviewer is missing."))
    if reviewer not in assigning.candidates(locked):
        raise StepClosed(_("Choose somebody who may review this application."))
    made = assigning.assign(locked, chosen=[reviewer], by=by)
    ReviewReassigned().tell(About(locked, made))
    return made[0]


def release_reviews(user: User) -> None:
    """Let go who is no reviewer any more: as soon as a worker has them, others are asked for what they had to review.

    Args:
        user: whose roles may have changed.
    """
    if has_role(User.objects.get(pk=user.pk), Role.REVIEWER):
        return
    for assignment in ReviewAssignment.objects.filter(reviewer=user, status=Status.WAITING):
        deadlines.set_deadline_at(assignment, "release", due_at=timezone.now(), while_status=Status.WAITING)
    work.wake("deadlines")
