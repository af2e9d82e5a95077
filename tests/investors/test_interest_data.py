"""Personal data in interests, and what becomes of them when organisations are merged."""

from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

from firms import merging
from firms.models import Organisation
from investors.agreements import QUEUE
from investors.models import Interest, Opportunity
from investors.services import interests as services
from investors.services.interest_data import erase_interests, interests_of, open_interests
from portal import work
from portal.models import Document, HistoryEntry
from tests.firms.merging import merge
from tests.investors.conftest import make_organisation
from tests.investors.interested import MARK, evidence, express, lead, with_roles

type Make = Callable[..., Opportunity]


def test_export_and_erasure_of_who_was_interested(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity()
    interest = lead(express(people.investor, opportunity), "confidential", people.signatory, people.investor)
    services.write_message(by=people.investor, interest=interest, text=MARK, key=uuid4(), files=[evidence()])
    work.run(QUEUE)
    held, hindered = interests_of(people.investor), list(open_interests(people.investor))
    services.decline_interest(by=people.signatory, interest=interest, reason="no_fit", text=MARK)
    files = Document.objects.count()

    erased = erase_interests(people.investor)

    interest.refresh_from_db()
    texts = [interest.message, interest.decline_text, *interest.messages.values_list("body", flat=True)]
    names = list(interest.acceptances.order_by("pk").values_list("name", flat=True))
    assert [held["expressed"][0]["message"], held["messages"][0]["text"]] == [f"We build gears. {MARK}", MARK]
    assert held["acceptances"][0]["name"] == "Ada Investor"
    assert [file["name"] for file in held["messages"][0]["files"]] == ["notice.pdf"]
    assert [file["name"][:8] for file in held["expressed"][0]["files"]] == [interest.reference[:8]]
    assert len(hindered) == 1
    assert (erased, texts, names, files) == (1, ["…"] * 3, ["…", "Bo Owner"], 2)
    assert not Document.objects.exists()
    entries = HistoryEntry.objects.filter(subject_table__startswith="investors_interest")
    assert not any(MARK in str((entry.was, entry.now)) for entry in entries)


def test_interests_follow_a_merged_organisation(people: SimpleNamespace, make_opportunity: Make) -> None:
    fund, survivor = make_organisation("Fund"), make_organisation("Survivor")
    with_roles(people, fund, signatory=people.investor)
    interest = lead(express(people.investor, make_opportunity(), fund), "room", people.signatory, people.investor)

    merge(people.registry, survivor, fund)

    interest.refresh_from_db()
    assert interest.organisation == survivor
    assert Interest.objects.opening_room(people.investor).get() == interest


def test_merge_that_makes_both_sides_one_stops(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    fund = make_organisation("Fund")
    with_roles(people, fund, signatory=people.investor)
    interest = express(people.investor, make_opportunity(), fund)

    found = [(one.stops, one.about) for one in merging.findings(firm, fund)]

    assert (True, interest) in found


def test_two_live_interests_in_one_opportunity_stop_a_merge(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity()
    fund, other = make_organisation("Fund"), make_organisation("Other")
    with_roles(people, fund, signatory=people.investor)
    with_roles(people, other, signatory=people.stranger)
    express(people.investor, opportunity, fund)
    second = express(people.stranger, opportunity, other)

    assert [(one.stops, one.about) for one in merging.findings(fund, other)] == [(True, second)]
