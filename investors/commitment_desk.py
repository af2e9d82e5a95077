"""Commitments on the desk: what owners have to keep, what the head hears, what was promised to the person."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from investors.commitment_rules import MAKERS
from investors.committing import standing
from investors.models import Commitment
from investors.models.commitments import OWNERS, READS_ALL
from portal import desk
from portal.desk import DeskItem, DeskLink
from portal.models import User
from portal.permissions import allow
from portal.roles import Role, has_role

MOST = 20


def to_keep(user: User) -> Iterator[DeskItem]:
    """Yield what an officer has to keep; for the head what is overdue or objected to."""
    if has_role(user, Role.HEAD):
        yield from _for_staff(Commitment.objects.disputed().order_by("objected_at"))
        yield from _for_staff(Commitment.objects.overdue().order_by("due_on", "pk"))
    elif has_role(user, *OWNERS):
        yield from _for_staff(Commitment.objects.open().filter(owner=user).order_by("due_on", "pk"))


def _for_staff(found: "QuerySet[Commitment]") -> Iterator[DeskItem]:
    for one in found.select_related("organisation", "person", "owner")[:MOST]:
        word, tone = standing(one)
        yield DeskItem(
            title=f"{one.reference} · {one.beneficiary}",
            url=reverse("admin:investors_commitment_change", args=[one.pk]),
            detail=one.owner.name,
            due_at=one.due_at if one.status == Commitment.Status.OPEN else None,
            status=word,
            tone=tone,
        )


def promised_to(user: User) -> Iterator[DeskItem]:
    """Yield what was promised to the person or their organisations and is still to be kept."""
    for one in Commitment.objects.made_to(user).open().select_related("owner").order_by("due_on", "pk")[:MOST]:
        word, tone = standing(one)
        yield DeskItem(
            title=_("%(owner)s answers for %(reference)s") % {"owner": one.owner.name, "reference": one.reference},
            url=one.get_absolute_url(),
            due_at=one.due_at,
            status=word,
            tone=tone,
        )


def links(user: User) -> Iterator[DeskLink]:
    """Yield where everybody reads what was promised to them."""
    if not user.is_staff:
        yield DeskLink(gettext_lazy("Commitments of the district to us"), reverse("investors:commitments"))


def contribute_all() -> None:
    """Add the rights of the roles, the items and the link."""
    for role in {*READS_ALL, *MAKERS}:
        allow(role, "investors.view_commitment")
    for role in MAKERS:
        allow(role, "investors.add_commitment")
    desk.contribute(to_keep, heading=gettext_lazy("Commitments to keep"), order=35)
    desk.contribute(
        promised_to,
        heading=gettext_lazy("Commitments of the district to us"),
        order=55,
        page="investors:commitments",
    )
    desk.contribute_links(links, order=61)
