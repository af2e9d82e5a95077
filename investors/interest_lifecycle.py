"""The life of an interest: expressed, accepted, agreed on, negotiated, concluded; or declined, or withdrawn."""

from collections.abc import Iterator
from datetime import timedelta

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Organisation
from investors import agreements
from investors import interest_effects as effects
from investors import interest_rules as may
from investors.disclosure import export_reasons
from investors.export_gate import WORDS, Reason
from investors.models import ConfidentialityText, Interest
from investors.models.facts import Kind
from investors.models.interest_triggers import NOTICE_DAYS
from investors.models.opportunities import Opportunity
from investors.notices import interests as told
from portal import deadlines, local_form
from portal.clock import SHANGHAI
from portal.lifecycle import Lifecycle, Step, Text, by_system
from portal.models import StepTaken


def not_expressed_before(interest: Interest) -> Iterator[Text]:
    """Yield a reason when its owner was told."""
    if StepTaken.objects.about(interest).filter(step="express").exists():
        yield _("It was expressed already.")


def may_go_on(interest: Interest) -> Iterator[Text]:
    """Yield what keeps the owner from offering anything: a prohibition, or the owner's own standing."""
    if interest.opportunity.export_declaration == Opportunity.Export.PROHIBITED:
        yield _("A technology whose export is prohibited is never offered here.")
    if interest.opportunity.owner.status == Organisation.Status.SUSPENDED:
        yield _("The organisation is suspended.")


def acceptable(interest: Interest) -> Iterator[Text]:
    """Yield what keeps it from being accepted."""
    yield from may_go_on(interest)
    if ConfidentialityText.objects.current() is None:
        yield _("There is no text of the agreement yet. The district has to publish one.")


def not_signed(interest: Interest) -> Iterator[Text]:
    """Yield a reason when the interested side has accepted the agreement."""
    yield from may_go_on(interest)
    if interest.acceptances.filter(side="person").exists():
        yield _("The agreement is accepted already.")


def signed(interest: Interest) -> Iterator[Text]:
    """Yield a reason until the interested side has accepted the agreement."""
    yield from may_go_on(interest)
    if not interest.acceptances.filter(side="person").exists():
        yield _("The other side accepts the agreement first.")


def is_open(interest: Interest) -> Iterator[Text]:
    """Yield a reason when the access is revoked."""
    if interest.access_revoked_at:
        yield _("The access is revoked already.")


def may_be_told(interest: Interest) -> Iterator[Text]:
    """Yield what keeps the owner from opening anything confidential to this side, the export declaration among it."""
    yield from may_go_on(interest)
    yield from (WORDS[reason] for reason in export_reasons(interest) if reason != Reason.PROHIBITED)


def is_revoked(interest: Interest) -> Iterator[Text]:
    """Yield what keeps the access from being restored: that it is not revoked, or that nothing would open."""
    yield from may_be_told(interest)
    if interest.access_revoked_at is None:
        yield _("The access is not revoked.")


def room_may_open(interest: Interest) -> Iterator[Text]:
    """Yield what keeps the data room closed."""
    yield from may_be_told(interest)
    if interest.access_revoked_at:
        yield _("The access is revoked. Restore it first.")
    if interest.room_opened_at:
        yield _("The data room is open already.")


def room_is_open(interest: Interest) -> Iterator[Text]:
    """Yield a reason unless the data room is open."""
    if interest.room_opened_at is None:
        yield _("The data room is not open.")


def sells_technology(interest: Interest) -> Iterator[Text]:
    """Yield a reason where no technology is offered: how its price was set is nobody's matter."""
    if interest.opportunity.kind != Kind.OFFER:
        yield _("This is recorded for technologies alone.")


def price_is_settled(interest: Interest) -> Iterator[Text]:
    """Yield what a university still owes before it concludes: how the price was set, and the notice of it."""
    yield from may_go_on(interest)
    opportunity = interest.opportunity
    if opportunity.kind != Kind.OFFER or opportunity.owner.kind != Organisation.Kind.UNIVERSITY:
        return
    if not interest.price_set_by:
        yield _("Record first how the price was set.")
    elif interest.price_set_by == Interest.PriceSetBy.NEGOTIATED:
        earliest = interest.price_notice_from and interest.price_notice_from + timedelta(days=NOTICE_DAYS)
        if earliest and timezone.localdate(timezone=SHANGHAI) < earliest:
            words = _("The notice of the price stands for 15 days: it can be concluded from %(day)s.")
            yield words % {"day": local_form.day(earliest)}


def nobody_invited(interest: Interest) -> Iterator[Text]:
    """Yield a reason when an officer reads along."""
    if interest.officer_id:
        yield _("An officer is invited already.")


def somebody_invited(interest: Interest) -> Iterator[Text]:
    """Yield a reason unless an officer reads along."""
    if interest.officer_id is None:
        yield _("No officer is invited.")


def has_waited(interest: Interest) -> Iterator[Text]:
    """Yield a reason until its time is over."""
    lapse = deadlines.open_deadline(interest, "lapse")
    if lapse is None or timezone.now() <= lapse.due_at:
        yield _("It is not due yet.")


def not_erased(interest: Interest) -> Iterator[Text]:
    """Yield a reason when its texts were erased."""
    if interest.erased_at:
        yield _("Its texts were erased.")


EXPRESSED, ACCEPTED, CONFIDENTIAL, NEGOTIATING, CONCLUDED, DECLINED, WITHDRAWN = Interest.Status
LIVE: set[str] = {EXPRESSED, ACCEPTED, CONFIDENTIAL, NEGOTIATING}
DISCLOSED: set[str] = {CONFIDENTIAL, NEGOTIATING, CONCLUDED}

INTEREST = Lifecycle(
    Interest,
    {EXPRESSED},
    Step("express", {EXPRESSED}, None, may=may.speaks_for_person, label=_("Express interest"),
         guard=not_expressed_before, do=effects.start_clocks, tell=(told.InterestSent, told.InterestReceived)),
    Step("accept", {EXPRESSED}, ACCEPTED, may=may.writes_for_owner, label=_("Accept and offer the agreement"),
         guard=acceptable, do=effects.accept, after=effects.ask_to_sign, tell=(told.InterestAccepted,)),
    Step("sign", {ACCEPTED}, None, may=may.signs_for_person, label=_("Accept the confidentiality agreement"),
         guard=not_signed, do=effects.sign, after=effects.ask_to_sign, tell=(told.InterestSigned,)),
    Step("countersign", {ACCEPTED}, CONFIDENTIAL, may=may.signs_for_owner,
         label=_("Accept the confidentiality agreement for the owner"),
         guard=signed, do=effects.countersign, after=agreements.order, tell=(told.InterestAgreed,)),
    Step("open_room", DISCLOSED, None, may=may.writes_for_owner, label=_("Open the data room"),
         guard=room_may_open, do=effects.open_room, tell=(told.InterestRoomOpened,)),
    Step("close_room", DISCLOSED, None, may=may.writes_for_owner, label=_("Close the data room"),
         guard=room_is_open, do=effects.close_room, tell=(told.InterestRoomClosed,)),
    Step("revoke", DISCLOSED, None, may=may.writes_for_owner, label=_("Revoke all access"),
         guard=is_open, do=effects.revoke, tell=(told.InterestRevoked,)),
    Step("restore", DISCLOSED, None, may=may.writes_for_owner, label=_("Restore the access"),
         guard=is_revoked, do=effects.restore, tell=(told.InterestRestored,)),
    Step("negotiate", {CONFIDENTIAL}, NEGOTIATING, may=may.is_party, label=_("Begin the negotiation"),
         guard=may_go_on, do=effects.negotiate, tell=(told.InterestNegotiating,)),
    Step("set_price", {NEGOTIATING}, None, may=may.writes_for_owner, label=_("Record how the price was set"),
         guard=sells_technology, do=effects.set_price, tell=(told.InterestPriceRecorded,)),
    Step("conclude", {NEGOTIATING}, CONCLUDED, may=may.signs_for_owner, label=_("Record that it is concluded"),
         guard=price_is_settled, do=effects.conclude, after=effects.match,
         tell=(told.InterestConcluded,)),
    Step("write", {ACCEPTED, *DISCLOSED}, None, may=may.is_party, label=_("Write to the other side"),
         guard=not_erased, do=effects.write, tell=(told.InterestWritten,)),
    Step("invite", LIVE, None, may=may.is_party, label=_("Invite an officer to read along"),
         guard=nobody_invited, do=effects.invite, tell=(told.InterestOfficerInvited,)),
    Step("uninvite", {*LIVE, *DISCLOSED}, None, may=may.is_party, label=_("End the invitation"),
         guard=somebody_invited, do=effects.uninvite, tell=(told.InterestOfficerGone,)),
    Step("decline", LIVE, DECLINED, may=may.writes_for_owner, label=pgettext_lazy("interest", "Decline"),
         do=effects.decline, tell=(told.InterestDeclined,)),
    Step("withdraw", LIVE, WITHDRAWN, may=may.speaks_for_person, label=pgettext_lazy("interest", "Withdraw"),
         do=effects.end, tell=(told.InterestWithdrawn,)),
    Step("remind", {EXPRESSED}, None, may=by_system, label=_("Remind the owner"), tell=(told.InterestWaiting,)),
    Step("lapse", {EXPRESSED}, DECLINED, may=by_system, label=_("End what nobody answered"),
         guard=has_waited, do=effects.lapse, tell=(told.InterestLapsed, told.InterestUnanswered)),
    Step("remind_sign", {ACCEPTED}, None, may=by_system, label=_("Remind of the agreement"),
         tell=(told.InterestToSign,)),
    Step("forget", {CONCLUDED, DECLINED, WITHDRAWN}, None, may=by_system, label=_("Erase its texts"),
         guard=not_erased, do=effects.forget, after=effects.forget_files),
)  # fmt: skip

pgtrigger.register(INTEREST.trigger())(Interest)
