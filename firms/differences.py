"""The lines of an import as pages show them: each field with its name, before and after, in the reader's language."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from firms import profile
from firms.models import Certificate, ImportLine, Industry, Organisation, Subdistrict
from firms.registry.normalising import Fault
from portal import local_form

_LABELS: dict[str, str] = {"subdistrict_id": "subdistrict"}


class Field(NamedTuple):
    """One field of a line: ``before`` is empty where the firm is new."""

    label: str
    before: str
    after: str


class Line(NamedTuple):
    """One line, with what a page shows beside its code and name."""

    row: ImportLine
    fields: list[Field]
    fault: str = ""
    organisation: Organisation | None = None


def shown_lines(rows: Iterable[ImportLine]) -> list[Line]:
    """Return lines for a page; the number of queries does not grow with them."""
    rows = list(rows)
    write = _writers() if any(row.kind in _FIRMS for row in rows) else {}
    keys = [row.data["organisation"] for row in rows if row.kind == ImportLine.Kind.MISSING]
    firms = Organisation.objects.in_bulk(keys) if keys else {}
    return [
        Line(
            row,
            _fields(row, write) if row.kind in _FIRMS else [],
            reason(row.data["fault"]) if row.kind == ImportLine.Kind.BAD else "",
            firms.get(row.data.get("organisation", 0)),
        )
        for row in rows
    ]


_FIRMS = {ImportLine.Kind.NEW, ImportLine.Kind.CHANGED}


def reason(fault: str) -> str:
    """Return why a row is refused, in the reader's language."""
    known = Fault[fault]
    return known.zh if local_form.is_chinese() else known.en


def _fields(row: ImportLine, write: dict[str, Callable[[Any], str]]) -> list[Field]:
    found = []
    for column in (*_ORDER, *sorted(set(row.data) - set(_ORDER))):
        if column not in row.data or (row.kind == ImportLine.Kind.NEW and column == "name_zh"):
            continue
        before, after = row.data[column] if row.kind == ImportLine.Kind.CHANGED else (None, row.data[column])
        found.append(Field(_label(column), _written(write, column, before), _written(write, column, after)))
    return found


_ORDER = (
    *("name_zh", "name_en", "status", "certificates", "industry_code", "subdistrict_id", "address", "founded"),
    *("registered_capital", "staff", "foreign_invested", "business_scope", "telephone"),
)


def _label(column: str) -> str:
    if column == "certificates":
        return str(Certificate._meta.verbose_name_plural)
    return profile.label(_LABELS.get(column, column))


def _written(write: dict[str, Callable[[Any], str]], column: str, value: Any) -> str:
    if value is None or value in ("", []):
        return ""
    return write.get(column, str)(value)


def _writers() -> dict[str, Callable[[Any], str]]:
    """Return how values are written that are not texts, with their names looked up once."""
    places = {place.pk: str(place) for place in Subdistrict.objects.all()}
    industries = {industry.code: industry.name for industry in Industry.objects.all()}
    levels = dict(Certificate.Level.choices)
    statuses = dict(Organisation.Status.choices)

    def industry(code: str) -> str:
        name = next((industries[code[:n]] for n in (4, 3, 2) if code[:n] in industries), "")
        return f"{code} {name}".strip()

    return {
        "subdistrict_id": lambda code: places.get(code, code),
        "industry_code": industry,
        "founded": lambda text: local_form.day(date.fromisoformat(text)),
        "registered_capital": lambda number: local_form.money(Decimal(str(number))),
        "foreign_invested": lambda value: _("Yes") if value else _("No"),
        "certificates": lambda found: profile.one_line(str(levels.get(level, level)) for level in found),
        "status": lambda status: str(statuses.get(status, status)),
    }
