"""What the signatory declares: each by itself, kept with what is submitted in both languages, and its wording numbered."""

import json
import re
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.translation import override

from incentives import declarations, services
from incentives.models import Letter, Snapshot
from portal.lifecycle import StepClosed
from tests.incentives.stories import Story, story_in
from tests.incentives.test_pages import signed_in

pytestmark = pytest.mark.django_db

KEYS = ["complete", "funding", "relations", "publication", "authority"]
WORDINGS = {"1": "55e46a54c20d191e"}
"""By number, the digest of the words in both languages: who changes the words takes the next number."""


def page(story: Story, tail: str, language: str = "en") -> str:
    return f"/{language}/desk/applications/{story.application.uid}/{tail}/"


def test_words_have_their_number() -> None:
    made = declarations.as_data()

    assert list(declarations.KEYS) == [one["key"] for one in made["made"]] == KEYS
    digest = sha256(json.dumps(made["made"], ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    assert digest[:16] == WORDINGS[declarations.VERSION]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_each_is_a_box_of_its_own(language: str) -> None:
    story = Story().fill()

    html = signed_in(story.signatory).get(page(story, "submit", language)).text

    assert html.count('type="checkbox"') == html.count('name="declared"') == 5
    assert "checked" not in html.split('name="declared"')[1]
    with override(language):
        assert all(str(words) in html for words in declarations.WORDS.values())


@pytest.mark.parametrize(
    "declared", [[], *([key for key in KEYS if key != left] for left in KEYS), ["on"], [*KEYS, "x"], ["complete"] * 5]
)
def test_without_each_of_them_nothing_is_submitted(declared: list[str]) -> None:
    story = Story().fill()

    answer = signed_in(story.signatory).post(page(story, "submit"), {"key": str(uuid4()), "declared": declared})

    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"declared"})
    target = re.search(r'data-error-summary>.*?<a href="#([^"]+)"', answer.text, re.DOTALL)
    assert target
    assert f'id="{target[1]}"' in answer.text
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize("declared", [(), KEYS[1:], ["on"], None])
def test_service_asks_for_each_as_well(declared: Any) -> None:
    story = Story().fill()

    with pytest.raises(StepClosed, match="Make each declaration"):
        services.submit_application(application=story.application, by=story.signatory, key=uuid4(), declared=declared)

    assert not Snapshot.objects.exists()


def test_record_receipt_and_pages_keep_them_with_their_number() -> None:
    story = Story().fill().submit()
    snapshot = Snapshot.objects.get()
    kept = snapshot.content["declarations"]

    assert (kept["version"], [one["key"] for one in kept["made"]]) == (declarations.VERSION, KEYS)
    assert all(one["words_en"] != one["words_zh"] for one in kept["made"])
    for language, side in (("en", "words_en"), ("zh-hans", "words_zh")):
        letter = Letter.objects.get(kind="receipt", language=language)
        read = signed_in(story.signatory).get(page(story, "answers", language)).text
        assert all(one[side] in json.dumps(letter.content, ensure_ascii=False) for one in kept["made"])
        assert all(one[side] in read for one in kept["made"])
        assert story.signatory.name in read


def test_screening_officer_and_reviewer_read_them(settings: Any) -> None:
    settings.DEMONSTRATION = True
    submitted, reviewed = story_in("submitted"), story_in("under_review")
    assignment = reviewed.application.assignments.first()
    assert assignment
    words = declarations.as_data()["made"][1]["words_en"]
    screens = [
        (submitted.screener, f"/admin/incentives/application/{submitted.application.pk}/change/"),
        (assignment.reviewer, f"/admin/incentives/reviewassignment/{assignment.pk}/change/"),
    ]

    for user, address in screens:
        client = Client()
        client.force_login(user)
        client.cookies["django_language"] = "en"
        assert words in client.get(address, headers={"accept-language": "en"}).text


def test_submissions_of_before_have_none_to_show() -> None:
    assert declarations.made_with({"answers": {}}) == []
