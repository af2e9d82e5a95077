"""Eligibility that explains itself: what is asked stands beside the verdict, for the applicant and for staff."""

import html
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from incentives import eligibility
from incentives.facts import facts_of
from incentives.models import Snapshot
from tests.incentives import make
from tests.incentives.stories import Story
from tests.incentives.test_eligibility import TODAY

pytestmark = pytest.mark.django_db

AGE = {
    "key": "c1",
    "kind": "age",
    "parameters": {"maximum": 3},
    "hard": True,
    "title_en": "A young firm",
    "title_zh": "初创企业",
    "evidence_en": "Business licence",
    "evidence_zh": "营业执照",
    "words_en": "The firm was founded at most 3 years ago.",
    "words_zh": "企业成立不超过3年。",
}
OLD = {key: value for key, value in AGE.items() if not key.startswith("words_")}


def verdict_of(criterion: dict[str, Any]) -> eligibility.Verdict:
    firm = make.organisation()
    return eligibility.check(eligibility.rules_of({"criteria": [criterion]}), facts_of(firm, on=TODAY), on=TODAY)[0]


@pytest.mark.parametrize(
    ("criterion", "english", "chinese"),
    [
        (AGE, AGE["words_en"], AGE["words_zh"]),
        (AGE | {"title_en": AGE["words_en"]}, "", AGE["words_zh"]),
        (OLD, "", ""),
    ],
)
def test_threshold_is_told_where_the_title_does_not_say_it(
    criterion: dict[str, Any], english: str, chinese: str
) -> None:
    verdict = verdict_of(criterion)
    told = {}
    for language in ("en", "zh-hans"):
        with override(language):
            told[language] = verdict.rule.threshold
            shown = html.unescape(render_to_string("incentives/_verdicts.html", {"verdicts": [verdict]}))
            assert ("What is asked:" in shown or "申报要求：" in shown) == bool(told[language])
            assert told[language] in shown

    assert told == {"en": english, "zh-hans": chinese}


def test_record_keeps_threshold_evidence_and_what_would_change_it_in_both_languages() -> None:
    (recorded,) = eligibility.as_data([verdict_of(AGE)])

    assert recorded["outcome"] == "fail"
    assert {name: recorded[name] for name in ("words_en", "words_zh", "evidence_en", "evidence_zh")} == {
        name: AGE[name] for name in ("words_en", "words_zh", "evidence_en", "evidence_zh")
    }
    assert recorded["change_en"] == "If the date is wrong, have the profile corrected."
    assert recorded["change_zh"] not in {"", recorded["change_en"]}


def test_staff_read_what_was_asked_and_what_would_change_it(settings: Any) -> None:
    settings.DEMONSTRATION = True
    story = Story()
    story.firm.certificates.all().delete()
    story.fill().submit()
    client = Client()
    client.force_login(story.screener)

    shown = html.unescape(client.get(f"/admin/incentives/application/{story.application.pk}/change/").text)

    verdicts = Snapshot.objects.get().content["eligibility"]
    told = [v[name] for v in verdicts for name in ("words_en", "change_en") if v[name]]
    assert len(told) > len(verdicts)
    assert [text for text in told if text not in shown] == []


def test_submissions_of_early_days_without_these_words_are_shown() -> None:
    (recorded,) = eligibility.as_data([verdict_of(AGE)])
    old = {key: value for key, value in recorded.items() if not key.startswith(("words", "evidence", "change"))}

    shown = render_to_string("incentives/admin/_submitted.html", {"verdicts": [old]})

    told = [words in shown for words in ("A young firm", "Evidence:", "What would change it:")]
    assert told == [True, False, False]
