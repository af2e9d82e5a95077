"""Eligibility: criteria against facts, each with a verdict, its reason and what would change it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from incentives.facts import REGISTERED, YEARLY, Fact, Facts, Text, date_in_language, in_language, lazy_money
from portal.local_form import in_a_row


class Outcome(TextChoices):
    """What can be said."""

    PASS = "pass", _("met")
    FAIL = "fail", _("not met")
    UNKNOWN = "unknown", _("not known")


@dataclass(frozen=True)
class Rule:
    """A criterion as data: of a programme being written, or of the version an application is made under.

    ``words`` says in plain language what is asked, threshold and all, whatever title staff wrote, and ``choices`` names
    what a choice is among; the first versions published have neither.
    """

    key: str
    kind: str
    parameters: Mapping[str, Any]
    hard: bool
    title: Text
    evidence: Text = ""
    words: Text = ""
    choices: Text = ""

    @property
    def threshold(self) -> str:
        """What is asked in words, where the title does not say the same."""
        words = str(self.words)
        return "" if words == str(self.title) else words


@dataclass(frozen=True)
class Verdict:
    """What one rule says of the facts."""

    rule: Rule
    outcome: Outcome
    reason: Text
    change: Text = ""
    fact: Fact | None = None

    @property
    def stops(self) -> bool:
        """Whether it stops an application: required and not met."""
        return self.rule.hard and self.outcome == Outcome.FAIL

    @property
    def is_open(self) -> bool:
        """Whether it leaves open if one qualifies: required and not known."""
        return self.rule.hard and self.outcome == Outcome.UNKNOWN


def rules_of(content: Mapping[str, Any]) -> list[Rule]:
    """Return the rules that a version of a programme holds."""
    return [
        Rule(
            key=c["key"],
            kind=c["kind"],
            parameters=c["parameters"],
            hard=c["hard"],
            title=in_language(c["title_en"], c["title_zh"]),
            evidence=in_language(c["evidence_en"], c["evidence_zh"]),
            words=in_language(c.get("words_en", ""), c.get("words_zh", "")),
            choices=in_language(c.get("choices_en", ""), c.get("choices_zh", "")),
        )
        for c in content["criteria"]
    ]


def check(rules: Iterable[Rule], facts: Facts, *, on: date, asked: bool = False) -> list[Verdict]:
    """Return the verdict on each rule.

    Args:
        rules: the criteria.
        facts: what is known; what is missing gives ``unknown``, never a guess.
        on: the day for which ages are reckoned.
        asked: the facts are a visitor's answers, and what is missing was not answered.
    """
    return [_check_one(rule, facts, on, asked=asked) for rule in rules]


def overall(verdicts: Iterable[Verdict]) -> Outcome:
    """Return what the required criteria say together: one not met decides, one not known leaves it open."""
    outcomes = {verdict.outcome for verdict in verdicts if verdict.rule.hard}
    if Outcome.FAIL in outcomes:
        return Outcome.FAIL
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.PASS


def as_data(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Return verdicts as JSON with their words in both languages, for the record of a submission."""
    return [
        {
            "key": v.rule.key,
            "kind": v.rule.kind,
            "hard": v.rule.hard,
            "outcome": v.outcome.value,
            **_both("title", v.rule.title),
            **_both("words", v.rule.words),
            **_both("evidence", v.rule.evidence),
            **_both("change", v.change),
            **_both("reason", v.reason),
            **_both("value", v.fact.label if v.fact else ""),
            **_both("source", v.fact.source if v.fact else ""),
            "source_date": v.fact.on.isoformat() if v.fact and v.fact.on else "",
        }
        for v in verdicts
    ]


def _both(name: str, text: Text) -> dict[str, str]:
    pair = {}
    for side, language in (("en", "en"), ("zh", "zh-hans")):
        with override(language):
            pair[f"{name}_{side}"] = str(text)
    return pair


# --- One kind each: the fact it needs, and how it is judged ------------------------------


def _check_one(rule: Rule, facts: Facts, on: date, *, asked: bool) -> Verdict:
    needs, judge, change = _KINDS[rule.kind]
    fact = facts.get(needs)
    if fact is None and asked and needs not in REGISTERED:
        return Verdict(rule, Outcome.UNKNOWN, _("You did not answer this."), _("Answer it, or bring the evidence."))
    if fact is None and needs in YEARLY:
        missing = _("The yearly figures do not say. Give those of the last year that has ended, or bring the evidence.")
        return Verdict(rule, Outcome.UNKNOWN, missing, _("Give the yearly figures."))
    if fact is None and needs in REGISTERED:
        missing = _("The register of awards says it, once you check as a member of an organisation.")
        return Verdict(rule, Outcome.UNKNOWN, missing, _("Sign in as a member of an organisation."))
    if fact is None:
        missing = _("The profile does not say. Complete it, or bring the evidence.")
        return Verdict(rule, Outcome.UNKNOWN, missing, _("Complete the profile."))
    passed, reason = judge(rule, fact, on)
    if passed:
        return Verdict(rule, Outcome.PASS, reason, "", fact)
    return Verdict(rule, Outcome.FAIL, reason, change, fact)


type _Judged = tuple[bool, Text]
type _Judge = Callable[[Rule, Fact, date], _Judged]
type _Limits = tuple[Any, Any, Any]


def years_between(start: date, end: date) -> int:
    """Return the full years from one day to another; of 29 February, the next full one ends on 1 March."""
    return end.year - start.year - ((end.month, end.day) < (start.month, start.day))


def _within(parameters: Mapping[str, Any], value: Any) -> bool:
    """Whether a value is neither under the least nor over the most that is asked for."""
    under = "minimum" in parameters and value < parameters["minimum"]
    return not under and not ("maximum" in parameters and value > parameters["maximum"])


def _limits(parameters: Mapping[str, Any], words: _Limits, write: Callable[[Any], Text] = "{:,}".format) -> Text:
    """Choose the sentence that says the limits, and fill them in.

    Args:
        parameters: of the criterion, with a minimum, a maximum or both.
        words: for the minimum alone, for the maximum alone, for both.
        write: writes a limit.
    """
    ends = {end: write(parameters[end]) for end in ("minimum", "maximum") if end in parameters}
    sentence = words[2] if len(ends) == 2 else words[0] if "minimum" in ends else words[1]  # noqa: PLR2004
    return format_lazy(sentence, limit=next(iter(ends.values()), ""), most=ends.get("maximum", ""))


def _age(rule: Rule, fact: Fact, on: date) -> _Judged:
    years, parameters = years_between(fact.value, on), rule.parameters
    if years < 0:
        return False, _("The date of foundation lies ahead.")
    # The maximum is an anniversary: ten years and a day is more than ten years.
    over = "maximum" in parameters and anniversary(fact.value, parameters["maximum"]) < on
    under = "minimum" in parameters and years < parameters["minimum"]
    asked = _limits(
        parameters,
        (
            _("At least {limit} years are needed."),
            _("At most {limit} years are allowed."),
            _("{limit} to {most} years are asked for."),
        ),
        str,
    )
    founded = format_lazy(_("Founded {day}: {years} full years."), day=fact.label, years=years)
    return not (over or under), in_a_row(founded, asked)


def anniversary(day: date, years: int) -> date:
    """Return a day some years later, at most of the year 9999; of 29 February, 1 March where there is none."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)


_AMOUNTS = (
    _("At least {limit} are needed."),
    _("At most {limit} are allowed."),
    _("{limit} to {most} are asked for."),
)
_PERCENTAGES = (
    _("At least {limit} % are needed."),
    _("At most {limit} % are allowed."),
    _("{limit} % to {most} % are asked for."),
)


def _stated(fact: Fact, asked: Text) -> Text:
    return in_a_row(format_lazy(_("{value}."), value=fact.label), asked)


def _number(rule: Rule, fact: Fact, on: date) -> _Judged:
    return _within(rule.parameters, fact.value), _stated(fact, _limits(rule.parameters, _AMOUNTS))


def _money(rule: Rule, fact: Fact, on: date) -> _Judged:
    return _within(rule.parameters, fact.value), _stated(fact, _limits(rule.parameters, _AMOUNTS, lazy_money))


def _percent(rule: Rule, fact: Fact, on: date) -> _Judged:
    return _within(rule.parameters, fact.value), _stated(fact, _limits(rule.parameters, _PERCENTAGES, str))


def _any_of(rule: Rule, fact: Fact, on: date) -> _Judged:
    held = fact.value if isinstance(fact.value, frozenset) else {fact.value}
    passed = bool(held & set(rule.parameters["any_of"]))
    if str(rule.choices):
        return passed, _stated(fact, format_lazy(_("Asked for: {choices}."), choices=rule.choices))
    if passed:
        return True, format_lazy(_("{value}: one of those asked for."), value=fact.label)
    return False, format_lazy(_("{value}: none of those asked for."), value=fact.label)


def _industry(rule: Rule, fact: Fact, on: date) -> _Judged:
    asked = ", ".join(rule.parameters["prefixes"])
    reason = format_lazy(
        _("Industry code {value}. Codes that begin with {choices} are asked for."),
        value=fact.label,
        choices=rule.choices if str(rule.choices) else asked,
    )
    return fact.value.startswith(tuple(rule.parameters["prefixes"])), reason


def _is(rule: Rule, fact: Fact, on: date) -> _Judged:
    return fact.value == rule.parameters["is"], format_lazy(_("The firm is {value}."), value=fact.label)


def _awarded(rule: Rule, fact: Fact, on: date) -> _Judged:
    """Judge by the last award of the programme, which a version names beside the years."""
    last = fact.value.get(rule.parameters["programme"])
    if last is None:
        return True, _("This programme has awarded nothing to the firm so far.")
    # The years end on the anniversary: from that day on it is no longer within them.
    passed = anniversary(last, rule.parameters["years"]) <= on
    return passed, format_lazy(_("This programme awarded something to the firm on {day}."), day=date_in_language(last))


def _tax(rule: Rule, fact: Fact, on: date) -> _Judged:
    """Judge without naming the amount: it is confidential, and a verdict is read by more people than the figures."""
    limit = lazy_money(rule.parameters["minimum"])
    if fact.value < rule.parameters["minimum"]:
        return False, format_lazy(_("{value}: less than {limit}."), value=fact.label, limit=limit)
    return True, format_lazy(_("{value}: at least {limit}."), value=fact.label, limit=limit)


_LATER = _("The figures of a later year would be checked anew.")

_KINDS: dict[str, tuple[str, _Judge, Text]] = {
    "age": ("founded", _age, _("If the date is wrong, have the profile corrected.")),
    "staff": ("staff", _number, _("Staff counted at a later date would be checked anew.")),
    "capital": ("capital", _money, _("A change of the registered capital would be checked anew.")),
    "cluster": ("cluster", _any_of, _("If your business belongs there, ask the registry officer to add the cluster.")),
    "certificate": ("certificate", _any_of, _("Obtain one of the certificates, or have it added to the profile.")),
    "subdistrict": ("subdistrict", _any_of, _("A registered address in one of those subdistricts.")),
    "industry": ("industry", _industry, _("If the industry is wrong, have the profile corrected.")),
    "foreign": ("foreign", _is, _("A change of the owners would be checked anew.")),
    "rd_intensity": ("rd_intensity", _percent, _LATER),
    "growth": ("growth", _percent, _LATER),
    "awarded": ("awarded", _awarded, _("Apply again once the years have passed.")),
    "live_awards": ("live_awards", _money, _("Apply again once earlier awards are completed.")),
    "tax": ("tax", _tax, _LATER),
    "firm": ("firm", _any_of, _("The criterion names firms; nothing that you do changes it.")),
}
