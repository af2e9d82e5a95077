"""The owner's data room: what goes in, changes, is replaced and goes; who may."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from investors.models import DataRoom, DataRoomDocument, Opportunity
from investors.services import dataroom
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Document, HistoryEntry
from tests.investors.rooms import MARK, PDF, pdf, put

VALUES = {"tier": "confidential", "title_en": f"Business plan {MARK}", "title_zh": ""}


@pytest.fixture
def opportunity(make_opportunity: Callable[..., Opportunity]) -> Opportunity:
    return make_opportunity()


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_file_is_added_behind_the_others_and_once_for_one_click(
    people: SimpleNamespace, opportunity: Opportunity
) -> None:
    first, other = put(people.editor, opportunity), put(people.editor, opportunity, "room")
    key = uuid4()
    twice = [
        dataroom.add_room_document(by=people.editor, opportunity=opportunity, values=VALUES, upload=pdf(), key=key)
        for _click in range(2)
    ]

    assert [row.position for row in (first, other, *twice)] == [1, 1, 2, 2]
    assert DataRoomDocument.objects.count() == 3
    assert twice[0].document is not None
    assert twice[0].document.subject == twice[0]


@pytest.mark.parametrize("name", ["viewer", "investor", "stranger", "officer", "auditor", "head", "administrator"])
def test_nobody_but_writers_of_the_owner_puts_or_takes_files(
    people: SimpleNamespace, opportunity: Opportunity, name: str
) -> None:
    held, user = put(people.signatory, opportunity), getattr(people, name)

    with pytest.raises(NotAllowed):
        put(user, opportunity)
    with pytest.raises(NotAllowed):
        dataroom.withdraw_room_document(by=user, document=held)
    with pytest.raises(NotAllowed):
        dataroom.change_room_document(by=user, document=held, values={"tier": "room"})
    with pytest.raises(NotAllowed):
        dataroom.replace_room_document(by=user, document=held, upload=pdf(), key=uuid4())
    with pytest.raises(NotAllowed):
        dataroom.announce_room(by=user, opportunity=opportunity, announced="counts")


def test_replaced_file_is_withdrawn_and_the_other_stands_in_its_place(
    people: SimpleNamespace, opportunity: Opportunity
) -> None:
    first = put(people.editor, opportunity, "room")

    second = dataroom.replace_room_document(
        by=people.editor, document=first, upload=pdf(content=PDF + b"2"), key=uuid4()
    )

    assert list(DataRoomDocument.objects.current()) == [second]
    assert (second.tier, second.title, second.position, second.replaces) == ("room", first.title, 1, first)
    with pytest.raises(StepClosed):
        dataroom.withdraw_room_document(by=people.editor, document=first)


def test_room_takes_no_more_files_than_its_limit(
    people: SimpleNamespace, opportunity: Opportunity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dataroom, "MOST_FILES", 1)
    put(people.editor, opportunity)

    with pytest.raises(StepClosed):
        put(people.editor, opportunity)
    monkeypatch.setattr(dataroom, "MOST_FILES", 2)
    monkeypatch.setattr(dataroom, "MOST_BYTES", 2 * len(PDF) - 1)
    with pytest.raises(StepClosed):
        put(people.editor, opportunity)


def test_file_that_is_not_what_it_says_is_refused(people: SimpleNamespace, opportunity: Opportunity) -> None:
    fake = SimpleUploadedFile("plan.pdf", b"<script>")

    with pytest.raises(ValidationError):
        dataroom.add_room_document(by=people.editor, opportunity=opportunity, values=VALUES, upload=fake, key=uuid4())
    assert not DataRoomDocument.objects.exists()


_ADD = (
    "INSERT INTO investors_dataroomdocument (opportunity_id, document_id, replaces_id, tier, title_en, title_zh, position,"
    " added_at, idempotency_key) SELECT opportunity_id, {document}, {replaces}, 'room', '{title}', '', 1, now(),"
    " gen_random_uuid() FROM investors_dataroomdocument WHERE withdrawn_at IS NULL"
)
_ANOTHER = "(SELECT id FROM portal_document WHERE purpose = 'x')"


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM investors_dataroomdocument",
        "UPDATE investors_dataroomdocument SET withdrawn_at = NULL WHERE withdrawn_at IS NOT NULL",
        "UPDATE investors_dataroomdocument SET added_at = now()",
        "UPDATE investors_dataroomdocument SET title_en = '', title_zh = ''",
        "UPDATE investors_dataroomdocument SET tier = 'public'",
        f"UPDATE investors_dataroomdocument SET document_id = {_ANOTHER} WHERE withdrawn_at IS NOT NULL",
        _ADD.format(document="NULL", replaces="NULL", title=""),
        _ADD.format(document=_ANOTHER, replaces="NULL", title="A"),
        _ADD.format(document="NULL", replaces="id", title="A"),
    ],
)
def test_sql_of_the_application_does_not_rewrite_a_room(
    people: SimpleNamespace, opportunity: Opportunity, statement: str
) -> None:
    gone, _kept = put(people.editor, opportunity), put(people.editor, opportunity)
    dataroom.withdraw_room_document(by=people.editor, document=gone)
    Document.objects.create(
        subject=opportunity, purpose="x", file="x", name="x.pdf", size=1, media_type="application/pdf", sha256="x"
    )

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_history_keeps_no_title(people: SimpleNamespace, opportunity: Opportunity) -> None:
    held = put(people.editor, opportunity)
    dataroom.change_room_document(by=people.editor, document=held, values={"title_zh": f"计划书 {MARK}"})

    entries = HistoryEntry.objects.filter(subject_table="investors_dataroomdocument")
    assert entries.count() == 3
    assert MARK not in str(list(HistoryEntry.objects.values_list("was", "now")))


def test_owner_fills_changes_replaces_and_empties_the_room(people: SimpleNamespace, opportunity: Opportunity) -> None:
    client, page = client_of(people.editor), reverse("investors:room", args=[opportunity.slug])

    empty = client.get(page)
    refused = client.post(page, {"tier": "room", "title_en": "Plan", "key": uuid4()})
    added = client.post(page, {"tier": "room", "title_en": "Plan", "key": uuid4(), "upload": pdf()})
    held = DataRoomDocument.objects.get()
    one = reverse("investors:room_file", args=[opportunity.slug, held.pk])
    untitled = client.post(one, {"tier": "room", "position": 3})
    changed = client.post(one, {"tier": "confidential", "title_zh": "计划书", "position": 3})
    replaced = client.post(f"{one}replace/", {"key": uuid4(), "upload": pdf("next.pdf")})
    stale = client.post(f"{one}replace/", {"key": uuid4(), "upload": pdf("next.pdf")})
    second = DataRoomDocument.objects.get(replaces=held)
    gone = client.post(reverse("investors:withdraw_room_file", args=[opportunity.slug, second.pk]))

    answers = [empty, refused, added, untitled, changed, replaced, stale, gone]
    assert [answer.status_code for answer in answers] == [200, 422, 302, 422, 302, 302, 409, 302]
    assert (second.tier, second.title_zh, second.position) == ("confidential", "计划书", 3)
    assert not DataRoomDocument.objects.current().exists()
    assert client.get(one).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_room_page_asks_as_often_for_three_files_as_for_one(
    people: SimpleNamespace, opportunity: Opportunity, number: int, django_assert_max_num_queries: Any
) -> None:
    for _file in range(number):
        put(people.editor, opportunity)
    client = client_of(people.editor)

    with django_assert_max_num_queries(16):
        client.get(reverse("investors:room", args=[opportunity.slug]))


def test_owner_opens_an_own_file_and_a_viewer_does_not(people: SimpleNamespace, opportunity: Opportunity) -> None:
    held = put(people.editor, opportunity)
    assert held.document is not None
    door = f"/documents/{held.document.uid}/"

    answers = [client_of(getattr(people, name)).get(door) for name in ("signatory", "editor", "viewer")]

    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert [b"".join(answer.streaming_content) for answer in answers[:2]] == [PDF, PDF]


def test_announcement_is_kept_once(people: SimpleNamespace, opportunity: Opportunity) -> None:
    client, page = client_of(people.editor), reverse("investors:announce_room", args=[opportunity.slug])

    answers = [client.post(page, {"announced": said}).status_code for said in ("tiers", "counts", "everything", "")]

    assert answers == [302] * 4
    assert [room.announced for room in DataRoom.objects.all()] == ["counts"]


def test_history_of_an_opportunity_keeps_nothing_confidential(opportunity: Opportunity) -> None:
    Opportunity.objects.filter(pk=opportunity.pk).update(confidential_en=MARK, confidential_zh=f"{MARK} 中")
    Opportunity.objects.filter(pk=opportunity.pk).update(confidential_en=f"{MARK} again")

    entries = HistoryEntry.objects.filter(subject_table="investors_opportunity").order_by("pk")
    assert [entry.now for entry in entries][-2:] == [
        {"confidential_en": "…", "confidential_zh": "…"},
        {"confidential_en": "…"},
    ]
    assert MARK not in str(list(HistoryEntry.objects.values_list("was", "now")))
