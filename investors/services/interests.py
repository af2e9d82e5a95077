"""Expressing interest, and what the two sides do until it is concluded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.services.holding import hold
from investors.interest_effects import Conclusion, Price, Refusal, Signature
from investors.interest_lifecycle import INTEREST, may_go_on
from investors.interest_rules import is_party, may_be_invited
from investors.milestone_lifecycle import MILESTONE
from investors.models import Interest, InterestMessage, InterestMilestone, Opportunity
from investors.models.interests import next_reference
from investors.rules import EDITORS, roles_in_organisations
from investors.services.inquiries import TooMany
from portal.clock import SHANGHAI
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

DAILY = 20
"""In how many opportunities one person may express interest in a day."""

MOST_MILESTONES = 50
"""How many milestones one interest may have."""


@dataclass(frozen=True)
class Expression:
    """What somebody who is interested says.

    Args:
        message: to the owner, up to 3,000 characters.
        country: of who is interested, as a two-letter code; an organisation's own counts.
        organisation: on whose behalf; the person is its signatory or editor.
    """

    message: str
    country: str
    organisation: Organisation | None = None


@transaction.atomic
def express_interest(*, by: User, opportunity: Opportunity, expression: Expression, key: UUID) -> Interest:
    """Tell the owner of a published opportunity that somebody is interested; each side gets its dates.

    Args:
        by: who is interested.
        opportunity: published, of another organisation.
        expression: what is said.
        key: of the form that was sent; the same key again returns the interest that it made.

    Raises:
        NotAllowed: the opportunity is the person's own, or they do not write for the organisation.
        StepClosed: it is not offered any more, or there is a live interest already.
        TooMany: the daily number is reached.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time for a person
    if made := Interest.objects.filter(person=by, idempotency_key=key).first():
        return made
    organisation = expression.organisation
    if organisation and roles_in_organisations(by).get(organisation.pk) not in EDITORS:
        raise NotAllowed(_("You may not write for this organisation."))
    if organisation:
        hold(organisation=organisation)
    _refuse_unless_offered(by, opportunity, organisation)
    now = timezone.now()
    if Interest.objects.filter(person=by, expressed_at__gt=now - timedelta(days=1)).count() >= DAILY:
        raise TooMany
    interest = Interest.objects.create(
        reference=next_reference(now.astimezone(SHANGHAI).year),
        opportunity=opportunity,
        person=by,
        organisation=organisation,
        country=organisation.country if organisation else expression.country,
        message=expression.message,
        expressed_at=now,
        idempotency_key=key,
    )
    INTEREST.apply(interest, "express", by=by)
    return interest


def _refuse_unless_offered(by: User, opportunity: Opportunity, organisation: Organisation | None) -> None:
    locked = Opportunity.objects.published().select_for_update(of=("self",)).filter(pk=opportunity.pk).first()
    if locked is None:
        raise StepClosed(_("It is not offered any more."))
    if reasons := tuple(may_go_on(Interest(opportunity=locked))):
        raise StepClosed(*reasons)
    if locked.owner_id in roles_in_organisations(by) or organisation == locked.owner:
        raise NotAllowed(_("It is an opportunity of your own organisation."))
    live = Interest.objects.live().filter(opportunity=locked)
    if live.filter(person=by).exists() or (organisation and live.filter(organisation=organisation).exists()):
        raise StepClosed(_("You have expressed interest in it already."))


def accept_interest(*, by: User, interest: Interest) -> None:
    """Go on as the owner: fixes the text of the agreement that both sides are to accept.

    Raises:
        StepClosed, NotAllowed: see ``interest_lifecycle``.
    """
    INTEREST.apply(interest, "accept", by=by)


def sign_agreement(*, by: User, interest: Interest, name: str) -> None:
    """Accept the agreement for who is interested.

    Args:
        by: the person, or a signatory of the organisation.
        interest: accepted by the owner.
        name: as typed under the text.

    Raises:
        StepClosed, NotAllowed: see ``interest_lifecycle``.
    """
    INTEREST.apply(interest, "sign", by=by, signature=Signature(name))


def countersign_agreement(*, by: User, interest: Interest, name: str) -> None:
    """Accept the agreement for the owner: with the second acceptance the confidential tier opens.

    Args:
        by: a signatory of the owner.
        interest: whose agreement the other side has accepted.
        name: as typed under the text.

    Raises:
        StepClosed, NotAllowed: see ``interest_lifecycle``.
    """
    INTEREST.apply(interest, "countersign", by=by, signature=Signature(name))


def decline_interest(*, by: User, interest: Interest, reason: str, text: str = "") -> None:
    """End it as the owner; whatever was open closes.

    Args:
        by: who writes for the owner.
        interest: live.
        reason: one of ``Interest.Decline``.
        text: what is said besides, up to 1,000 characters.

    Raises:
        StepClosed, NotAllowed: see ``interest_lifecycle``.
    """
    INTEREST.apply(interest, "decline", by=by, refusal=Refusal(reason, text))


def set_price(*, by: User, interest: Interest, price: Price) -> None:
    """Record how the price of a technology was set, and the notice of a negotiated one with its evidence.

    Source: Law on Promoting the Transformation of Scientific and Technological Achievements, art. 18; State Council,
    Guofa [2016] No. 16, I (1).

    Raises:
        StepClosed, NotAllowed: see ``interest_lifecycle``; or the notice is not complete.
        ValidationError: the file is not acceptable.
    """
    INTEREST.apply(interest, "set_price", by=by, price=price)


@transaction.atomic
def conclude_interest(*, by: User, interest: Interest, contract: Conclusion) -> None:
    """Record the contract; if wished, the opportunity is marked as matched and the others are told.

    The opportunity is locked first, as whoever expresses interest does: two conclusions come one after the other.

    Args:
        by: a signatory of the owner.
        interest: in negotiation.
        contract: its day, registration, export certificate.

    Raises:
        StepClosed, NotAllowed: see ``interest_lifecycle``; or a proof is missing.
    """
    Opportunity.objects.select_for_update(of=("self",)).get(pk=interest.opportunity_id)
    INTEREST.apply(interest, "conclude", by=by, contract=contract)


@transaction.atomic
def write_message(*, by: User, interest: Interest, text: str, key: UUID, files: Sequence[UploadedFile] = ()) -> None:
    """Write to the other side.

    Args:
        by: who speaks for one of the two.
        interest: accepted, and not declined or withdrawn.
        text: what is written.
        key: of the form that was sent; the same key again writes nothing.
        files: what is attached.

    Raises:
        StepClosed, NotAllowed: it takes no messages, or not from ``by``.
        ValidationError: a file is not acceptable.
    """
    locked = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    if locked.messages.filter(author=by, idempotency_key=key).exists():
        return
    message = InterestMessage(body=text, idempotency_key=key)
    message.uploads = files
    INTEREST.apply(locked, "write", by=by, message=message)


@transaction.atomic
def add_milestone(*, by: User, interest: Interest, title: str, due_on: date, key: UUID) -> InterestMilestone:
    """Plan something that one of the two sides does by a day; both are reminded before it.

    Args:
        by: who speaks for one of the two.
        interest: under an agreement, not ended.
        title: what is to be done.
        due_on: today or later.
        key: of the form that was sent; the same key again returns the milestone that it made.

    Raises:
        NotAllowed: ``by`` is of neither side.
        StepClosed: it takes no milestones now, or too many are planned.
    """
    locked = Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
    if made := locked.milestones.filter(added_by=by, idempotency_key=key).first():
        return made
    if not is_party(by, locked):
        raise NotAllowed(_("You may not take this step."))
    if not (locked.is_live and locked.is_disclosed):
        raise StepClosed(_("Milestones are planned between the agreement and the end."))
    if locked.milestones.count() >= MOST_MILESTONES:
        raise StepClosed(_("There are %(most)d milestones already.") % {"most": MOST_MILESTONES})
    if due_on < timezone.localdate(timezone=SHANGHAI):
        raise StepClosed(_("Choose a day from today on."))
    milestone = InterestMilestone.objects.create(
        interest=locked, title=title, due_on=due_on, added_by=by, idempotency_key=key
    )
    MILESTONE.apply(milestone, "plan", by=by)
    return milestone


def invite_officer(*, by: User, interest: Interest) -> None:
    """Let an investment officer read what is written, until a party ends that; the least busy is chosen.

    Raises:
        StepClosed: there is no officer who belongs to neither side.
        NotAllowed: ``by`` is of neither side.
    """
    officers = User.objects.filter(is_active=True, is_staff=True, groups__name="investment officer").order_by("pk")
    able = [user for user in officers if may_be_invited(user, interest)]
    if not able:
        raise StepClosed(_("There is no officer who could read along."))
    loads = {user.pk: Interest.objects.live().filter(officer=user).count() for user in able}
    INTEREST.apply(interest, "invite", by=by, officer=min(able, key=lambda user: (loads[user.pk], user.pk)).pk)
