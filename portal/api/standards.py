"""The service standard as data: JSON for programs, CSV for spreadsheets."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import conditional_page, require_safe
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import parameters
from portal.api.describing import answers
from portal.api.views import PublicView, in_both_languages
from portal.spreadsheets import Cell, csv_lines
from portal.standards import FEWEST, Figures, Month, Period, Standing, standings
from portal.standards.wording import of_days, promised

_PLACES = 3


class StandardPeriodSerializer(serializers.Serializer):
    """The cases of some days or of a month; null where there are from one to four."""

    cases = serializers.IntegerField(allow_null=True, label=gettext_lazy("number of cases done"))
    median = serializers.FloatField(allow_null=True, label=gettext_lazy("median time taken, in working days"))
    judged = serializers.IntegerField(
        allow_null=True, label=gettext_lazy("cases with a promise, done, missed or overdue")
    )
    in_time = serializers.IntegerField(allow_null=True, label=gettext_lazy("of these done in time"))


class StandardDaysSerializer(StandardPeriodSerializer):
    """The cases of the last so many days."""

    days = serializers.IntegerField(label=gettext_lazy("how many days, counted back"))
    ninetieth = serializers.FloatField(
        allow_null=True, label=gettext_lazy("ninetieth percentile of the time taken, in working days")
    )


class StandardMonthSerializer(StandardPeriodSerializer):
    """The cases of a calendar month in Shanghai."""

    month = serializers.RegexField(r"^\d{4}-\d{2}$", label=gettext_lazy("year and month"))


class StandardPartSerializer(serializers.Serializer):
    """One topic of a service."""

    part = serializers.CharField(label=gettext_lazy("code"))
    name_en = serializers.CharField(label=gettext_lazy("name in English"))
    name_zh = serializers.CharField(label=gettext_lazy("name in Chinese"))
    periods = StandardDaysSerializer(many=True, label=gettext_lazy("the last 30 and 365 days"))
    open = serializers.IntegerField(label=gettext_lazy("open now"))
    overdue = serializers.IntegerField(label=gettext_lazy("overdue now"))


class StandardSerializer(serializers.Serializer):
    """A service: what is promised of it, and what was done."""

    key = serializers.CharField(label=gettext_lazy("short name that stays the same"))
    name_en = serializers.CharField(label=gettext_lazy("name in English"))
    name_zh = serializers.CharField(label=gettext_lazy("name in Chinese"))
    starts_en = serializers.CharField(label=gettext_lazy("what starts the clock, in English"))
    starts_zh = serializers.CharField(label=gettext_lazy("what starts the clock, in Chinese"))
    stops_en = serializers.CharField(label=gettext_lazy("what stops the clock, in English"))
    stops_zh = serializers.CharField(label=gettext_lazy("what stops the clock, in Chinese"))
    promise_en = serializers.CharField(label=gettext_lazy("what is promised, in English"))
    promise_zh = serializers.CharField(label=gettext_lazy("what is promised, in Chinese"))
    promised_days = serializers.ListField(
        child=serializers.IntegerField(),
        label=gettext_lazy("working days promised; empty where it is no number of them"),
    )
    open = serializers.IntegerField(label=gettext_lazy("open now"))
    overdue = serializers.IntegerField(label=gettext_lazy("overdue now"))
    periods = StandardDaysSerializer(many=True, label=gettext_lazy("the last 30 and 365 days"))
    months = StandardMonthSerializer(many=True, label=gettext_lazy("the last twelve months, oldest first"))
    parts = StandardPartSerializer(many=True, label=gettext_lazy("topic by topic"))


class StandardsView(PublicView):
    """The service standard."""

    @answers(
        "service_standard",
        gettext_lazy("The service standard: what is promised, and what was done"),
        inline_serializer(
            "ServiceStandard",
            {
                "counted_at": serializers.DateTimeField(label=gettext_lazy("when the figures were counted")),
                "page_en": serializers.URLField(label=gettext_lazy("page in English")),
                "page_zh": serializers.URLField(label=gettext_lazy("page in Chinese")),
                "results": StandardSerializer(many=True),
            },
        ),
    )
    def get(self, request: Request) -> Response:
        """Tell every promise with its figures."""
        parameters.check(request.query_params, single=())
        found = standings()
        english, chinese = in_both_languages("service_standard")
        return Response(
            {
                "counted_at": found[0].at if found else None,
                "page_en": english,
                "page_zh": chinese,
                "results": [_standing(standing) for standing in found],
            }
        )


def _standing(standing: Standing) -> dict[str, Any]:
    promise = standing.promise
    return {
        "key": promise.key,
        **_both("name", promise.name),
        **_both("starts", promise.starts),
        **_both("stops", promise.stops),
        **_both("promise", lazy(promised, str)(standing)),
        "promised_days": sorted(set(standing.days)),
        "open": standing.figures.open,
        "overdue": standing.figures.overdue,
        "periods": _periods(standing.figures),
        "months": [{"month": f"{month.first:%Y-%m}", **_numbers(month)} for month in standing.months],
        "parts": [
            {
                "part": part,
                **_both("name", promise.parts[part]),
                "periods": _periods(figures),
                "open": figures.open,
                "overdue": figures.overdue,
            }
            for part, figures in sorted(standing.parts.items())
        ],
    }


def _both(name: str, text: Any) -> dict[str, str]:
    found = {}
    for side, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            found[f"{name}_{side}"] = str(text)
    return found


def _periods(figures: Figures) -> list[dict[str, Any]]:
    return [
        {"days": period.days, **_numbers(period), "ninetieth": _rounded(period.ninetieth)} for period in figures.periods
    ]


def _numbers(of: Period | Month) -> dict[str, Any]:
    is_told = of.judged == 0 or of.judged >= FEWEST
    return {
        "cases": _told(of.cases),
        "median": _rounded(of.median),
        "judged": of.judged if is_told else None,
        "in_time": of.in_time if is_told else None,
    }


def _told(number: int) -> int | None:
    return number if number == 0 or number >= FEWEST else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _PLACES)


# --- As a table ---------------------------------------------------------------------------


@require_safe
@conditional_page
def standards_csv(request: HttpRequest) -> HttpResponse:
    """Give every figure as a file that spreadsheets read as text, never as formulas."""
    headings = (
        _("Service"),
        _("Topic"),
        _("Period"),
        _("Promised working days"),
        _("Cases"),
        _("Median, working days"),
        _("Ninetieth percentile, working days"),
        _("Judged"),
        _("In time"),
        pgettext("service standard", "Open now"),
        _("Overdue now"),
    )
    rows: Iterable[Iterable[Cell]] = [headings, *(row for standing in standings() for row in _rows(standing))]
    response = HttpResponse("\ufeff".encode() + csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="service-standard.csv"'
    return response


def _rows(standing: Standing) -> Iterator[list[Cell]]:
    promise = standing.promise
    name, days = str(promise.name), "–".join(str(n) for n in sorted(set(standing.days))) or str(promise.by)
    for part, figures in [("", standing.figures), *sorted(standing.parts.items())]:
        topic = str(promise.parts[part]) if part else ""
        for period in figures.periods:
            yield [name, topic, of_days(period.days), days, *_cells(period), figures.open, figures.overdue]
    for month in standing.months:
        yield [name, "", f"{month.first:%Y-%m}", days, *_cells(month), None, None]


def _cells(of: Period | Month) -> list[Cell]:
    numbers = _numbers(of)
    few = _("fewer than %(number)s cases") % {"number": FEWEST}
    ninetieth = _rounded(of.ninetieth) if isinstance(of, Period) else None
    return [
        few if numbers["cases"] is None else numbers["cases"],
        "" if numbers["median"] is None else str(numbers["median"]),
        "" if ninetieth is None else str(ninetieth),
        few if numbers["judged"] is None else numbers["judged"],
        few if numbers["in_time"] is None else numbers["in_time"],
    ]
