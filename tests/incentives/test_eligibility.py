"""Eligibility: each kind with what passes, fails and cannot be known."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override

from firms.models import Organisation, YearlyFigure
from incentives.eligibility import Outcome, Rule, as_data, check, overall
from incentives.facts import YEARLY, Fact, facts_of
from incentives.forms.checking import CheckForm
from incentives.models.parameters import check_parameters
from portal.models import User
from tests.incentives import make

TODAY = date(2026, 11, 23)


def fact(value: Any) -> Fact:
    return Fact(value, str(value), "registry", date(2026, 1, 31))


def outcome(kind: str, parameters: dict[str, Any], **known: Any) -> str:
    rule = Rule("c1", kind, parameters, hard=True, title=kind)
    return str(check([rule], {name: fact(value) for name, value in known.items()}, on=TODAY)[0].outcome.value)


@pytest.mark.parametrize(
    ("kind", "parameters", "known", "expected"),
    [
        ("age", {"maximum": 10}, {"founded": date(2016, 11, 23)}, "pass"),  # the tenth anniversary itself
        ("age", {"maximum": 10}, {"founded": date(2016, 11, 22)}, "fail"),
        ("age", {"minimum": 1}, {"founded": date(2025, 11, 23)}, "pass"),
        ("age", {"minimum": 1}, {"founded": date(2025, 11, 24)}, "fail"),
        ("age", {"minimum": 0}, {"founded": date(2027, 1, 1)}, "fail"),
        ("age", {"maximum": 10}, {"founded": date(1, 1, 1)}, "fail"),
        ("age", {"maximum": 9999}, {"founded": date(9998, 2, 28)}, "fail"),
        ("age", {"maximum": 6}, {"founded": date(2020, 2, 29)}, "fail"),
        ("age", {"maximum": 10}, {}, "unknown"),
        ("staff", {"minimum": 10}, {"staff": 10}, "pass"),
        ("staff", {"minimum": 10}, {"staff": 9}, "fail"),
        ("staff", {"maximum": 300}, {"staff": 301}, "fail"),
        ("staff", {"minimum": 10}, {}, "unknown"),
        ("capital", {"minimum": 1000}, {"capital": Decimal("999.99")}, "fail"),
        ("capital", {"minimum": 1000}, {"capital": Decimal(1000)}, "pass"),
        ("cluster", {"any_of": ["ai", "life"]}, {"cluster": frozenset({"life"})}, "pass"),
        ("cluster", {"any_of": ["ai"]}, {"cluster": frozenset()}, "fail"),
        ("cluster", {"any_of": ["ai"]}, {}, "unknown"),
        ("certificate", {"any_of": ["hnte"]}, {"certificate": frozenset({"hnte", "innovative"})}, "pass"),
        ("certificate", {"any_of": ["hnte"]}, {"certificate": frozenset({"innovative"})}, "fail"),
        ("subdistrict", {"any_of": ["daqiao"]}, {"subdistrict": "daqiao"}, "pass"),
        ("subdistrict", {"any_of": ["daqiao"]}, {"subdistrict": "yinhang"}, "fail"),
        ("industry", {"prefixes": ["65"]}, {"industry": "6513"}, "pass"),
        ("industry", {"prefixes": ["65"]}, {"industry": "3965"}, "fail"),
        ("foreign", {"is": True}, {"foreign": True}, "pass"),
        ("foreign", {"is": True}, {"foreign": False}, "fail"),
        ("rd_intensity", {"minimum": 5}, {"rd_intensity": Decimal("5.0")}, "pass"),
        ("rd_intensity", {"minimum": 5}, {"rd_intensity": Decimal("4.9")}, "fail"),
        ("rd_intensity", {"minimum": 5}, {}, "unknown"),
        ("growth", {"minimum": 20}, {"growth": Decimal("-3.0")}, "fail"),
        ("growth", {"maximum": 20}, {"growth": Decimal("20.1")}, "fail"),
        ("growth", {"minimum": 0}, {"growth": Decimal("0.0")}, "pass"),
    ],
)
def test_each_kind(kind: str, parameters: dict[str, Any], known: dict[str, Any], expected: str) -> None:
    assert outcome(kind, parameters, **known) == expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([("pass", True), ("pass", True)], Outcome.PASS),
        ([("pass", True), ("fail", False)], Outcome.PASS),
        ([("unknown", True), ("pass", True)], Outcome.UNKNOWN),
        ([("unknown", True), ("fail", True)], Outcome.FAIL),
        ([], Outcome.PASS),
    ],
)
def test_overall_verdict(outcomes: list[tuple[str, bool]], expected: Outcome) -> None:
    staff = {"pass": {"staff": fact(20)}, "fail": {"staff": fact(1)}, "unknown": {}}
    verdicts = [
        check([Rule("k", "staff", {"minimum": 10}, hard=hard, title="")], staff[name], on=TODAY)[0]
        for name, hard in outcomes
    ]

    assert overall(verdicts) == expected


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("age", {}),
        ("age", {"maximum": "10"}),
        ("age", {"maximum": True}),
        ("age", {"maximum": -1}),
        ("age", {"minimum": 5, "maximum": 4}),
        ("age", {"maximum": 10, "colour": 1}),
        ("age", []),
        ("age", None),
        ("age", {"maximum": 1e400}),
        ("staff", {"minimum": 10**13}),
        ("cluster", {"any_of": []}),
        ("cluster", {"any_of": "ai"}),
        ("cluster", {"any_of": [1]}),
        ("industry", {"prefixes": ["65134"]}),
        ("industry", {"prefixes": ["％"]}),
        ("foreign", {"is": 1}),
        ("horoscope", {"is": True}),
    ],
)
def test_parameters_a_kind_does_not_understand_are_refused(kind: str, parameters: Any) -> None:
    with pytest.raises(ValidationError):
        check_parameters(kind, parameters)


def test_facts_of_organisation_name_source_and_skip_what_is_missing(db: None) -> None:
    firm = make.eligible_organisation(staff=None, founded=date(2020, 5, 1))

    facts = facts_of(firm, on=TODAY)

    assert facts.keys() == {"founded", "cluster", "certificate", "awarded", "live_awards"}
    assert (facts["founded"].value, facts["founded"].source, facts["founded"].on) == (
        date(2020, 5, 1),
        "registry",
        date(2026, 1, 31),
    )
    assert facts["cluster"].value == {"ai"}
    assert facts["certificate"].value == {"hnte"}


def test_expired_certificate_is_no_fact(db: None) -> None:
    firm = make.organisation()
    firm.certificates.create(level="hnte", expires=date(2026, 11, 22))

    assert "certificate" not in facts_of(firm, on=TODAY)
    assert "certificate" in facts_of(firm, on=date(2026, 11, 22))


def figures(firm: Organisation, year: int, source: str = "import", **given: Any) -> YearlyFigure:
    by = None if source == "import" else User.objects.create_user(f"{year}@demo.example", name="Member")
    return firm.yearly_figures.create(
        year=year, source=source, source_name="区统计局", source_date=date(2026, 3, 31), entered_by=by, **given
    )


def test_facts_of_yearly_figures(db: None) -> None:
    firm = make.organisation()
    figures(firm, 2024, revenue=Decimal(1000))
    figures(firm, 2025, revenue=Decimal(1100), rd_spend=Decimal(55))

    facts = facts_of(firm, on=TODAY)

    assert {name: (fact.value, str(fact.label)) for name, fact in facts.items() if name in YEARLY} == {
        "rd_intensity": (Decimal("5.0"), "5.0 % (2025)"),
        "growth": (Decimal("10.0"), "10.0 % (2025)"),
    }
    assert (str(facts["growth"].source), facts["growth"].on) == ("yearly figures, 区统计局", date(2026, 3, 31))
    with override("zh-hans"):
        reason = check([Rule("c", "growth", {"minimum": 20}, hard=True, title="")], facts, on=TODAY)[0].reason
        assert str(reason) == "10.0%（2025年）。要求不低于20%。"


def test_figure_that_an_officer_entered_is_not_said_to_be_the_organisations_word(db: None) -> None:
    firm = make.organisation()
    figures(firm, 2025, source="registry", revenue=Decimal(1100), rd_spend=Decimal(55))

    assert str(facts_of(firm, on=TODAY)["rd_intensity"].source) == (
        "yearly figures, entered by a registry officer and not verified"
    )


def test_growth_is_no_better_attested_than_the_year_before(db: None) -> None:
    firm = make.organisation()
    figures(firm, 2024, source="member", revenue=Decimal(1000))
    figures(firm, 2025, revenue=Decimal(1100), rd_spend=Decimal(55))

    facts = facts_of(firm, on=TODAY)

    assert [str(facts[name].source) for name in ("rd_intensity", "growth")] == [
        "yearly figures, 区统计局",
        "yearly figures, stated by the organisation",
    ]


@pytest.mark.parametrize(
    ("year", "given", "known"),
    [
        (2024, {"revenue": 10, "rd_spend": 1}, {"rd_intensity"}),
        (2023, {"revenue": 10, "rd_spend": 1}, set()),  # too long ago
        (2025, {"revenue": 0, "rd_spend": 1}, set()),
        (2025, {"rd_spend": 1}, set()),
    ],
)
def test_what_figures_do_not_say_is_no_fact(db: None, year: int, given: dict[str, int], known: set[str]) -> None:
    firm = make.organisation()
    figures(firm, year, **given)

    assert facts_of(firm, on=TODAY).keys() & YEARLY == known


def asking(kind: str, **parameters: Any) -> dict[str, Any]:
    """A programme as published that asks for one thing."""
    return {"criteria": [{"kind": kind, "parameters": parameters}], "open_to_incoming": True}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("7.5", "pass"),
        ("2", "fail"),
        ("-3", "fail"),
        ("", "unknown"),
        *((text, None) for text in ("1e9", "NaN", "1_0")),
    ],
)
def test_public_check_asks_for_shares(db: None, typed: str, expected: str | None) -> None:
    form = CheckForm({"growth": typed}, contents=[asking("growth", minimum=5)])
    rule = Rule("c", "growth", {"minimum": 5}, hard=True, title="")

    verdict = check([rule], form.facts(), on=TODAY)[0]

    assert (list(form.fields), bool(form.errors)) == (["growth", "costs"], expected is None)
    assert verdict.outcome == (expected or "unknown")


def test_record_of_verdicts_has_both_languages(db: None) -> None:
    firm = make.eligible_organisation()
    rule = Rule("c1", "age", {"maximum": 10}, hard=True, title="Age")
    with override("en"):
        recorded = as_data(check([rule], facts_of(firm, on=TODAY), on=TODAY))[0]

    assert recorded["outcome"] == "pass"
    assert recorded["value_en"] == "1 May 2020"
    assert recorded["value_zh"] == "2020年5月1日"


def test_public_check_asks_for_what_the_criteria_name_and_for_nothing_else(db: None) -> None:
    for slug in ("ai", "life"):
        make.cluster(slug)
    closed = {**asking("cluster", any_of=["ai"]), "open_to_incoming": False}
    contents = [closed, asking("certificate", any_of=["hnte"]), asking("awarded", years=3)]

    form = CheckForm(None, contents=contents)

    assert list(form.fields) == ["cluster", "certificate", "standing", "costs"]
    assert [value for value, _label in form.fields["cluster"].choices] == ["", "ai", "none"]
    assert [value for value, _label in form.fields["certificate"].choices] == ["", "hnte", "none"]
    assert list(CheckForm(None, contents=contents, known=True).fields) == ["costs"]
    assert list(CheckForm(None, contents=[]).fields) == []
