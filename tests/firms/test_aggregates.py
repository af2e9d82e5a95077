"""Public sums and medians of yearly figures: nothing in them tells the figure of one firm."""

from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from firms import aggregates, yearly
from firms.aggregates import Aggregate
from firms.models import Cluster, ClusterMembership, Organisation, YearlyFigure
from portal.models import User
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser

YEAR = yearly.last_ended_year()
_numbers = count(1)


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user("officer", Role.REGISTRY)


@pytest.fixture
def cluster(db: None) -> Cluster:
    return Cluster.objects.create(slug="test", title_en="Test", title_zh="测试")


@pytest.fixture
def add(make_firm: MakeFirm, officer: User, cluster: Cluster) -> MakeFirm:
    """Return a function that adds a firm of the cluster with its figures."""

    def make(
        *, source: str = "import", is_verified: bool = False, excluded: bool = False, **fields: object
    ) -> Organisation:
        number = next(_numbers)
        status = fields.pop("status", "listed")
        kind = fields.pop("kind", "firm")
        firm = make_firm(
            f"上海聚合{number}有限公司", slug=f"sum-{number}", status=status, kind=kind, industry_code="0111"
        )
        ClusterMembership.objects.create(organisation=firm, cluster=cluster, excluded=excluded)
        figure = YearlyFigure.objects.create(
            organisation=firm, year=YEAR, source=source, entered_by=officer, source_date="2026-01-01", **fields
        )
        if is_verified:
            YearlyFigure.objects.filter(pk=figure.pk).update(
                verified_at="2026-01-02T00:00Z", verified_by=officer, evidence="x"
            )
        return firm

    return make


def revenue(cluster: Cluster | None = None, year: int = YEAR) -> Aggregate | None:
    return aggregates.of_year(year, cluster=cluster)["revenue"]


def test_sums_and_medians_over_five_firms(add: MakeFirm, cluster: Cluster) -> None:
    for amount in (1, 2, 3, 4, 990):
        add(revenue=Decimal(amount) * 1_000_000 + 7, staff=amount)
    add(revenue=None, staff=10)

    found = aggregates.of_year(YEAR, cluster=cluster)

    assert found["revenue"] is None  # one firm makes up 99 % of it
    assert found["staff"] is None
    for _time in range(5):
        add(revenue=Decimal(300_123_456), staff=300)
    found = aggregates.of_year(YEAR, cluster=cluster)
    assert found["revenue"] == Aggregate(10, Decimal(2_500_000_000), Decimal(300_000_000))
    assert found["staff"] == Aggregate(10, Decimal(2210), Decimal(155))
    assert {name for name, value in found.items() if value is None} == {"rd_spend", "tax_paid", "total_assets"}
    assert aggregates.of_year(YEAR - 1, cluster=cluster)["revenue"] is None


def test_fewer_than_five_are_not_shown(add: MakeFirm, cluster: Cluster) -> None:
    for _time in range(4):
        add(revenue=Decimal(100))
    before = revenue(cluster)
    add(revenue=Decimal(100))

    assert (before, revenue(cluster)) == (None, Aggregate(5, Decimal(500), Decimal(100)))


def test_next_firm_does_not_show_until_five_are_together(add: MakeFirm, cluster: Cluster) -> None:
    for _time in range(5):
        add(revenue=Decimal(100))
    shown = {revenue(cluster)}
    for _time in range(4):
        add(revenue=Decimal(777))
        shown.add(revenue(cluster))
    add(revenue=Decimal(777))

    assert shown == {Aggregate(5, Decimal(500), Decimal(100))}
    assert revenue(cluster) == Aggregate(10, Decimal(4380), Decimal(438))


@pytest.mark.parametrize(
    "other",
    [
        {"source": "member"},  # its own word
        {"status": "unlisted"},
        {"kind": "university"},
        {"excluded": True},
    ],
)
def test_what_does_not_count(add: MakeFirm, cluster: Cluster, other: dict[str, object]) -> None:
    for _time in range(4):
        add(revenue=Decimal(100))
    add(revenue=Decimal(100), **other)

    assert revenue(cluster) is None


def test_what_a_firm_states_counts_once_it_is_verified(add: MakeFirm, cluster: Cluster) -> None:
    for _time in range(4):
        add(revenue=Decimal(100))
    add(revenue=Decimal(100), source="member", is_verified=True)

    assert revenue(cluster) == Aggregate(5, Decimal(500), Decimal(100))
    assert revenue() == Aggregate(5, Decimal(500), Decimal(100))


def test_nothing_but_zeros_is_not_shown(add: MakeFirm, cluster: Cluster) -> None:
    for _time in range(5):
        add(revenue=Decimal(0))

    assert revenue(cluster) is None


@pytest.mark.parametrize(
    ("value", "expected"), [("0", "0"), ("1234567.89", "1230000"), ("99.96", "100"), ("0.01", "0.01"), ("5", "5")]
)
def test_rounding_to_three_digits(value: str, expected: str) -> None:
    assert aggregates.rounded(Decimal(value)) == Decimal(expected)


def test_page_part_takes_one_query_a_year(add: MakeFirm, cluster: Cluster) -> None:
    part = Template("{% load firms %}{% yearly_aggregates cluster=cluster %}")
    empty = part.render(Context({"cluster": cluster}))
    for _time in range(5):
        add(revenue=Decimal(3_000_000), staff=20)

    with CaptureQueriesContext(connection) as queries:
        text = part.render(Context({"cluster": cluster}))

    assert empty.strip() == ""
    assert [
        word for word in ("CNY 15 million", "CNY 3 million", ">100<", ">20<", f"Figures of {YEAR}") if word not in text
    ] == []
    assert len(queries) == 2
