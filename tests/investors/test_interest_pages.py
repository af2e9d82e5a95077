"""The pages of interests: what each side sees and does, and what nobody else reads a byte of."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from investors.agreements import QUEUE
from investors.interest_lifecycle import INTEREST
from investors.models import ConfidentialityText, Interest, InterestMessage, Opportunity
from investors.services import interests as services
from portal import work
from portal.models import Document, User
from portal.roles import Role
from tests.asking import given, reached
from tests.investors.conftest import everybody, make_organisation
from tests.investors.interested import MARK, evidence, express, lead, posted, today, with_roles

type Make = Callable[..., Opportunity]

STEPS = (
    "accept", "decline", "withdraw", "sign", "countersign", "open_room", "close_room", "revoke", "restore", "negotiate",
    "set_price", "conclude", "invite", "uninvite",
)  # fmt: skip


@pytest.fixture(autouse=True)
def demonstration_staff(settings: Any) -> None:
    """Let staff in without a second factor, as the demonstration does."""
    settings.DEMONSTRATION = True


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def step_url(interest: Interest, step: str) -> str:
    return reverse("investors:interest_step", args=[interest.reference, step])


def addresses(interest: Interest) -> list[str]:
    """Return every address of one interest."""
    milestone = interest.milestones.first()
    assert milestone
    named: list[tuple[str, list[object]]] = [("interest", []), ("interest_write", []), ("interest_milestone", [])]
    named += [("settle_milestone", [milestone.pk, "do"]), *(("interest_step", list[object]([step])) for step in STEPS)]
    found = [reverse(f"investors:{name}", args=[interest.reference, *args]) for name, args in named]
    return [*found, *(reverse("document", args=[document.uid]) for document in Document.objects.all())]


@pytest.fixture
def university_interest(people: SimpleNamespace, make_opportunity: Make) -> Interest:
    """Return an interest in negotiation, with everything in it that may be private."""
    university = make_organisation("University", kind="university")
    with_roles(people, university, signatory=people.signatory)
    opportunity = make_opportunity(kind="technology_offered", owner=university)
    interest = lead(express(people.investor, opportunity), "negotiating", people.signatory, people.investor)
    services.write_message(by=people.investor, interest=interest, text=MARK, key=uuid4(), files=[evidence()])
    services.add_milestone(
        by=people.investor, interest=interest, title=MARK, due_on=today() + timedelta(days=9), key=uuid4()
    )
    posted(people.signatory, interest, 20)
    work.run(QUEUE)
    return interest


def test_nobody_but_the_two_sides_reads_a_byte(people: SimpleNamespace, university_interest: Interest) -> None:
    paths, sides = addresses(university_interest), (people.investor, people.signatory)
    accounts = {name: user for name, user in everybody(people).items() if user not in sides}
    root = client_of(accounts["root"])

    assert reached(accounts, paths, MARK) == {}
    assert {root.get(path).status_code for path in paths} <= {404, 405}
    assert (len(accounts), len(paths)) == (1 + len(Role) + 5, 4 + len(STEPS) + 3)
    university_interest.refresh_from_db()
    assert university_interest.status == "negotiating"
    assert [given(side, paths[:1], MARK) for side in sides] == [paths[:1]] * 2


def test_both_sides_read_it_and_an_invited_officer_reads_the_thread_alone(
    people: SimpleNamespace, university_interest: Interest
) -> None:
    page = university_interest.get_absolute_url()
    files = [reverse("document", args=[one.uid]) for one in Document.objects.order_by("purpose")]

    def opened(user: User) -> list[int]:
        client, found = client_of(user), []
        for path in (page, *files):
            answer = client.get(path)
            if answer.streaming:
                b"".join(answer.streaming_content)  # read to its end, the file is closed
            found.append(answer.status_code)
        return found

    before = opened(people.officer)
    services.invite_officer(by=people.investor, interest=university_interest)
    invited = opened(people.officer)
    refused = client_of(people.officer).post(reverse("investors:interest_write", args=[university_interest.reference]))
    INTEREST.apply(university_interest, "uninvite", by=people.signatory)

    assert [one.purpose for one in Document.objects.order_by("purpose")] == [
        "agreement", "interest_attachment", "price_notice",
    ]  # fmt: skip
    assert opened(people.signatory) == opened(people.investor) == [200, 200, 200, 200]
    assert before == opened(people.officer) == [404, 404, 404, 404]
    assert invited == [200, 404, 200, 404]
    assert refused.status_code == 422
    assert InterestMessage.objects.count() == 1


def test_staff_see_progress_and_no_word(people: SimpleNamespace, university_interest: Interest) -> None:
    listed = reverse("admin:investors_interest_changelist")
    page = reverse("admin:investors_interest_change", args=[university_interest.pk])

    for name in ("officer", "head", "auditor"):
        client = client_of(getattr(people, name))
        for path in (listed, page):
            answer = client.get(path)
            assert answer.status_code == 200, (name, path)
            assert MARK.encode() not in answer.content
    for name in ("registry", "norole"):
        assert client_of(getattr(people, name)).get(page).status_code in {302, 403}
    assert client_of(people.head).post(page, {"message": "x"}).status_code == 403


def test_staff_read_who_is_interested_once_both_agreed_and_never_a_person(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    opportunity, fund = make_opportunity(), make_organisation("Fund")
    with_roles(people, fund, signatory=people.stranger)
    alone = lead(express(people.investor, opportunity), "confidential", people.signatory, people.investor)
    interest = express(people.stranger, opportunity, fund)
    client = client_of(people.officer)

    def read(one: Interest) -> str:
        page = client.get(reverse("admin:investors_interest_change", args=[one.pk])).content.decode()
        return page + client.get(reverse("admin:investors_interest_changelist")).content.decode()

    before, of_person = read(interest), read(alone)
    lead(interest, "signed", people.signatory, people.stranger)
    signed = read(interest)
    services.countersign_agreement(by=people.signatory, interest=interest, name="Bo Owner")
    agreed = read(interest)

    assert ["Fund" in text for text in (before, signed, agreed)] == [False, False, True]
    assert ("an organisation" in before, "a person" in of_person) == (True, True)
    assert [person in text for person in ("Investor@", "Stranger") for text in (of_person, agreed)] == [False] * 4


def test_expressing_interest_asks_for_an_account_and_keeps_the_way(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    opportunity = make_opportunity()
    path = reverse("investors:express_interest", args=[opportunity.slug])

    asked = client_of(None).get(path)
    client = client_of(people.investor)
    empty = client.post(path, {"key": uuid4()})
    key = uuid4()
    sent = [client.post(path, {"message": f"Hello {MARK}", "country": "DE", "key": key}) for _time in range(2)]

    interest = Interest.objects.get()
    assert (asked.status_code, asked.headers["Location"]) == (302, f"/en/accounts/login/?next={path}")
    assert empty.status_code == 422
    assert [answer.headers["Location"] for answer in sent] == [interest.get_absolute_url()] * 2
    again = client.post(path, {"message": "Again", "country": "DE", "key": uuid4()})
    assert again.status_code == 409
    assert interest.get_absolute_url() in client.get(opportunity.get_absolute_url()).content.decode()


@pytest.mark.parametrize("bad", ["\x00", "a" * 3001, "\u202e", ""])
def test_hostile_words_are_refused_kindly(people: SimpleNamespace, make_opportunity: Make, bad: str) -> None:
    path = reverse("investors:express_interest", args=[make_opportunity().slug])

    answer = client_of(people.investor).post(path, {"message": bad, "country": "DE", "key": uuid4()})
    odd = client_of(people.investor).post(path, {"message": "m", "country": "XX", "organisation": "9" * 30, "key": "x"})

    assert (answer.status_code, odd.status_code) == (422, 422)
    assert not Interest.objects.exists()


def test_the_whole_way_by_the_pages(people: SimpleNamespace, make_opportunity: Make) -> None:
    interest = express(people.investor, make_opportunity())
    owner, person = client_of(people.signatory), client_of(people.investor)
    name = {"name": "Ada", "sure": "on"}
    steps = [
        (owner, "accept", {}),
        (person, "sign", name),
        (owner, "countersign", name),
        (owner, "open_room", {}),
        (owner, "revoke", {}),
        (owner, "restore", {}),
        (person, "negotiate", {}),
        (person, "invite", {}),
        (owner, "uninvite", {}),
        (owner, "conclude", {"on": str(today()), "no_registration": "Equity", "match": "on"}),
    ]

    found = []
    for client, step, data in steps:
        asked = client.get(step_url(interest, step)).status_code
        taken = client.post(step_url(interest, step), data)
        found.append((step, asked, taken.status_code))
        for reader in (owner, person):
            assert reader.get(interest.get_absolute_url()).status_code == 200

    interest.refresh_from_db()
    assert found == [(step, 200, 302) for _client, step, _data in steps]
    assert (interest.status, interest.opportunity.status) == ("concluded", "matched")
    assert person.get(step_url(interest, "withdraw")).status_code == 200
    assert person.post(step_url(interest, "withdraw")).status_code == 409
    assert person.get(step_url(interest, "lapse")).status_code == 404
    assert person.get(step_url(interest, "nonsense")).status_code == 404


def test_agreement_needs_name_and_tick(people: SimpleNamespace, make_opportunity: Make) -> None:
    interest = lead(express(people.investor, make_opportunity()), "accepted", people.signatory, people.investor)
    client = client_of(people.investor)

    shown = client.get(step_url(interest, "sign")).content.decode()
    refused = [client.post(step_url(interest, "sign"), data).status_code for data in ({"name": "Ada"}, {"sure": "on"})]

    text = interest.agreement_text
    assert text
    assert text.sha256 in shown
    assert "MODEL TEXT" in shown
    assert refused == [422, 422]
    assert not interest.acceptances.exists()


def test_messages_and_milestones_go_once(people: SimpleNamespace, make_opportunity: Make) -> None:
    interest = lead(express(people.investor, make_opportunity()), "confidential", people.signatory, people.investor)
    client, key, day = client_of(people.investor), uuid4(), str(today() + timedelta(days=3))
    write = reverse("investors:interest_write", args=[interest.reference])
    plan = reverse("investors:interest_milestone", args=[interest.reference])

    for _time in range(2):
        client.post(write, {"text": "Hello", "key": key})
        client.post(plan, {"milestone-title": "Visit", "milestone-due_on": day, "milestone-key": key})
    late = client.post(plan, {"milestone-title": "Late", "milestone-due_on": "2001-01-01", "milestone-key": uuid4()})
    milestone = interest.milestones.get()
    settle = reverse("investors:settle_milestone", args=[interest.reference, milestone.pk, "do"])
    client_of(people.signatory).post(settle)

    milestone.refresh_from_db()
    assert (interest.messages.count(), milestone.status, milestone.settled_by) == (1, "done", people.signatory)
    assert late.status_code == 409


def test_after_a_refusal_the_page_leads_to_another_interest(
    people: SimpleNamespace, make_opportunity: Make, client: Client
) -> None:
    opportunity = make_opportunity()
    page, way = opportunity.get_absolute_url(), reverse("investors:express_interest", args=[opportunity.slug])
    made = express(people.investor, opportunity)
    client.force_login(people.investor)
    live = client.get(page).content.decode()
    services.decline_interest(by=people.signatory, interest=made, reason="not_now")
    ended = client.get(page).content.decode()

    assert [f'btn-outline-primary" href="{way}"' in text for text in (live, ended)] == [False, True]
    assert [made.get_absolute_url() in text for text in (live, ended)] == [True, True]


def test_lists_of_both_sides(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity()
    interest = express(people.investor, opportunity)
    mine, of_one = reverse("investors:interests"), reverse("investors:interests_in", args=[opportunity.slug])

    def lists(user: User, path: str) -> bool:
        return interest.reference in client_of(user).get(path).content.decode()

    assert [lists(people.signatory, path) for path in (mine, of_one)] == [True, True]
    assert lists(people.investor, mine)
    assert [lists(people.stranger, mine), lists(people.viewer, mine)] == [False, False]
    assert client_of(people.investor).get(of_one).status_code == 404
    assert lists(people.investor, "/en/desk/")


@pytest.mark.parametrize("step", ["revise", "withdraw", "match"])
def test_owner_is_asked_before_a_step_takes_the_offer_from_those_interested(
    people: SimpleNamespace, make_opportunity: Make, step: str
) -> None:
    opportunity = make_opportunity()
    express(people.investor, opportunity)
    client, path = client_of(people.signatory), reverse("investors:opportunity_step", args=[opportunity.slug, step])

    asked = client.post(path)
    opportunity.refresh_from_db()
    before = opportunity.status
    client.post(path, {"sure": "yes"})
    opportunity.refresh_from_db()

    assert ("1 expression of interest in it is under way." in asked.text, before) == (True, "published")
    assert opportunity.status == {"revise": "draft", "withdraw": "withdrawn", "match": "matched"}[step]


def test_text_of_the_agreement_is_published_by_a_second_person(people: SimpleNamespace) -> None:
    first, second = client_of(people.officer), client_of(people.head)
    add = reverse("admin:investors_confidentialitytext_add")

    first.post(add, {"text_en": "New", "text_zh": "新", "seen_history": ""})
    text = ConfidentialityText.objects.get(number=2)
    publish = reverse("admin:investors_confidentialitytext_step", args=[text.pk, "publish"])
    by_author = first.post(publish)
    by_another = second.post(publish)

    text.refresh_from_db()
    current = ConfidentialityText.objects.current()
    assert (by_author.status_code, by_another.status_code) == (403, 302)
    assert (text.status, text.published_by, current) == ("published", people.head, text)
    change = reverse("admin:investors_confidentialitytext_change", args=[text.pk])
    assert first.post(change, {"text_en": "Other", "text_zh": "别"}).status_code == 403
