"""What this app contributes to the core: the rights of roles, the desk, the demonstration."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from investors import (
    commitment_desk,
    complaints,
    dates,
    interests,
    matchmaking,
    merging,
    site_map,
    standards,
    visitor_lists,
)
from investors.demonstration import load, load_commitments, load_interests, load_kept, load_wishes
from investors.effects import ENDED
from investors.models import DataRoom, DataRoomDocument, DataRoomView, Inquiry, Opportunity, ShortlistItem
from investors.presentation import INQUIRY_TONES, OPPORTUNITY_TONES
from investors.rules import EDITORS, roles_in_organisations
from investors.services import absences, kept_data, opening, personal_commitments, personal_data, personal_rooms
from investors.services.older_inquiries import set_missing_clocks
from investors.services.opportunities import set_missing_reviews
from portal import confidential, deadlines, demonstration, desk, documents, recounting, signing_in, work
from portal.desk import DeskItem, DeskLink
from portal.models import User
from portal.permissions import allow
from portal.roles import Role, has_role
from portal.standards import contribute

for role in (Role.INVESTMENT, Role.AUDITOR, Role.HEAD):
    allow(role, "investors.view_opportunity", "investors.view_inquiry")

# They answer the corrections; ``visible_to`` leaves the others out.
allow(Role.REGISTRY, "investors.view_inquiry")

for role in (Role.INVESTMENT, Role.REGISTRY, Role.AUDITOR):
    allow(role, "investors.view_officer", "investors.view_inquirytopic", "investors.view_topicofficer")
for role in (Role.HEAD, Role.ADMINISTRATOR):
    allow(role, *(f"investors.{may}_{what}" for may in ("view", "change") for what in ("officer", "inquirytopic")))
    allow(role, "investors.add_officer", *(f"investors.{may}_topicofficer" for may in ("view", "add", "delete")))

for role in (Role.INVESTMENT, Role.REGISTRY, Role.HEAD):
    allow(role, *(f"investors.{may}_absence" for may in ("view", "add", "change", "delete")))
    allow(role, *(f"investors.{may}_answertemplate" for may in ("view", "add", "change", "delete")))
allow(Role.AUDITOR, "investors.view_absence", "investors.view_answertemplate")

MOST = 20


def inquiries_to_answer(user: User) -> Iterator[DeskItem]:
    """Yield what an officer has to answer, and what is overdue for the head."""
    waiting = Inquiry.objects.waiting().by_urgency()
    if has_role(user, Role.HEAD):
        waiting = waiting.overdue()
    elif has_role(user, Role.INVESTMENT, Role.REGISTRY):
        waiting = waiting.filter(officer=user)
    else:
        return
    for inquiry in waiting[:MOST]:
        yield DeskItem(
            title=f"{inquiry.reference} · {inquiry.subject}",
            url=reverse("admin:investors_inquiry_change", args=[inquiry.pk]),
            due_at=inquiry.due_at,
            status=inquiry.get_status_display(),
            tone="red" if inquiry.is_overdue else "blue",
        )


def opportunities_to_review(user: User) -> Iterator[DeskItem]:
    """Yield what waits for an investment officer's review."""
    if not has_role(user, Role.INVESTMENT):
        return
    for opportunity in Opportunity.objects.waiting().with_review_due().select_related("owner")[:MOST]:
        yield DeskItem(
            title=opportunity.title,
            url=reverse("admin:investors_opportunity_change", args=[opportunity.pk]),
            detail=opportunity.owner.title,
            due_at=opportunity.review_due,  # type: ignore[attr-defined]
            status=opportunity.get_status_display(),
            tone="blue",
        )


def own_inquiries(user: User) -> Iterator[DeskItem]:
    """Yield a sender's inquiries that have not ended."""
    for inquiry in Inquiry.objects.sent_by(user).exclude(status__in=ENDED)[:MOST]:
        yield DeskItem(
            title=inquiry.subject,
            url=inquiry.get_absolute_url(),
            detail=inquiry.reference,
            due_at=inquiry.due_at,
            status=inquiry.get_status_display(),
            tone=INQUIRY_TONES[inquiry.status],  # type: ignore[arg-type]
        )


def own_opportunities(user: User) -> Iterator[DeskItem]:
    """Yield drafts and returned opportunities of the organisations that a member writes for."""
    written = [pk for pk, role in roles_in_organisations(user).items() if role in EDITORS]
    if not written:
        return
    unfinished = [Opportunity.Status.DRAFT, Opportunity.Status.RETURNED]
    for opportunity in Opportunity.objects.filter(owner__in=written, status__in=unfinished).order_by("-pk")[:MOST]:
        yield DeskItem(
            title=opportunity.title,
            url=reverse("investors:own_opportunity", args=[opportunity.slug]),
            detail=opportunity.get_kind_display(),
            status=opportunity.get_status_display(),
            tone=OPPORTUNITY_TONES[opportunity.status],  # type: ignore[arg-type]
        )


def links(user: User) -> Iterator[DeskLink]:
    """Yield where investors and members go."""
    yield DeskLink(_("Ask a question"), reverse("investors:new_inquiry"))
    yield DeskLink(_("My inquiries"), reverse("investors:inquiries"))
    yield DeskLink(_("Saved searches"), reverse("investors:saved_searches"))
    yield DeskLink(_("Shortlist"), reverse("investors:own_shortlist"), _kept(user))
    if roles_in_organisations(user):
        yield DeskLink(_("Our opportunities"), reverse("investors:own_opportunities"))


def _kept(user: User) -> str:
    """Say how much a person keeps: here, since no page that is cached may say it."""
    number = ShortlistItem.objects.visible_to(user).count()
    told = ngettext("%(number)d opportunity", "%(number)d opportunities", number)
    return told % {"number": number} if number else ""


desk.contribute(inquiries_to_answer, heading=_("Inquiries to answer"), order=30)
desk.contribute(opportunities_to_review, heading=_("Opportunities to review"), order=40)
desk.contribute(own_inquiries, heading=_("My inquiries"), order=60)
desk.contribute(own_opportunities, heading=_("Opportunities to finish"), order=50)
desk.contribute_links(links, order=60)

work.register(work.Queue(absences.QUEUE, absences.looks_to_make, absences.look))
documents.guard(DataRoomDocument, opening.open_file)
confidential.keep(DataRoom, DataRoomDocument, DataRoomView, notices="investors.room_")
merging.contribute()
site_map.contribute()
deadlines.contribute(set_missing_reviews)
deadlines.contribute(set_missing_clocks)
personal_data.contribute_all()
personal_commitments.contribute_all()
kept_data.contribute_all()
signing_in.contribute(visitor_lists.take_over)
personal_rooms.contribute_all()
commitment_desk.contribute_all()
complaints.contribute()
interests.contribute()
matchmaking.contribute_all()
demonstration.contribute(load)
demonstration.contribute(load_commitments)
demonstration.contribute(load_wishes)
demonstration.contribute(load_kept)
demonstration.contribute(load_interests)
contribute(*standards.PROMISES)
recounting.contribute(*dates.DATES)
