"""Which firms of the registry qualify: the criteria as SQL, with the verdicts that ``eligibility`` gives one by one."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Least
from django.db.models.lookups import Exact

from firms.models import Certificate, ClusterMembership, YearlyFigure
from incentives.eligibility import Outcome, Rule, anniversary, years_between
from incentives.facts import OLDEST_FIGURES
from incentives.models import Application, Award
from portal.clock import SHANGHAI

NEVER = Q(pk__in=[])
_EVERYBODY = Q(pk__isnull=False)

RANKS: dict[Outcome, int] = {Outcome.FAIL: 0, Outcome.UNKNOWN: 1, Outcome.PASS: 2}
"""Outcomes as SQL has them: of several, the least is what they say together."""

OUTCOMES = {rank: outcome for outcome, rank in RANKS.items()}


_RANK = SmallIntegerField()


type Compile = Callable[[Mapping[str, Any], date], Expression]


def verdict(rule: Rule, *, on: date) -> Expression:
    """Return the rank of the verdict on one criterion, for a query of organisations.

    Args:
        rule: the criterion.
        on: the day for which ages are reckoned and on which certificates must be valid.
    """
    return COMPILE[rule.kind](rule.parameters, on)


def overall(rules: Iterable[Rule], *, on: date) -> Expression:
    """Return the rank of what the required criteria say together: one not met decides, one not known leaves it open.

    Whom the organisation's own row fails is not looked up in other tables.
    """
    hard = [rule for rule in rules if rule.hard]
    own = [verdict(rule, on=on) for rule in hard if rule.kind not in LOOKED_UP]
    others = [verdict(rule, on=on) for rule in hard if rule.kind in LOOKED_UP]
    if not own or not others:
        return _least(own or others)
    fails = Value(RANKS[Outcome.FAIL])
    return Case(When(Exact(_least(own), fails), then=fails), default=_least([*own, *others]), output_field=_RANK)


def _least(verdicts: list[Expression]) -> Expression:
    if len(verdicts) > 1:
        return Least(*verdicts, output_field=_RANK)
    return verdicts[0] if verdicts else Value(RANKS[Outcome.PASS], output_field=_RANK)


def ask_everybody() -> None:
    """Prepare this transaction for a question to the whole registry: it reads each table once, with one process.

    What criteria look up is kept in memory, else PostgreSQL would from some hundred thousand rows on search it anew for
    every firm; and each of several processes would look it up for itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")


# --- One kind each, as its judge in ``eligibility`` and its fact in ``facts`` have it ---------


def _judged(*, passes: Q, known: Q) -> Case:
    """Return the rank of who passes, of the others of whom it is known, and of the rest; NULL counts as no."""
    return Case(
        When(passes, then=Value(RANKS[Outcome.PASS])),
        When(known, then=Value(RANKS[Outcome.FAIL])),
        default=Value(RANKS[Outcome.UNKNOWN]),
        output_field=_RANK,
    )


def _column(name: str, passes: Q) -> Case:
    known = Q(**{f"{name}__isnull": False})
    return _judged(passes=known & passes, known=known)  # Django takes a limit beyond an integer for always true


def _age(parameters: Mapping[str, Any], on: date) -> Expression:
    """Ask for a day of foundation in a range; where it begins and ends, the engine's own reckoning decides."""
    first, last = 1, on.toordinal()  # what lies ahead fails
    if "maximum" in parameters:
        first = _first_day(lambda day: anniversary(day, parameters["maximum"]) >= on)
    if "minimum" in parameters:
        last = min(last, _first_day(lambda day: years_between(day, on) < parameters["minimum"]) - 1)
    if first > last:
        return _column("founded", NEVER)
    return _column("founded", Q(founded__range=(date.fromordinal(first), date.fromordinal(last))))


def _first_day(holds: Callable[[date], bool]) -> int:
    """Return the first day, as an ordinal, from which on something holds; one after the last, where it never does."""
    days = range(1, date.max.toordinal() + 1)
    return bisect_left(days, True, key=lambda day: holds(date.fromordinal(day))) + 1  # noqa: FBT003


def _range(column: str) -> Compile:
    bounds = {"minimum": f"{column}__gte", "maximum": f"{column}__lte"}

    def compile_range(parameters: Mapping[str, Any], on: date) -> Expression:
        return _column(column, Q(**{bounds[name]: Decimal(limit) for name, limit in parameters.items()}))

    return compile_range


def _industry(parameters: Mapping[str, Any], on: date) -> Expression:
    starts = reduce(or_, (Q(industry_code__startswith=prefix) for prefix in parameters["prefixes"]))
    return _judged(passes=starts, known=~Q(industry_code=""))


def _subdistrict(parameters: Mapping[str, Any], on: date) -> Expression:
    return _column("subdistrict", Q(subdistrict__slug__in=parameters["any_of"]))


def _foreign(parameters: Mapping[str, Any], on: date) -> Expression:
    return _column("foreign_invested", Q(foreign_invested=parameters["is"]))


def _cluster(parameters: Mapping[str, Any], on: date) -> Expression:
    """A firm whose industry is known, and which is in no cluster, is known to be in none."""
    belongs = ClusterMembership.objects.filter(excluded=False)
    asked_for = _among(belongs.filter(cluster__slug__in=parameters["any_of"]))
    return _judged(passes=asked_for, known=~Q(industry_code="") | _among(belongs))


def _certificate(parameters: Mapping[str, Any], on: date) -> Expression:
    held = Certificate.objects.valid_on(on)
    return _judged(passes=_among(held.filter(level__in=parameters["any_of"])), known=_among(held))


def _firm(parameters: Mapping[str, Any], on: date) -> Expression:
    return _column("uscc", Q(uscc__in=parameters["any_of"]))


def _among(rows: QuerySet[Any, Any], column: str = "organisation") -> Q:
    """Ask for organisations that rows are about; without a reference to the organisation, the rows are read once."""
    return Q(pk__in=rows.values(column))


def _rd_intensity(parameters: Mapping[str, Any], on: date) -> Expression:
    return _share_of_newest(_Share(F("rd_spend"), F("revenue")), parameters, on)


def _growth(parameters: Mapping[str, Any], on: date) -> Expression:
    before = YearlyFigure.objects.filter(organisation=OuterRef("organisation"), year=OuterRef("year") - 1)
    revenue_before = Subquery(before.values("revenue"))
    return _share_of_newest(_Share(F("revenue"), revenue_before, less=1), parameters, on)


def _share_of_newest(share: "_Share", parameters: Mapping[str, Any], on: date) -> Expression:
    known = Q(part__isnull=False, whole__gt=0)
    limits = (share.keeps(name, Decimal(limit)) for name, limit in parameters.items())
    return _of_newest(_judged(passes=reduce(and_, limits, known), known=known), on, part=share.part, whole=share.whole)


def _tax(parameters: Mapping[str, Any], on: date) -> Expression:
    return _of_newest(_column("tax_paid", Q(tax_paid__gte=Decimal(parameters["minimum"]))), on)


def _of_newest(rank: Expression, on: date, **values: Any) -> Expression:
    """Judge by the newest figures: looked up firm by firm, and only for those whom nothing else fails."""
    figures = YearlyFigure.objects.filter(
        organisation=OuterRef("pk"), year__gte=on.year - OLDEST_FIGURES, year__lt=on.year
    ).alias(**values)
    newest = Subquery(figures.order_by("-year").values(rank=rank)[:1])
    return Coalesce(newest, Value(RANKS[Outcome.UNKNOWN]), output_field=_RANK)


@dataclass(frozen=True)
class _Share:
    """One amount in another, less so many times the whole."""

    part: Any
    whole: Any
    less: int = 0

    def keeps(self, name: str, limit: Decimal) -> Q:
        """Say that it keeps a limit once it is rounded to one place, half away from zero, as ``firms.yearly`` does.

        Nothing is divided, so it comes out exact.

        Args:
            name: ``minimum`` or ``maximum``.
            limit: in percent; the tie before it belongs to the side that is further from zero.
        """
        is_least = name == "minimum"
        step = limit.quantize(_TENTH, rounding=ROUND_CEILING if is_least else ROUND_FLOOR)
        tie = step - _HALF if is_least else step + _HALF
        keeps_tie = (tie > 0) if is_least else (tie < 0)
        comparison = ("gt" if is_least else "lt") + ("e" if keeps_tie else "")
        return Q(**{f"part__{comparison}": F("whole") * (self.less + tie / 100)})


_TENTH, _HALF = Decimal("0.1"), Decimal("0.05")


def _awarded(parameters: Mapping[str, Any], on: date) -> Expression:
    """Look for an award of the programme since the first day whose anniversary is still to come."""
    first = _first_day(lambda day: anniversary(day, parameters["years"]) > on)
    since = datetime.combine(date.fromordinal(first), time.min, SHANGHAI)
    late = Award.objects.filter(application__round__programme=parameters["programme"], awarded_at__gte=since)
    return _judged(passes=~_among(late, "application__organisation"), known=_EVERYBODY)


def _live_awards(parameters: Mapping[str, Any], on: date) -> Expression:
    held = Award.objects.filter(application__status=Application.Status.ACTIVE).order_by()
    totals = held.values("application__organisation").annotate(total=Sum("amount"))
    beyond = totals.filter(total__gt=Decimal(parameters["maximum"]))
    return _judged(passes=~_among(beyond, "application__organisation"), known=_EVERYBODY)


COMPILE: dict[str, Compile] = {
    "age": _age,
    "staff": _range("staff"),
    "capital": _range("registered_capital"),
    "cluster": _cluster,
    "certificate": _certificate,
    "subdistrict": _subdistrict,
    "industry": _industry,
    "foreign": _foreign,
    "rd_intensity": _rd_intensity,
    "growth": _growth,
    "tax": _tax,
    "awarded": _awarded,
    "live_awards": _live_awards,
    "firm": _firm,
}
"""Every kind of criterion. One that is missing here fails a test: no programme could ask the registry by it."""

LOOKED_UP = frozenset({"cluster", "certificate", "rd_intensity", "growth", "tax", "awarded", "live_awards"})
"""Kinds that other tables answer."""
