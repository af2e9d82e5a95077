"""The criteria as SQL give the same verdicts as the engine, for every firm, kind and day."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle, product
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from firms.models import Certificate, ClusterMembership, Organisation, Subdistrict, YearlyFigure
from incentives import eligibility, qualifying
from incentives.eligibility import Outcome, Rule
from incentives.facts import Facts, facts_of
from incentives.models import Application, Award, Criterion, Programme
from incentives.models.parameters import KINDS, check_parameters
from portal.clock import SHANGHAI
from tests.incentives import make

FIRMS = 120
DAYS = [
    *(date(2026, 11, 23), date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 1), date(2024, 3, 1), date(2026, 1, 1)),
    date(2026, 12, 31),
]
ANNIVERSARIES = [
    date(day.year - years, 3 if day.day == 29 else day.month, 1 if day.day == 29 else day.day)
    for day in DAYS
    for years in (1, 5, 10)
]
FOUNDED = [
    *(day + timedelta(days=shift) for day in ANNIVERSARIES for shift in (-1, 0, 1)),
    *(None, date(2016, 11, 23), date(2016, 11, 22), date(2016, 11, 24), date(2020, 2, 29), date(2016, 2, 29)),
    *(date(2020, 2, 28), date(2020, 3, 1), date(2026, 11, 24), date(2027, 1, 1), date(1, 1, 1), date(1992, 7, 1)),
    *(date(2015, 3, 1), date(2015, 2, 28), date(2025, 11, 23), date(2023, 12, 31), date(9999, 12, 31)),
]
STAFF = [None, 0, 1, 9, 10, 11, 299, 300, 2_000_000_000]
CAPITAL = [None, *map(Decimal, ("0", "999.99", "1000", "1000.01", "1000000000000"))]
INDUSTRY = ["", "6513", "65", "3965", "651"]
# Growth of 4.95 % but for the seventeenth place after the point: 4.9 %, which fewer places would make 5.0.
BESIDE_THE_TIE = ("900000000018.99", "944550000019.93")
CLUSTERS, LEVELS = ["ai", "life", "empty"], [*Certificate.Level.values]
# Of these revenues and spends the shares lie on the ties of rounding, or as near beside them as the columns allow.
FIGURES: list[tuple[str | None, str | None]] = [
    *(
        ("1000", "9.5"),
        ("1000", "49.5"),
        ("1000", "49.49"),
        ("1000", "50"),
        ("0", "5"),
        (None, "5"),
        ("1000", None),
        ("1000", "0"),
    ),
    *(("999500", "1"), ("1000000", "49500"), ("1050000", "52499.99"), ("1049500", None), ("1049499.99", None)),
    *(("999999999999.99", "49499999999.99"), ("999999999999.97", "49500000000"), ("0.01", "999999999999.99")),
    *(("999500.01", "0.01"), ("999499.99", None), ("3", "0.15"), ("7", "0.35"), ("0.03", "0.01")),
]


def varied_firms() -> list[Organisation]:
    """Make firms in which every value meets many others, some with nothing known."""
    chance = random.Random(7)  # noqa: S311 -- the same firms every time
    places = [None, *Subdistrict.objects.order_by("pk")[:3]]
    clusters = [make.cluster(slug) for slug in CLUSTERS[:2]]
    pools = [cycle(chance.sample(pool, len(pool))) for pool in (FOUNDED, STAFF, CAPITAL, INDUSTRY, places)]
    owned = cycle([None, True, False])
    firms = Organisation.objects.bulk_create(
        Organisation(
            slug=f"varied-{number}",
            status=Organisation.Status.LISTED,
            name_zh=f"示例企业{number}",
            source="registry",
            foreign_invested=next(owned),
            uscc=_code(number) if number % 3 else None,
            **dict(
                zip(
                    ("founded", "staff", "registered_capital", "industry_code", "subdistrict"),
                    map(next, pools),
                    strict=True,
                )
            ),
        )
        for number in range(FIRMS)
    )
    belongs, held, figures = [], [], []
    edges = [None, *(day + timedelta(days=shift) for day in DAYS for shift in (-1, 0, 1))]
    for number, firm in enumerate(firms):
        for cluster in chance.sample(clusters, chance.randint(0, 2)):
            by_hand = {"excluded": chance.random() < 0.4, "reason": "示例"}
            belongs.append(ClusterMembership(organisation=firm, cluster=cluster, **by_hand))
        for level in chance.sample(LEVELS, chance.randint(0, 2)):
            issued, expires = chance.choice(edges), chance.choice(edges)
            if issued and expires and issued >= expires:
                issued, expires = (expires, issued) if issued > expires else (issued, None)
            held.append(Certificate(organisation=firm, level=level, issued=issued, expires=expires))
        for year in chance.sample(range(2020, 2026), chance.randint(0, 4)) if number % 4 else []:
            revenue, spend = chance.choice(FIGURES)
            figures.append(_figure(firm, year, revenue, spend))
        if number % 4 == 0:
            revenue, spend = FIGURES[number // 4 % len(FIGURES)]
            figures += [_figure(firm, 2024, "1000000", None), _figure(firm, 2025, revenue, spend)]
    _award(chance, firms[:60])
    beside = make.organisation(staff=5)
    figures += [_figure(beside, 2024 + place, revenue, None) for place, revenue in enumerate(BESIDE_THE_TIE)]
    ClusterMembership.objects.bulk_create(belongs)
    Certificate.objects.bulk_create(held)
    YearlyFigure.objects.bulk_create(figures)
    live = ClusterMembership.objects.select_related("cluster")
    return list(
        Organisation.objects.select_related("subdistrict").prefetch_related(
            "certificates", "yearly_figures", Prefetch("cluster_memberships", live)
        )
    )


_TO_ACTIVE = ("submitted", "under_review", "recommended", "public_notice", "offered", "active")


def _award(chance: random.Random, firms: list[Organisation]) -> None:
    """Give firms awards of two programmes on days whose anniversaries are edges, by Shanghai's midnight."""
    rounds = [make.round_of(make.programme(slug=f"awarding-{number}")) for number in range(2)]
    for opened in rounds:
        drafts = [make.draft(opened, firm) for firm in chance.sample(firms, 40)]
        found = Application.objects.filter(round=opened)
        for draft in drafts:
            Application.objects.filter(pk=draft.pk).update(number=f"A{draft.pk}", submitted_at=timezone.now())
        for status in _TO_ACTIVE:
            lagging = [draft.pk for draft in drafts[:5]] if status == "active" else []
            found.exclude(pk__in=lagging).update(status=status)
        for draft in drafts:
            day = chance.choice(ANNIVERSARIES) + timedelta(days=chance.choice((-1, 0, 1)))
            at = datetime.combine(day, chance.choice((time.min, time.max)), SHANGHAI)
            amount = Decimal(chance.choice(("500000", "500000.01", "250000")))
            Award.objects.create(application=draft, amount=amount, awarded_at=at)


def _code(number: int) -> str:
    code = f"91310110MA1{number:06d}"
    return code + uscc.calc_check_digit(code)


def _figure(firm: Organisation, year: int, revenue: str | None, spend: str | None) -> YearlyFigure:
    amounts = {"revenue": revenue, "rd_spend": spend, "tax_paid": spend, "total_assets": "1"}
    return YearlyFigure(
        organisation=firm,
        year=year,
        source="import",
        source_name="区统计局",
        source_date=date(2026, 3, 31),
        **{name: None if amount is None else Decimal(amount) for name, amount in amounts.items()},
    )


def _limits(*values: int) -> st.SearchStrategy[dict[str, Any]]:
    ends = st.lists(st.sampled_from(values), min_size=2, max_size=2).map(sorted)
    return st.tuples(ends, st.sampled_from(["minimum", "maximum", "both"])).map(
        lambda drawn: {
            name: value
            for name, value in zip(("minimum", "maximum"), drawn[0], strict=True)
            if drawn[1] in {name, "both"}
        }
    )


def _some(name: str, values: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(lambda some: {name: some})


PARAMETERS: dict[str, Callable[[], st.SearchStrategy[dict[str, Any]]]] = {
    "age": lambda: _limits(0, 1, 4, 5, 6, 9, 10, 11, 2025, 7999, 10**12),
    "staff": lambda: _limits(0, 1, 9, 10, 11, 300, 2**31, 10**12),
    "capital": lambda: _limits(0, 999, 1000, 1001, 10**12),
    "cluster": lambda: _some("any_of", [*CLUSTERS, "nowhere"]),
    "certificate": lambda: _some("any_of", LEVELS),
    "subdistrict": lambda: _some("any_of", [*Subdistrict.objects.values_list("slug", flat=True), "nowhere"]),
    "industry": lambda: _some("prefixes", ["6", "65", "651", "6513", "39", "9", "A"]),
    "foreign": lambda: st.sampled_from([{"is": True}, {"is": False}]),
    "rd_intensity": lambda: _limits(0, 1, 4, 5, 6, 33, 100, 10**12),
    "growth": lambda: _limits(0, 1, 4, 5, 6, 33, 100, 10**12),
    "tax": lambda: st.sampled_from([0, 1, 50, 52_499, 52_500, 10**12]).map(lambda least: {"minimum": least}),
    "awarded": lambda: st.tuples(
        st.sampled_from([1, 5, 10]), st.sampled_from(list(Programme.objects.values_list("pk", flat=True)))
    ).map(lambda drawn: {"years": drawn[0], "programme": drawn[1]}),
    "live_awards": lambda: st.sampled_from([0, 250_000, 499_999, 500_000, 750_000, 10**12]).map(
        lambda most: {"maximum": most}
    ),
    "firm": lambda: _some("any_of", list(Organisation.objects.exclude(uscc=None).values_list("uscc", flat=True)[:9])),
}
ALWAYS_KNOWN = {("awarded", Outcome.UNKNOWN), ("live_awards", Outcome.UNKNOWN)}
"""The register of awards says something of every firm."""


def test_every_kind_of_criterion_is_compiled_and_drawn() -> None:
    kinds = set(KINDS)

    assert (set(qualifying.COMPILE), set(PARAMETERS), set(Criterion.Kind.values)) == (kinds, kinds, kinds)


def test_sql_and_engine_agree_on_every_firm(db: None) -> None:
    with transaction.atomic():
        _compare()
        transaction.set_rollback(True)  # the awards have neither decisions nor money


def _compare() -> None:
    firms = varied_firms()
    one_of_each = [
        st.tuples(st.just(kind), draw(), st.booleans()).map(lambda drawn: Rule("", drawn[0], drawn[1], drawn[2], ""))
        for kind, draw in PARAMETERS.items()
    ]
    met: set[tuple[str, Outcome]] = set()
    facts: dict[date, list[Facts]] = {}

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(
        rules=st.tuples(*one_of_each).flatmap(st.permutations).map(lambda all_of: all_of[:6]), on=st.sampled_from(DAYS)
    )
    def agree(rules: list[Rule], on: date) -> None:
        for rule in rules:
            typed = {name: value for name, value in rule.parameters.items() if name != "programme"}
            check_parameters(rule.kind, typed)  # a version names the programme beside the years
        asked = [*(qualifying.verdict(rule, on=on) for rule in rules), qualifying.overall(rules, on=on)]
        columns: dict[str, Any] = {f"verdict{place}": expression for place, expression in enumerate(asked)}
        found = Organisation.objects.annotate(**columns).values_list("pk", *columns)
        by_sql = {row[0]: list(row[1:]) for row in found}
        if on not in facts:
            facts[on] = [facts_of(firm, on=on) for firm in firms]
        for firm, known in zip(firms, facts[on], strict=True):
            verdicts = eligibility.check(rules, known, on=on)
            outcomes = [*(verdict.outcome for verdict in verdicts), eligibility.overall(verdicts)]
            assert by_sql[firm.pk] == [qualifying.RANKS[outcome] for outcome in outcomes], (firm.slug, rules, on)
            met.update((verdict.rule.kind, verdict.outcome) for verdict in verdicts)

    agree()
    assert (
        met == set(product(PARAMETERS, Outcome)) - ALWAYS_KNOWN
    )  # every kind gave every verdict: none agrees by saying nothing


def test_programme_without_required_criteria_takes_every_firm(db: None) -> None:
    firm = make.organisation(staff=1)
    preferred = Rule("", "staff", {"minimum": 10}, hard=False, title="")

    found = Organisation.objects.annotate(rank=qualifying.overall([preferred], on=DAYS[0]))

    assert list(found.values_list("pk", "rank")) == [(firm.pk, qualifying.RANKS[Outcome.PASS])]
