"""Eligibility that explains itself: what is asked stands beside the verdict, for the applicant and for staff."""

import html
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override

from firms.models import Cluster
from incentives import eligibility
from incentives.facts import Fact, facts_of
from incentives.models import Snapshot
from incentives.records import content_of
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


@pytest.mark.parametrize(
    ("kind", "parameters", "known", "english", "chinese"),
    [
        (
            "staff",
            {"minimum": 10, "maximum": 300},
            60,
            "60. 10 to 300 are asked for.",
            "60。要求在10至300之间。",
        ),
        ("staff", {"maximum": 1000}, 60, "60. At most 1,000 are allowed.", "60。要求不超过1,000。"),
        (
            "capital",
            {"minimum": 2_000_000},
            1,
            "1. At least CNY 2 million are needed.",
            "1。要求不少于200万元。",
        ),
        ("growth", {"minimum": 5}, 7, "7. At least 5 % are needed.", "7。要求不低于5%。"),
        (
            "certificate",
            {"any_of": ["hnte", "little_giant"]},
            frozenset({"hnte"}),
            "known. Asked for: High and new technology enterprise, Little giant (specialised and innovative SME).",
            "known。要求为：高新技术企业、专精特新“小巨人”企业。",
        ),
        (
            "cluster",
            {"any_of": ["ai", "life"]},
            frozenset({"none"}),
            "known. Asked for: AI, Life.",
            "known。要求为：人工智能、生命健康。",
        ),
        (
            "industry",
            {"prefixes": ["65"]},
            "6513",
            "Industry code known. Codes that begin with 65 (Software and information technology services) are asked for.",
            "行业代码known。要求行业代码以下列之一开头：65（软件和信息技术服务业）。",
        ),
    ],
)
def test_verdict_says_the_limits_and_the_choices(
    kind: str, parameters: dict[str, Any], known: Any, english: str, chinese: str
) -> None:
    make.cluster("ai")
    Cluster.objects.get_or_create(slug="life", defaults={"title_en": "Life", "title_zh": "生命健康"})
    programme = make.programme()
    programme.criteria.all().delete()
    programme.criteria.create(kind=kind, parameters=parameters)
    rules = eligibility.rules_of(content_of(programme))
    label = str(known) if isinstance(known, int) else "known"

    (verdict,) = eligibility.check(rules, {kind: Fact(known, label, "registry")}, on=TODAY)

    with override("en"):
        assert str(verdict.reason) == english
    with override("zh-hans"):
        assert str(verdict.reason) == chinese
