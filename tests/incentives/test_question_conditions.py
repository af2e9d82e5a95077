"""Conditions: which questions apply, what is required and kept then."""

from typing import Any

import pytest

from incentives import questions
from incentives.invariants import answers as wrongly_kept
from incentives.models import Application, Snapshot
from incentives.presenting import answers
from portal.models import Document
from tests.incentives import asking, make
from tests.incentives.asking import hand_in, kept, page, send, signed_in
from tests.incentives.stories import Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story(opened=make.round_of(asking.programme()))


FIRST = {"slug": "a", "kind": "yes_no"}
SEVERAL = {"slug": "b", "kind": "choice", "several": True, "options": [{"slug": "x"}, {"slug": "y"}]}
IF_YES = {"slug": "c", "kind": "text", "only_if": {"section": "s", "question": "a", "any_of": ["yes"]}}
IF_X_OR_Y = {"slug": "d", "kind": "text", "only_if": {"section": "s", "question": "b", "any_of": ["x", "y"]}}
CHAINED = {"slug": "e", "kind": "yes_no", "only_if": {"section": "s", "question": "a", "any_of": ["no"]}}
END = {"slug": "f", "kind": "text", "only_if": {"section": "t", "question": "e", "any_of": ["yes"]}}
CONTENT: dict[str, Any] = {
    "sections": [
        {"slug": "s", "questions": [FIRST, SEVERAL, IF_YES, IF_X_OR_Y]},
        {"slug": "t", "questions": [CHAINED, END]},
    ]
}


@pytest.mark.parametrize(
    ("given", "applying"),
    [
        ({}, "ab"),
        ({"s": {"a": "yes"}}, "abc"),
        ({"s": {"a": "no"}}, "abe"),
        ({"s": {"a": ""}}, "ab"),
        ({"s": {"a": ["yes"]}}, "abc"),
        ({"s": {"a": "YES"}}, "ab"),
        ({"s": {"b": ["y"]}}, "abd"),
        ({"s": {"b": []}}, "ab"),
        ({"s": {"b": ["z"]}}, "ab"),
        ({"s": {"a": {"yes": 1}, "b": 0}}, "ab"),
        ({"s": {"a": "no"}, "t": {"e": "yes"}}, "abef"),
        ({"s": {"a": "no"}, "t": {"e": "no"}}, "abe"),
        ({"s": {"a": "yes", "b": ["x"]}, "t": {"e": "yes"}}, "abcd"),
        ({"t": {"e": "yes", "a": "yes"}}, "ab"),
    ],
)
def test_which_questions_apply(given: questions.Given, applying: str) -> None:
    assert "".join(key for _section, key in questions.that_apply(CONTENT, given)) == applying


def test_submission_keeps_what_applies_and_nothing_else() -> None:
    given = {"s": {"a": "yes", "c": "kept", "d": "not asked"}, "t": {"e": "yes", "f": "nor this"}, "funding": {"z": 1}}

    assert questions.to_submit(CONTENT, given) == {"s": {"a": "yes", "c": "kept"}, "t": {}, "funding": {"z": 1}}


def test_question_that_does_not_apply_is_neither_required_nor_kept(story: Story) -> None:
    section = story.round.programme.sections.get()
    partner = section.questions.get(slug="partner")
    asking.question(section, "since", "date", condition_question=partner, condition_answers=["yes"])
    story = Story(opened=make.round_of(story.round.programme))

    assert send(story, since="no date").status_code == 302
    assert kept() == asking.KEPT
    assert send(story, partner="yes", since="no date").status_code == 422
    assert send(story, "draft", partner="yes", since="2026-02-28").status_code == 302
    assert kept() == {**asking.KEPT, "partner": "yes", "since": "2026-02-28"}
    form = signed_in(story.editor).get(page(story)).text
    assert "Answer only if you chose “Yes” for “partner?”." in form
    assert 'data-shown-if="partner" data-shown-for="yes"' in form


def test_answer_in_an_earlier_section_decides_what_a_later_one_asks(story: Story) -> None:
    made = story.round.programme
    later = made.sections.create(slug="later", title_en="Later", title_zh="后续", position=9)
    stage = made.sections.get(slug="project").questions.get(slug="stage")
    asking.question(later, "sales", "money", condition_question=stage, condition_answers=["trial"])
    asking.question(later, "note", "text", required=False)
    story = Story(opened=make.round_of(made))
    address, client = page(story, "sections/later/"), signed_in(story.editor)

    send(story, stage="research")
    assert 'name="sales"' not in client.get(address).text
    assert client.post(address, {"version": "0", "note": "x", "sales": "bad", "done": "1"}).status_code == 302
    send(story)
    assert questions.unfinished(Application.objects.get(pk=story.application.pk)) == {"later"}
    assert "In progress" in client.get(page(story, "")).text
    assert client.post(address, {"version": "1", "done": "1"}).status_code == 422
    assert client.post(address, {"version": "2", "sales": "0", "done": "1"}).status_code == 302
    send(story, stage="research")
    story.fill_rest().submit()

    assert Snapshot.objects.get().content["answers"]["later"] == {"note": ""}
    assert [[str(a) for _q, a in part.rows] for part in answers(story.application) if part.slug == "later"] == [
        ["not answered"]
    ]


def test_file_of_a_question_that_does_not_apply_is_left_out_and_stops_nothing(story: Story) -> None:
    send(story, "draft", partner="yes")
    hand_in(story)
    Document.objects.filter(purpose="application_project.agreement").update(status="infected")
    send(story)

    story.fill_rest().submit()

    assert Snapshot.objects.get().content["answers"]["project"] == asking.KEPT
    assert story.application.documents.get(slug="project.agreement").replaced is True
    assert list(wrongly_kept()) == []
