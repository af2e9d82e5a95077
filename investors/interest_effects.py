"""What the steps of an interest do besides moving it."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from investors.disclosure import closed_to_files, counterparty_country
from investors.export_gate import MAINLAND
from investors.interest_files import files_of
from investors.interest_rules import may_be_invited, writes_for_owner
from investors.lifecycle import OPPORTUNITY
from investors.models import ConfidentialityText, Interest, InterestAcceptance, InterestMessage
from investors.models.facts import Kind
from investors.models.interest_triggers import NOTICE_DAYS
from investors.models.interests import WORDS
from investors.models.opportunities import Opportunity
from portal import clock, deadlines
from portal.clock import SHANGHAI
from portal.documents import erase_documents, store_document
from portal.lifecycle import Change, StepClosed
from portal.models import User
from portal.models.consents import ERASED

REMIND_DAYS = 5
"""After how many working days the owner is asked, or a signatory reminded."""

LAPSES_AFTER = timedelta(days=30)
"""After how long an interest that nobody answered ends."""

ATTACHMENT = "interest_attachment"
EVIDENCE = "price_notice"
"""The purposes of the files about an interest."""

HOME = "CN"
"""Mainland China; Hong Kong, Macao and Taiwan are outside where technology is exported."""

Side = InterestAcceptance.Side


class Unrecorded:
    """What a step is given and the step's record does not keep: it stands on the interest, where it can be erased."""

    def __str__(self) -> str:
        """Tell nothing."""
        return ERASED


@dataclass(frozen=True)
class Signature(Unrecorded):
    """A typed name under the agreement."""

    name: str
    __str__ = Unrecorded.__str__


@dataclass(frozen=True)
class Refusal(Unrecorded):
    """Why an owner declines: one of ``Interest.Decline``, and words."""

    reason: str
    text: str = ""
    __str__ = Unrecorded.__str__


@dataclass(frozen=True)
class Price(Unrecorded):
    """How the price of a technology was set: one of ``Interest.PriceSetBy``; the notice where it was negotiated."""

    set_by: str
    notice_from: date | None = None
    evidence: UploadedFile | None = None
    __str__ = Unrecorded.__str__


@dataclass(frozen=True)
class Conclusion(Unrecorded):
    """The contract: its day, its registration or why there is none, the export certificate.

    Args:
        on: the day of the contract.
        registration: number of its registration as a technology contract.
        no_registration: why there is none.
        certificate: number of the registration certificate or licence of the export.
        match: whether the opportunity is marked as matched in the same step.
    """

    on: date
    registration: str = ""
    no_registration: str = ""
    certificate: str = ""
    match: bool = False
    __str__ = Unrecorded.__str__


def start_clocks(change: Change) -> None:
    """Set when the owner is asked, and when it ends unanswered."""
    now = timezone.now()
    asked = clock.after_working_days(now, REMIND_DAYS).at
    lapse = clock.end_of((now + LAPSES_AFTER).astimezone(SHANGHAI).date())
    for step, due_at in (("remind", asked), ("lapse", lapse)):
        deadlines.set_deadline_at(change.obj, step, due_at=due_at, while_status=Interest.Status.EXPRESSED)


def accept(change: Change) -> None:
    """Fix the text that both sides are to accept."""
    change.set(accepted_at=timezone.now(), agreement_text=ConfidentialityText.objects.current())


def ask_to_sign(change: Change) -> None:
    """Set when those are reminded who have to accept the agreement next."""
    due_at = clock.after_working_days(timezone.now(), REMIND_DAYS).at
    deadlines.set_deadline_at(change.obj, "remind_sign", due_at=due_at, while_status=Interest.Status.ACCEPTED)


def sign(change: Change) -> None:
    """Keep the acceptance of who is interested."""
    _accept_agreement(change, Side.PERSON, change.obj.organisation)


def countersign(change: Change) -> None:
    """Keep the acceptance of the owner: from now on, the confidential tier is open."""
    if change.obj.acceptances.filter(signed_by=change.by).exists():
        raise StepClosed(_("You accepted it for the other side: somebody else has to accept it for this one."))
    _accept_agreement(change, Side.OWNER, change.obj.opportunity.owner)
    change.set(agreed_at=timezone.now())


def _accept_agreement(change: Change, side: str, organisation: Organisation | None) -> None:
    text: ConfidentialityText = change.obj.agreement_text
    assert change.by  # noqa: S101 -- the system accepts no agreement
    InterestAcceptance.objects.create(
        interest=change.obj,
        side=side,
        text=text,
        text_sha256=text.sha256,
        signed_by=change.by,
        name=change.data["signature"].name,
        on_behalf_of=names_of(organisation) if organisation else "",
        at=timezone.now(),
    )


def names_of(organisation: Organisation) -> str:
    """Return the name of an organisation in both languages, as far as it has them."""
    return " / ".join(name for name in (organisation.name_zh, organisation.name_en) if name)


def open_room(change: Change) -> None:
    """Open the data room."""
    change.set(room_opened_at=timezone.now())


def close_room(change: Change) -> None:
    """Close the data room."""
    change.set(room_opened_at=None)


def revoke(change: Change) -> None:
    """Close the confidential tier and the data room at once."""
    change.set(access_revoked_at=timezone.now(), room_opened_at=None)


def restore(change: Change) -> None:
    """Open the confidential tier again; the data room stays closed until it is opened."""
    change.set(access_revoked_at=None)


def negotiate(change: Change) -> None:
    """Keep when it began."""
    change.set(negotiating_at=timezone.now())


def set_price(change: Change) -> None:
    """Keep how the price was set; where it was negotiated, since when the notice of it stands, with its evidence."""
    price: Price = change.data["price"]
    negotiated = price.set_by == Interest.PriceSetBy.NEGOTIATED
    if price.set_by not in Interest.PriceSetBy.values:
        raise StepClosed(_("Choose how the price was set."))
    if not negotiated:
        change.set(price_set_by=price.set_by, price_notice_from=None, price_notice_document=None)
        return
    if price.notice_from is None or price.evidence is None:
        raise StepClosed(_("Give the first day of the notice and a file that shows it."))
    if price.notice_from > timezone.localdate(timezone=SHANGHAI):
        raise StepClosed(_("The notice has to stand already."))
    assert change.by  # noqa: S101 -- the owner takes this step
    document = store_document(by=change.by, upload=price.evidence, subject=change.obj, purpose=EVIDENCE)
    change.set(price_set_by=price.set_by, price_notice_from=price.notice_from, price_notice_document=document)


def conclude(change: Change) -> None:
    """Keep the data of the contract."""
    interest: Interest = change.obj
    contract: Conclusion = change.data["contract"]
    _refuse_unless_proven(interest, contract)
    change.set(
        concluded_on=contract.on,
        contract_registration=contract.registration,
        no_registration_reason="" if contract.registration else contract.no_registration,
        export_certificate=contract.certificate,
        ended_at=timezone.now(),
    )


def _refuse_unless_proven(interest: Interest, contract: Conclusion) -> None:
    if contract.on > timezone.localdate(timezone=SHANGHAI):
        raise StepClosed(_("The day of the contract has not come yet."))
    if not contract.registration.strip() and not contract.no_registration.strip():
        raise StepClosed(_("Give the registration number of the contract, or say why there is none."))
    if interest.opportunity.kind != Kind.OFFER:
        return
    if counterparty_country(interest) != MAINLAND and not contract.certificate.strip():
        raise StepClosed(_("The technology leaves mainland China: give the number of the export certificate."))
    if not must_post_price(interest):
        return
    earliest = interest.price_notice_from and interest.price_notice_from + timedelta(days=NOTICE_DAYS)
    if earliest and contract.on < earliest:
        raise StepClosed(_("The contract may be made only after the notice of the price has stood for 15 days."))


def must_post_price(interest: Interest) -> bool:
    """Whether the rules on notices of negotiated prices concern it: a university offers a technology."""
    opportunity: Opportunity = interest.opportunity
    return opportunity.kind == Kind.OFFER and opportunity.owner.kind == Organisation.Kind.UNIVERSITY


def match(change: Change) -> None:
    """Mark the opportunity as matched, if the owner wants that."""
    if change.data["contract"].match:
        OPPORTUNITY.apply(change.obj.opportunity, "match", by=change.by)


def write(change: Change) -> None:
    """Add a message of the step's author; its text is no part of the step's record."""
    message: InterestMessage = change.data["message"]
    assert change.by  # noqa: S101 -- the system writes no messages
    if change.obj.messages.filter(author=change.by, idempotency_key=message.idempotency_key).exists():
        raise StepClosed(_("This message was added already."))
    message.interest, message.author, message.at = change.obj, change.by, timezone.now()
    message.side = Side.OWNER if writes_for_owner(change.by, change.obj) else Side.PERSON
    if message.uploads and message.side == Side.OWNER and (reasons := closed_to_files(change.obj)):
        raise StepClosed(_("You can write, but send no files about this technology yet."), *reasons)
    message.save()
    for upload in message.uploads:
        store_document(by=change.by, upload=upload, subject=message, purpose=ATTACHMENT)


def invite(change: Change) -> None:
    """Let an officer read what is written."""
    officer = User.objects.filter(pk=change.data["officer"], is_active=True).first()
    if officer is None or not may_be_invited(officer, change.obj):
        raise StepClosed(_("Choose an investment officer who belongs to neither side."))
    change.set(officer=officer)


def uninvite(change: Change) -> None:
    """Let no officer read what is written any more."""
    change.set(officer=None)


def decline(change: Change) -> None:
    """Keep the reason; what was open closes."""
    refusal: Refusal = change.data["refusal"]
    if refusal.reason not in Interest.Decline.values or refusal.reason == Interest.Decline.UNANSWERED:
        raise StepClosed(_("Choose one of the reasons."))
    change.set(decline_reason=refusal.reason, decline_text=refusal.text)
    end(change)


def end(change: Change) -> None:
    """Keep when it ended; what was open closes."""
    change.set(ended_at=timezone.now(), room_opened_at=None)


def lapse(change: Change) -> None:
    """End it because nobody answered."""
    change.set(decline_reason=Interest.Decline.UNANSWERED)
    end(change)


def forget(change: Change) -> None:
    """Erase what was written; that there was an interest, how it ended, and since when a notice stood, stays."""
    change.obj.messages.exclude(body=ERASED).update(body=ERASED)
    change.obj.milestones.exclude(title=ERASED).update(title=ERASED)
    gone = {name: ERASED for name in WORDS if getattr(change.obj, name)}
    change.set(**gone, price_notice_document=None, erased_at=timezone.now())


def forget_files(change: Change) -> None:
    """Erase the files, which the interest does not name any more."""
    erase_documents(files_of(change.obj))
