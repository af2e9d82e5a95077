"""Reviews: the declaration first, then the scores."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incentives import assigning, conditions
from incentives.models import Application, Review, ReviewAssignment
from incentives.notices import About, ReviewReassigned, ReviewsComplete
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

Conflict = ReviewAssignment.Conflict


def _lock(assignment: ReviewAssignment, by: User) -> ReviewAssignment:
    """Lock the application, then the assignment: every step does it in this order."""
    Application.objects.select_for_update().get(pk=assignment.application_id)
    locked = ReviewAssignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if locked.reviewer_id != by.pk:
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
        StepClosed: a conflict was declared before.
    """
    locked = _lock(assignment, by)
    if locked.conflict == Conflict.CONFLICTED or (locked.conflict == Conflict.NONE and not conflicted):
        raise StepClosed(_("You have declared already."))
    locked.conflict = Conflict.CONFLICTED if conflicted else Conflict.NONE
    locked.conflict_reason = reason.strip() if conflicted else ""
    locked.declared_at = timezone.now()
    locked.save(update_fields=["conflict", "conflict_reason", "declared_at"])
    if conflicted and locked.application.status == Application.Status.UNDER_REVIEW:
        assigned = assigning.assign(locked.application)
        ReviewReassigned().tell(About(locked.application, assigned))
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
    if locked.conflict != Conflict.NONE:
        raise StepClosed(_("Declare first whether there is a conflict of interest."))
    if locked.application.status != Application.Status.UNDER_REVIEW:
        raise StepClosed(_("The application is not under review."))
    if Review.objects.filter(assignment=locked).exists():
        raise StepClosed(_("You have reviewed this application already."))
    rubric = {item["slug"]: item["weight"] for item in locked.application.content["rubric"]}
    if scores.keys() != rubric.keys() or not all(0 <= score <= 100 for score in scores.values()):  # noqa: PLR2004
        raise StepClosed(_("Score every item from 0 to 100."))
    if not comment.strip():
        raise StepClosed(_("Say why."))
    total = sum((Decimal(scores[slug]) * weight for slug, weight in rubric.items()), Decimal(0)) / 100
    review = Review.objects.create(assignment=locked, scores=dict(scores), total=total, comment=comment.strip())
    if not any(conditions.reviews_enough(Application.objects.get(pk=locked.application_id))):
        ReviewsComplete().tell(About(locked.application))
    return review
