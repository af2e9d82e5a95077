"""Reviewers: those who know the matter and have the least to do, without anyone who is or was close to the firm."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.duplicates import core_name
from firms.models import Cluster, Membership, Organisation
from incentives import linking
from incentives.facts import Text, in_language
from incentives.models import Application, Employment, Programme, ReviewAssignment, ReviewerProfile
from portal import clock, deadlines
from portal.models import Deadline, StepTaken, User
from portal.roles import Role

CLOCK = {"remind_soon": 4, "remind_due": 6, "replace": 8, "report_missing": 8}
"""Working days after which a reviewer is reminded, reminded on the day itself, and replaced.

Two reviewers after one another fit into the time that is promised to the applicant.
"""

_ENDED = (ReviewAssignment.Status.CONFLICTED, ReviewAssignment.Status.RECUSED)


@dataclass(frozen=True)
class Candidate:
    """A reviewer as the choice sees one.

    Args:
        user: the reviewer.
        fits: what of the application the reviewer knows.
        load: reviews that wait for them.
        ever: reviews that they were ever asked for.
        against: why they cannot review it; empty for those who can.
        assignment: their part in this application, if they have or had one.
    """

    user: User
    fits: tuple[Text, ...]
    load: int
    ever: int
    against: tuple[Text, ...]
    assignment: ReviewAssignment | None = None

    @property
    def is_free(self) -> bool:
        """Whether they can be asked."""
        return not self.against and self.assignment is None


def consider(application: Application) -> list[Candidate]:
    """Return every reviewer, who would be asked first on top: expertise before load; with what speaks against."""
    waiting = Q(
        review_assignments__status=ReviewAssignment.Status.WAITING,
        review_assignments__application__status=Application.Status.UNDER_REVIEW,
    )
    employers = Prefetch("reviewer_profile__employers", Employment.objects.select_related("organisation"))
    people = (
        User.objects.filter(is_active=True, is_staff=True, groups__name=Role.REVIEWER)
        .select_related("reviewer_profile")
        .prefetch_related(employers)
        .annotate(
            load=Count("review_assignments", filter=waiting, distinct=True),
            ever=Count("review_assignments", distinct=True),
        )
    )
    expertise = _Expertise(application)
    against = _against(application, list(people))
    held = {assignment.reviewer_id: assignment for assignment in application.assignments.all()}
    found = [
        Candidate(user, expertise.of(user), user.load, user.ever, tuple(against[user.pk]), held.get(user.pk))
        for user in people
    ]
    return sorted(found, key=lambda c: (not c.is_free, -len(c.fits), c.load, c.ever, c.user.pk))


def candidates(application: Application) -> list[User]:
    """Return who may review an application, who should be asked first on top."""
    return [candidate.user for candidate in consider(application) if candidate.is_free]


def assign(
    application: Application, *, chosen: Iterable[User] | None = None, by: User | None = None, leaving: int = 0
) -> list[ReviewAssignment]:
    """Assign as many reviewers as the programme needs beyond those who still count; fewer if there are no more.

    Args:
        application: what is to be reviewed; its row is locked.
        chosen: whom a manager chose among the candidates; otherwise those who come first.
        by: the manager.
        leaving: how many of those who count are about to leave.
    """
    asked = missing(application, leaving=leaving)
    who = list(chosen if chosen is not None else candidates(application) if asked else [])[:asked]
    made = [ReviewAssignment.objects.create(application=application, reviewer=user, assigned_by=by) for user in who]
    for assignment in made:
        start_clock(assignment)
    return made


def missing(application: Application, *, leaving: int = 0) -> int:
    """Return how many reviewers are still to be found, when some of those who count will have left."""
    counting: int = application.assignments.counting().count()
    return max(application.programme_version.reviewers_needed - counting + leaving, 0)


# --- The clock of each assignment -----------------------------------------------------------


def start_clock(assignment: ReviewAssignment) -> None:
    """Set when the reviewer is reminded and replaced."""
    for step, days in CLOCK.items():
        deadlines.set_deadline(assignment, step, working_days=days, while_status=ReviewAssignment.Status.WAITING)


def start_clocks(application: Application) -> None:
    """Begin anew for those whose review is not in: the application is under review again."""
    for assignment in application.assignments.filter(status=ReviewAssignment.Status.WAITING):
        start_clock(assignment)


def stop_clocks(application: Application) -> None:
    """Let nobody be reminded or replaced: the application is not under review any more."""
    waiting = application.assignments.filter(status=ReviewAssignment.Status.WAITING)
    kind = ContentType.objects.get_for_model(ReviewAssignment)
    running = Deadline.objects.filter(subject_type=kind, subject_id__in=waiting.values("pk"), done_at=None)
    running.update(done_at=timezone.now())


# --- Expertise --------------------------------------------------------------------------------


class _Expertise:
    """What an application asks of its reviewers: the clusters of firm and programme, and the instrument."""

    def __init__(self, application: Application) -> None:
        wanted = Q(memberships__organisation=application.organisation_id, memberships__excluded=False)
        found = Cluster.objects.filter(wanted | Q(programmes=application.round.programme_id)).distinct()
        self.clusters = {cluster.slug: in_language(cluster.title_en, cluster.title_zh) for cluster in found}
        self.instrument = Programme.Instrument(application.round.programme.instrument)

    def of(self, user: User) -> tuple[Text, ...]:
        """Return what of it a reviewer knows."""
        profile: ReviewerProfile | None = getattr(user, "reviewer_profile", None)
        if profile is None:
            return ()
        known = [title for slug, title in self.clusters.items() if slug in profile.clusters]
        return (*known, *([self.instrument.label] if self.instrument in profile.instruments else []))


# --- What speaks against a reviewer -----------------------------------------------------------


def _against(application: Application, people: list[User]) -> dict[int, list[Text]]:
    firm = application.organisation
    linked = {one.pk: one for one in linking.linked_to(firm)}
    found: dict[int, list[Text]] = defaultdict(list)
    reasons = (
        *_by_membership(firm, linked),
        *_by_employer(firm, linked, people),
        *_by_declaration(application),
        *_by_part(application),
    )
    for user, reason in reasons:
        found[user].append(reason)
    return found


type _Reasons = Iterator[tuple[int, Text]]


def _by_membership(firm: Organisation, linked: dict[int, linking.Linked]) -> _Reasons:
    """Yield who is or was a member of the applicant, or is one of an organisation that is linked to it."""
    mine = Membership.objects.filter(Q(organisation=firm) | Q(organisation__in=linked, is_active=True))
    for membership in mine.filter(user__groups__name=Role.REVIEWER).order_by("id"):
        if membership.organisation_id != firm.pk:
            title = linked[membership.organisation_id].title
            yield membership.user_id, format_lazy(_("member of {name}, which is linked to the applicant"), name=title)
        elif membership.is_active:
            yield membership.user_id, _("member of the applicant")
        else:
            yield membership.user_id, _("was a member of the applicant")


def _by_employer(firm: Organisation, linked: dict[int, linking.Linked], people: list[User]) -> _Reasons:
    """Yield who works or worked for the applicant, or for an organisation that is linked to it."""
    today = timezone.localdate(timezone=clock.SHANGHAI)
    for user in people:
        profile: ReviewerProfile | None = getattr(user, "reviewer_profile", None)
        for job in profile.employers.all() if profile else ():
            ended = job.until is not None and job.until < today
            if _is(job, firm.pk, firm.uscc, firm.name_zh):
                yield user.pk, _("worked for the applicant") if ended else _("works for the applicant")
            for one in linked.values():
                if _is(job, one.pk, one.uscc, one.name_zh):
                    words = (
                        _("worked for {name}, which is linked to the applicant")
                        if ended
                        else _("works for {name}, which is linked to the applicant")
                    )
                    yield user.pk, format_lazy(words, name=one.title)


def _is(job: Employment, pk: int, uscc: str | None, name: str) -> bool:
    """Whether an employer is an organisation: by itself, by its code, or by its name without place and legal form."""
    if job.organisation_id == pk or (job.uscc and job.uscc == uscc):
        return True
    if job.organisation_id or job.uscc or not job.name:
        return False
    return job.name.strip() == name or (bool(core_name(name)) and core_name(job.name) == core_name(name))


def _by_declaration(application: Application) -> _Reasons:
    """Yield who declared a conflict about the same organisation before, or was recused from one of its applications."""
    before = ReviewAssignment.objects.filter(application__organisation=application.organisation_id, status__in=_ENDED)
    for past in before.exclude(application=application).select_related("application").order_by("id"):
        words = (
            _("declared a conflict of interest about {number} of the same organisation")
            if past.status == ReviewAssignment.Status.CONFLICTED
            else _("was recused from {number} of the same organisation")
        )
        yield past.reviewer_id, format_lazy(words, number=past.application.number or "")


def _by_part(application: Application) -> _Reasons:
    """Yield who took a step of the application, recommended or approved it."""
    steps = StepTaken.objects.about(application).filter(by__isnull=False).values_list("by", flat=True)
    judged: list[Any] = [*application.recommendations.values_list("recommended_by", flat=True)]
    judged += application.approvals.values_list("approver", flat=True)
    for user in dict.fromkeys([*steps, *judged]):
        yield user, _("took a step of this application")
