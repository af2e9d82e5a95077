"""Which step of an interest who may take when: written from what the product says, not from the code."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from firms.models import Membership, Organisation
from investors.forms.interests import ConcludeForm
from investors.interest_effects import Price
from investors.interest_lifecycle import INTEREST
from investors.lifecycle import OPPORTUNITY
from investors.models import Interest, InvestorProfile, Opportunity
from investors.services import interests as services
from portal.deadlines import open_deadline
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Notice
from tests.investors.conftest import make_organisation, make_user
from tests.investors.interested import contract, evidence, express, lead, posted, today, with_roles

WHO = ("signatory", "editor", "viewer", "investor", "stranger", "officer", "head", "auditor", "administrator", "system")
OWNER, BOTH = ["signatory", "editor"], ["signatory", "editor", "investor"]

_LIVE = {"invite": BOTH, "uninvite": BOTH, "decline": OWNER, "withdraw": ["investor"]}
_OPEN = {"open_room": OWNER, "close_room": OWNER, "revoke": OWNER, "restore": OWNER, "write": BOTH}
VERDICTS: dict[str, dict[str, list[str]]] = {
    "expressed": {**_LIVE, "express": ["investor"], "accept": OWNER, "remind": ["system"], "lapse": ["system"]},
    "accepted": {
        **_LIVE,
        "sign": ["investor"],
        "countersign": ["signatory"],
        "write": BOTH,
        "remind_sign": ["system"],
    },
    "confidential": {**_LIVE, **_OPEN, "negotiate": BOTH},
    "negotiating": {**_LIVE, **_OPEN, "set_price": OWNER, "conclude": ["signatory"]},
    "concluded": {**_OPEN, "uninvite": BOTH, "forget": ["system"]},
    "declined": {"forget": ["system"]},
    "withdrawn": {"forget": ["system"]},
}

type Make = Callable[..., Opportunity]


@pytest.mark.parametrize("status", Interest.Status.values)
def test_interest_steps_by_status_and_person(people: SimpleNamespace, make_opportunity: Make, status: str) -> None:
    interest = lead(express(people.investor, make_opportunity()), status, people.signatory, people.investor)

    found = {
        step: [
            who
            for who in WHO
            if step in {door.step.name for door in INTEREST.allowed(getattr(people, who, None), interest)}
        ]
        for step in INTEREST.steps
    }

    assert {step: who for step, who in found.items() if who} == VERDICTS[status]


def test_editor_of_an_organisation_speaks_for_it_and_only_its_signatory_signs(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    fund, colleague = make_organisation("Fund", kind="investor", country="SG"), make_user("colleague")
    with_roles(people, fund, editor=people.investor, signatory=colleague, viewer=people.stranger)
    interest = express(people.investor, make_opportunity(), fund)
    services.accept_interest(by=people.signatory, interest=interest)

    may = {name: INTEREST.can(user, "sign", interest) for name, user in vars(people).items()}

    assert interest.country == "SG"
    assert [name for name, allowed in may.items() if allowed] == []
    assert INTEREST.can(colleague, "sign", interest)
    assert (
        set(Interest.objects.visible_to(people.investor)) == set(Interest.objects.visible_to(colleague)) == {interest}
    )
    assert not Interest.objects.visible_to(people.stranger).exists()


@pytest.mark.parametrize(
    ("status", "confidential", "room"),
    [
        ("expressed", False, False),
        ("accepted", False, False),
        ("signed", False, False),
        ("confidential", True, False),
        ("room", True, True),
        ("revoked", False, False),
        ("negotiating", True, False),
        ("concluded", True, False),
        ("declined", False, False),
        ("withdrawn", False, False),
    ],
)
def test_tiers_open_to_who_is_interested_alone(
    people: SimpleNamespace, make_opportunity: Make, status: str, confidential: bool, room: bool
) -> None:
    interest = lead(express(people.investor, make_opportunity()), status, people.signatory, people.investor)

    def opened(user: Any) -> tuple[bool, bool]:
        objects = Interest.objects
        return objects.opening_confidential(user).exists(), objects.opening_room(user).exists()

    assert opened(people.investor) == (confidential, room)
    others = ("signatory", "editor", "viewer", "stranger", "officer", "head", "auditor", "administrator")
    assert {opened(getattr(people, name)) for name in others} == {(False, False)}
    assert interest.is_disclosed == (status in {"confidential", "room", "revoked", "negotiating", "concluded"})


def test_suspended_owner_and_ended_membership_close_the_tiers(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    fund = make_organisation("Fund")
    with_roles(people, fund, signatory=people.investor)
    lead(express(people.investor, make_opportunity(), fund), "room", people.signatory, people.investor)
    is_open = Interest.objects.opening_room(people.investor).exists

    Organisation.objects.filter(pk=firm.pk).update(status="suspended")
    suspended = is_open()
    Organisation.objects.filter(pk=firm.pk).update(status="listed")
    again = is_open()
    Membership.objects.filter(user=people.investor).update(is_active=False)

    assert (suspended, again, is_open()) == (False, True, False)


def test_nobody_expresses_interest_in_their_own_or_twice(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    opportunity, fund = make_opportunity(), make_organisation("Fund")
    with_roles(people, fund, signatory=people.investor, editor=people.stranger, viewer=people.viewer)

    with pytest.raises(NotAllowed, match="your own organisation"):
        express(people.viewer, opportunity)
    with pytest.raises(NotAllowed, match="You may not write"):
        express(people.stranger, opportunity, firm)
    express(people.investor, opportunity, fund)
    with pytest.raises(StepClosed, match="already"):
        express(people.investor, opportunity)
    with pytest.raises(StepClosed, match="already"):
        express(people.stranger, opportunity, fund)
    assert express(people.stranger, opportunity).organisation is None
    assert Interest.objects.count() == 2


def test_what_ended_may_begin_anew(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity()
    lead(express(people.investor, opportunity), "withdrawn", people.signatory, people.investor)

    assert express(people.investor, opportunity).status == "expressed"


@pytest.mark.parametrize("status", ["draft", "submitted", "withdrawn", "expired", "matched"])
def test_interest_only_in_what_is_published(people: SimpleNamespace, make_opportunity: Make, status: str) -> None:
    with pytest.raises(StepClosed, match="not offered"):
        express(people.investor, make_opportunity(status))


def test_prohibited_technology_goes_no_further(people: SimpleNamespace, make_opportunity: Make) -> None:
    interest = express(people.investor, make_opportunity(kind="technology_offered"))
    text = lead(interest, "signed", people.signatory, people.investor).agreement_text
    assert text
    Opportunity.objects.update(status="draft")
    Opportunity.objects.update(export_declaration="prohibited")

    with pytest.raises(StepClosed, match="prohibited"):
        services.countersign_agreement(by=people.signatory, interest=interest, name="Bo Owner")
    interest.acceptances.create(side="owner", text=text, text_sha256=text.sha256, signed_by=people.signatory, name="Bo")
    with pytest.raises(DatabaseError, match="prohibited"), transaction.atomic():
        Interest.objects.update(status="confidential", agreed_at=timezone.now())
    assert not Interest.objects.opening_confidential(people.investor).exists()


def test_owner_is_asked_and_silence_ends_it_with_both_told(people: SimpleNamespace, make_opportunity: Make) -> None:
    interest = express(people.investor, make_opportunity())
    remind, lapse = open_deadline(interest, "remind"), open_deadline(interest, "lapse")
    with pytest.raises(StepClosed):
        INTEREST.apply(interest, "lapse", by=None)

    with mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(days=31)):
        INTEREST.apply(interest, "lapse", by=None)

    interest.refresh_from_db()
    told = Notice.objects.filter(kind__in=["investors.interest_lapsed", "investors.interest_unanswered"])
    assert remind
    assert lapse
    assert remind.due_at < lapse.due_at
    assert (interest.status, interest.decline_reason) == ("declined", "unanswered")
    assert {notice.recipient for notice in told} == {people.signatory, people.editor, people.investor}


# --- What the end needs ------------------------------------------------------------------


@pytest.fixture
def university_offer(people: SimpleNamespace, make_opportunity: Make) -> Opportunity:
    """Return a technology offered by a university for which the signatory acts."""
    university = make_organisation("University", kind="university")
    with_roles(people, university, signatory=people.signatory)
    return make_opportunity(kind="technology_offered", owner=university)


def test_university_concludes_a_negotiated_price_after_fifteen_days_of_notice(
    people: SimpleNamespace, university_offer: Opportunity
) -> None:
    interest = lead(express(people.investor, university_offer), "negotiating", people.signatory, people.investor)

    def conclude(**values: Any) -> str:
        try:
            services.conclude_interest(by=people.signatory, interest=interest, contract=contract(**values))
        except StepClosed as closed:
            return str(closed)
        return "concluded"

    without = conclude()
    posted(people.signatory, interest, 14)
    early = conclude()
    posted(people.signatory, interest, 15)
    before = conclude(on=today() - timedelta(days=1))
    no_certificate = conclude(certificate="")
    no_registration = conclude(registration=" ")
    tomorrow = conclude(on=today() + timedelta(days=1))

    assert without == "Record first how the price was set."
    assert early.startswith("The notice of the price stands for 15 days")
    assert before == "The contract may be made only after the notice of the price has stood for 15 days."
    assert no_certificate == "The technology leaves mainland China: give the number of the export certificate."
    assert no_registration == "Give the registration number of the contract, or say why there is none."
    assert tomorrow == "The day of the contract has not come yet."
    assert conclude() == "concluded"


def test_price_by_auction_needs_no_notice_and_home_needs_no_certificate(
    people: SimpleNamespace, university_offer: Opportunity
) -> None:
    interest = express(people.investor, university_offer, country="CN")
    lead(interest, "negotiating", people.signatory, people.investor)

    services.set_price(by=people.signatory, interest=interest, price=Price("auction"))
    services.conclude_interest(by=people.signatory, interest=interest, contract=contract(certificate=""))

    assert interest.status == "concluded"


def test_whose_profile_is_abroad_needs_the_certificate_though_the_interest_says_otherwise(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    interest = express(people.investor, make_opportunity(kind="technology_offered"), country="CN")
    lead(interest, "negotiating", people.signatory, people.investor)
    asked = ["certificate" in ConcludeForm(interest=interest).fields]
    InvestorProfile.objects.create(user=people.investor, investor_type="angel", country="SG", kinds=["joint_lab"])
    interest = Interest.objects.get(pk=interest.pk)

    asked.append("certificate" in ConcludeForm(interest=interest).fields)
    with pytest.raises(StepClosed, match="export certificate"):
        services.conclude_interest(by=people.signatory, interest=interest, contract=contract(certificate=""))
    services.conclude_interest(by=people.signatory, interest=interest, contract=contract())

    assert (asked, interest.status) == ([False, True], "concluded")


@pytest.mark.parametrize("country", ["HK", "MO", "TW", "DE"])
def test_outside_mainland_china_a_technology_needs_its_certificate(
    people: SimpleNamespace, make_opportunity: Make, country: str
) -> None:
    opportunity = make_opportunity(kind="technology_offered")
    interest = express(people.investor, opportunity, country=country)
    lead(interest, "negotiating", people.signatory, people.investor)

    with pytest.raises(StepClosed, match="export certificate"):
        services.conclude_interest(by=people.signatory, interest=interest, contract=contract(certificate=""))


def test_notice_of_a_price_needs_its_day_and_its_file(people: SimpleNamespace, university_offer: Opportunity) -> None:
    interest = lead(express(people.investor, university_offer), "negotiating", people.signatory, people.investor)

    for price in (
        Price("negotiated", today()),
        Price("negotiated", None, evidence()),
        Price("negotiated", today() + timedelta(days=1), evidence()),
        Price("guessed"),
    ):
        with pytest.raises(StepClosed):
            services.set_price(by=people.signatory, interest=interest, price=price)
    interest.refresh_from_db()
    assert interest.price_set_by == ""


def test_concluding_can_mark_the_opportunity_and_tells_the_others(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    opportunity = make_opportunity()
    other = express(people.stranger, opportunity)
    interest = lead(express(people.investor, opportunity), "negotiating", people.signatory, people.investor)

    without = contract(registration="", no_registration="Equity, no technology contract", match=True)
    services.conclude_interest(by=people.signatory, interest=interest, contract=without)

    opportunity.refresh_from_db()
    other.refresh_from_db()
    told = Notice.objects.filter(kind="investors.interest_matched", channel="email")
    assert (interest.status, opportunity.status, other.status) == ("concluded", "matched", "expressed")
    assert [notice.recipient for notice in told] == [people.stranger]


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("revise", "offer_gone"), ("withdraw", "offer_gone"), ("take_down", "offer_gone"), ("match", "interest_matched"),
    ],
)  # fmt: skip
def test_those_interested_hear_when_the_offer_goes(
    people: SimpleNamespace, make_opportunity: Make, step: str, kind: str
) -> None:
    opportunity = make_opportunity()
    for person in (people.investor, people.stranger):
        express(person, opportunity)
    ended = Interest.objects.get(person=people.stranger)
    services.decline_interest(by=people.signatory, interest=ended, reason=Interest.Decline.NOT_NOW)

    staff = step == "take_down"
    OPPORTUNITY.apply(
        opportunity, step, by=people.officer if staff else people.signatory, reason="Unclear" if staff else ""
    )

    told = Notice.objects.filter(kind=f"investors.{kind}", channel="email")
    assert [notice.recipient for notice in told] == [people.investor]
    if step == "revise":  # what nobody sees any more tells nobody
        OPPORTUNITY.apply(opportunity, "withdraw", by=people.signatory)
        assert told.count() == 1


def test_officer_reads_along_only_while_invited(people: SimpleNamespace, make_opportunity: Make) -> None:
    interest = lead(express(people.investor, make_opportunity()), "confidential", people.signatory, people.investor)
    seen = Interest.objects.visible_to(people.officer).exists

    before = seen()
    services.invite_officer(by=people.investor, interest=interest)
    invited = seen()
    INTEREST.apply(interest, "uninvite", by=people.signatory)

    assert (before, invited, seen()) == (False, True, False)
    assert not Interest.objects.opening_confidential(people.officer).exists()
    assert set(Interest.objects.in_progress_of(people.auditor)) == {interest}
    assert not Interest.objects.visible_to(people.auditor).exists()
