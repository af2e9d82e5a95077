"""Reviewers: those with the least to do, who do not belong to the firm and took no part."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q

from firms.models import Membership
from incentives.models import Application, ReviewAssignment
from portal.models import StepTaken, User
from portal.roles import Role


def candidates(application: Application) -> list[User]:
    """Return who may review an application, the least busy first."""
    steps = StepTaken.objects.filter(
        subject_type=ContentType.objects.get_for_model(Application), subject_id=application.pk, by__isnull=False
    )
    members = Membership.objects.filter(organisation=application.organisation_id, is_active=True)
    waiting = Q(review_assignments__review=None, review_assignments__conflict__in=["undeclared", "none"]) & Q(
        review_assignments__application__status=Application.Status.UNDER_REVIEW
    )
    return list(
        User.objects.filter(is_active=True, is_staff=True, groups__name=Role.REVIEWER)
        .exclude(pk__in=steps.values("by"))
        .exclude(pk__in=members.values("user"))
        .exclude(pk__in=application.assignments.values("reviewer"))
        .exclude(pk__in=application.recommendations.values("recommended_by"))
        .annotate(
            load=Count("review_assignments", filter=waiting, distinct=True),
            ever=Count("review_assignments", distinct=True),
        )
        .order_by("load", "ever", "pk")
    )


def assign(application: Application) -> list[ReviewAssignment]:
    """Assign as many reviewers as the programme needs beyond those who still count; fewer if there are no more."""
    needed = application.programme_version.reviewers_needed - application.assignments.counting().count()
    chosen = candidates(application)[: max(needed, 0)]
    return [ReviewAssignment.objects.create(application=application, reviewer=user) for user in chosen]


def missing(application: Application) -> int:
    """Return how many reviewers are still to be found."""
    counting: int = application.assignments.counting().count()
    return max(application.programme_version.reviewers_needed - counting, 0)
