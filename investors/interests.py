"""What interests contribute to the core: rights, the desk, who opens their files, what is confidential."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from firms.merging import Finding, contribute_check
from firms.models import Organisation
from investors.confidentiality_lifecycle import CONFIDENTIALITY_TEXT
from investors.interest_course import INTEREST_TONES, side_of, waiting_for
from investors.interest_files import is_for_parties, opens_what_was_sent
from investors.interest_lifecycle import INTEREST
from investors.milestone_lifecycle import MILESTONE
from investors.models import Agreement, Interest, InterestAcceptance, InterestMessage, InterestMilestone
from investors.models.interests import WATCHES
from investors.services import interest_data
from portal import confidential, deadlines, desk, documents
from portal.desk import DeskItem, DeskLink
from portal.models import User
from portal.permissions import allow
from portal.roles import Role

MOST = 20

LIFECYCLES = (INTEREST, MILESTONE, CONFIDENTIALITY_TEXT)
"""Read with this, so that their triggers are known."""


def live_interests(user: User) -> Iterator[DeskItem]:
    """Yield the live interests of both sides: the title says where it is the reader's turn."""
    seen = Interest.objects.visible_to(user).live().select_related("opportunity__owner", "organisation", "person")
    for one in seen.order_by("-pk")[:MOST]:
        waiting, lapse = waiting_for(one), deadlines.open_deadline(one, "lapse")
        is_turn = waiting.side in {side_of(user, one), "both"}
        yield DeskItem(
            title=one.opportunity.title,
            url=one.get_absolute_url(),
            detail=f"{one.reference} · {waiting.text}",
            due_at=lapse.due_at if lapse else None,
            status=_("your turn") if is_turn else one.get_status_display(),
            tone="amber" if is_turn else INTEREST_TONES[one.status],  # type: ignore[arg-type]
        )


def links(user: User) -> Iterator[DeskLink]:
    """Yield where both sides find their interests."""
    if not user.is_staff:
        yield DeskLink(_("Expressions of interest"), reverse("investors:interests"))


def stand_against_each_other(survivor: Organisation, going: Organisation) -> Iterator[Finding]:
    """Yield the interests of one in an opportunity of the other: as one, they would be interested in their own."""
    both = [survivor, going]
    found = Interest.objects.filter(organisation__in=both, opportunity__owner__in=both)
    for interest in found.filter(~Q(organisation=None)).order_by("pk"):
        yield Finding(_("One has expressed interest in an opportunity of the other."), interest)


def contribute() -> None:
    """Tell the core all of it."""
    for role in WATCHES:
        allow(role, "investors.view_interest", "investors.view_confidentialitytext")
    for role in (Role.INVESTMENT, Role.HEAD):
        allow(role, "investors.add_confidentialitytext", "investors.change_confidentialitytext")
    kept = (Interest, InterestAcceptance, Agreement, InterestMessage, InterestMilestone)
    confidential.keep(*kept, notices="investors.interest_")
    documents.guard(Interest, is_for_parties)
    documents.guard(InterestMessage, opens_what_was_sent)
    contribute_check(stand_against_each_other)
    desk.contribute(live_interests, heading=_("Expressions of interest"), order=56, page="investors:interests")
    desk.contribute_links(links, order=59)
    interest_data.contribute_all()
