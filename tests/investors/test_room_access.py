"""Nobody but the two sides reads a byte of what is confidential: by any role, verb, address, in any state."""

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, reverse

from investors.interest_lifecycle import INTEREST
from investors.models import DataRoomView, Opportunity
from investors.services import dataroom
from portal.models import User
from portal.roles import Role
from tests.asking import given, reached, said
from tests.investors.conftest import make_user
from tests.investors.interested import express, lead
from tests.investors.rooms import MARK, PDF, put
from tests.portal.test_bad_input import names_of_addresses

FORMATS: tuple[dict[str, Any], ...] = ({}, {"HTTP_ACCEPT": "application/json"}, {"HTTP_RANGE": "bytes=0-9"}, {"HTTP_IF_NONE_MATCH": "*"},
           {"HTTP_IF_MODIFIED_SINCE": "Wed, 01 Jan 2020 00:00:00 GMT"}, {"HTTP_HX_REQUEST": "true"})  # fmt: skip
"""Ways to ask that could give more than a plain GET."""


@pytest.fixture
def room(people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]) -> SimpleNamespace:
    """Return an opportunity with a mark in text, titles and files, opened to one side."""
    opportunity = make_opportunity(kind="technology_offered", confidential_en=MARK, confidential_zh=f"{MARK}中")
    files = {tier: put(people.editor, opportunity, tier) for tier in ("confidential", "room")}
    interest = express(people.investor, opportunity, country="CN")
    lead(interest, "room", people.signatory, people.investor)
    return SimpleNamespace(opportunity=opportunity, interest=interest, **files)


def paths_of(room: SimpleNamespace) -> list[str]:
    """Return every address that names the room, its files or the interest."""
    own, reference = [room.opportunity.slug], [room.interest.reference]
    files = [room.confidential, room.room]
    return [
        reverse("investors:room", args=own),
        reverse("investors:room_log", args=own),
        reverse("investors:room_log_file", args=own),
        reverse("investors:announce_room", args=own),
        *(reverse("investors:room_file", args=[*own, file.pk]) for file in files),
        *(reverse("investors:replace_room_file", args=[*own, file.pk]) for file in files),
        *(reverse("investors:withdraw_room_file", args=[*own, file.pk]) for file in files),
        *(f"/documents/{file.document.uid}/" for file in files),
        reverse("investors:interest_room", args=reference),
        reverse("investors:confidential_text", args=reference),
    ]


def client_of(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def told(clients: dict[str, Client], paths: list[str], verbs: tuple[str, ...] = ("get",)) -> dict[Any, int]:
    """Ask the whole portal for every address; return what answered with something confidential."""
    found = {}
    for name, client in clients.items():
        for path in paths:
            for verb in verbs:
                answer = getattr(client, verb)(path)
                if MARK in said(answer) or answer.status_code == 500:
                    found[name, verb, path] = answer.status_code
    return found


def others(
    people: SimpleNamespace, room: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> Iterator[Any]:
    """Yield everybody who is no side of it: staff of each role, a superuser, another investor with a room of their own."""
    yield "nobody", None
    for role in Role:
        yield role.name, getattr(people, role.name.lower())
    for name in ("norole", "viewer", "stranger"):
        yield name, getattr(people, name)
    root = make_user("root", Role.HEAD)
    root.is_superuser = True
    root.save()
    root.groups.set(Group.objects.all())
    yield "root", root
    rival = make_user("rival")
    lead(express(rival, make_opportunity(title_en="Another"), country="CN"), "room", people.signatory, rival)
    yield "another side", rival
    yield "accepted only", _accepted(people, room)


def _accepted(people: SimpleNamespace, room: SimpleNamespace) -> User:
    """Return somebody whose interest in just this was accepted, with nothing signed."""
    user = make_user("early")
    lead(express(user, room.opportunity, country="CN"), "accepted", people.signatory, user)
    return user


def test_nobody_else_reads_a_byte_by_any_verb(
    people: SimpleNamespace, room: SimpleNamespace, make_opportunity: Callable[..., Opportunity], settings: Any
) -> None:
    settings.DEMONSTRATION = True  # staff without a second factor come in
    INTEREST.apply(room.interest, "invite", by=people.signatory, officer=people.officer.pk)
    accounts, paths = dict(others(people, room, make_opportunity)), paths_of(room)
    clients = {name: client_of(accounts[name]) for name in ("nobody", "INVESTMENT", "root", "accepted only")}

    assert reached(accounts, paths, MARK) == {}
    assert told(clients, paths) == {}
    assert len(accounts) == 1 + len(Role) + 6
    assert not DataRoomView.objects.exists()
    assert [file.withdrawn_at for file in dataroom.DataRoomDocument.objects.all()] == [None, None]
    assert given(people.editor, paths, MARK) == [*paths[:2], *paths[4:6], *paths[10:12]]
    assert given(people.investor, paths, MARK) == paths[10:]


def test_mark_is_on_no_other_page_feed_file_or_admin_page(
    people: SimpleNamespace, room: SimpleNamespace, settings: Any
) -> None:
    settings.DEMONSTRATION = True
    root = make_user("root", Role.HEAD)
    root.is_superuser = True
    root.save()
    root.groups.set(Group.objects.all())
    things: list[dict[str, Any]] = [
        {}, {"slug": room.opportunity.slug}, {"reference": room.interest.reference},
        {"object_id": room.opportunity.pk}, {"object_id": room.interest.pk},
    ]  # fmt: skip
    paths = {path for name in names_of_addresses() for thing in things if (path := address(name, thing))}
    staff = sorted(
        path for path in paths if re.search(r"/admin/(investors|portal)_?/?.*(opp|inter|hist|step|noti|work)", path)
    )
    public = sorted(path for path in paths if re.search(r"/(opportunities|technology|api/v1/opp|sitemap|search)", path))
    searches = [f"{path}?q={MARK[2:-1]}" for path in public if "desk" not in path]

    assert told({"root": client_of(root)}, [*staff, *public]) == {}
    assert told({"nobody": client_of(None)}, [*public, *searches]) == {}
    assert (len(staff) > 8, len(public) > 4) == (True, True)


def address(name: str, thing: dict[str, Any]) -> str:
    """Return the address that names a thing, or nothing where there is none."""
    try:
        return reverse(name, kwargs=thing)
    except NoReverseMatch:
        return ""


def test_side_opens_its_room_and_nothing_after_the_revocation(people: SimpleNamespace, room: SimpleNamespace) -> None:
    client = client_of(people.investor)
    doors = [f"/documents/{file.document.uid}/" for file in (room.confidential, room.room)]
    text, page = paths_of(room)[-1], paths_of(room)[-2]

    answers = [client.get(door) for door in doors]
    assert [b"".join(answer.streaming_content) for answer in answers] == [PDF, PDF]
    assert MARK in said(client.get(text))
    assert MARK in said(client.get(page))
    assert {
        (a.headers.get("ETag"), a.headers.get("Last-Modified"), "no-store" in a["Cache-Control"]) for a in answers
    } == {(None, None, True)}
    INTEREST.apply(room.interest, "revoke", by=people.signatory)
    before = DataRoomView.objects.count()

    after = {(path, str(how)): client.get(path, **how) for path in (*doors, text, page) for how in FORMATS}

    assert [key for key, answer in after.items() if MARK in said(answer)] == []
    assert {answer.status_code for (path, _how), answer in after.items() if path in doors} == {404}
    assert {answer.status_code for (path, _how), answer in after.items() if path == text} == {302}
    assert DataRoomView.objects.count() == before == 3


def test_each_way_to_ask_for_a_file_is_an_opening(people: SimpleNamespace, room: SimpleNamespace) -> None:
    client, door = client_of(people.investor), f"/documents/{room.room.document.uid}/"

    answers = [client.get(door, **how) for how in FORMATS] + [client.head(door)]

    assert {answer.status_code for answer in answers} == {200}
    assert [said(answer).count(MARK) >= 1 for answer in answers] == [True] * len(FORMATS) + [False]
    assert DataRoomView.objects.filter(document=room.room, person=people.investor).count() == len(answers)


STATES = ["expressed", "accepted", "signed", "revoked", "declined", "withdrawn"]


@pytest.mark.parametrize("status", STATES)
def test_side_reads_neither_titles_nor_numbers_before_and_after(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity], status: str
) -> None:
    opportunity = make_opportunity(kind="technology_offered", confidential_en=MARK)
    room = SimpleNamespace(
        opportunity=opportunity,
        confidential=put(people.editor, opportunity),
        room=put(people.editor, opportunity, "room"),
        interest=express(people.investor, opportunity, country="CN"),
    )
    lead(room.interest, status, people.signatory, people.investor)
    client = client_of(people.investor)

    assert told({"investor": client}, paths_of(room), ("get", "head", "post")) == {}
    page = said(client.get(reverse("investors:interest_room", args=[room.interest.reference])))
    assert "1 file" not in page
    dataroom.announce_room(by=people.editor, opportunity=opportunity, announced="counts")
    page = said(client.get(reverse("investors:interest_room", args=[room.interest.reference])))
    assert page.count("1 file") == 2


def test_page_of_a_technology_taken_back_as_prohibited_says_so(people: SimpleNamespace, room: SimpleNamespace) -> None:
    client, path = client_of(people.investor), reverse("investors:interest_room", args=[room.interest.reference])
    words = ("declares that export of this technology is prohibited", "not offered at present")
    before = said(client.get(path))
    Opportunity.objects.filter(pk=room.opportunity.pk).update(status="draft")
    taken_back = said(client.get(path))
    Opportunity.objects.filter(pk=room.opportunity.pk).update(export_declaration="prohibited")
    prohibited = said(client.get(path))

    assert [[text.count(word) for word in words] for text in (before, taken_back, prohibited)] == [
        [0, 0],
        [0, 2],
        [2, 2],
    ]


@pytest.mark.parametrize(
    ("announced", "expected"), [(None, (0, 0)), ("nothing", (0, 0)), ("tiers", (1, 0)), ("counts", (1, 2))]
)
def test_public_page_says_what_the_owner_announces(
    people: SimpleNamespace, room: SimpleNamespace, announced: str | None, expected: tuple[int, int]
) -> None:
    if announced:
        dataroom.announce_room(by=people.editor, opportunity=room.opportunity, announced=announced)

    page = said(Client().get(room.opportunity.get_absolute_url()))

    assert (page.count("More after a confidentiality agreement"), page.count("1 file")) == expected
    assert MARK not in page


def test_owner_reads_who_saw_what_and_takes_it_along(people: SimpleNamespace, room: SimpleNamespace) -> None:
    theirs, client = client_of(people.investor), client_of(people.editor)
    for path in (f"/documents/{room.room.document.uid}/", paths_of(room)[-1]):
        said(theirs.get(path))
    log, file = paths_of(room)[1:3]
    queries = ["", f"?person={people.investor.pk}", f"?interest={room.interest.reference}", "?what=text",
               f"?what={room.room.pk}", f"?what={room.confidential.pk}", "?what=9&page=-1&person=x"]  # fmt: skip

    rows = {query: said(client.get(log + query)).count('<th scope="row">') for query in queries}
    lines = client.get(file).content.decode("utf-8-sig").splitlines()

    assert list(rows.values()) == [2, 2, 2, 1, 1, 0, 2]
    assert (len(lines), lines[0].split(",")[0]) == (3, "Opened")
    assert all("Investor" in line and room.interest.reference in line for line in lines[1:])
    assert client.get(reverse("investors:interest_room", args=[room.interest.reference])).status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_log_asks_as_often_for_three_openings_as_for_one(
    people: SimpleNamespace, room: SimpleNamespace, number: int, django_assert_max_num_queries: Any
) -> None:
    for _opening in range(number):
        said(client_of(people.investor).get(f"/documents/{room.room.document.uid}/"))
    client = client_of(people.editor)

    with django_assert_max_num_queries(28):
        client.get(reverse("investors:room_log", args=[room.opportunity.slug]))
    with django_assert_max_num_queries(28):
        client.get(reverse("investors:room", args=[room.opportunity.slug]))
    with django_assert_max_num_queries(28):
        client_of(people.investor).get(reverse("investors:interest_room", args=[room.interest.reference]))
