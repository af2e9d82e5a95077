"""The real registry file, read and applied: every number of the expectation."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db.models import Count, Max, Min, Sum

from firms.models import Organisation
from firms.registry.reading import read_table
from firms.registry.rows import Reading, read_rows
from firms.services.imports import _subdistricts, import_registry
from portal.environment import BASE_DIR

REGISTRY = BASE_DIR / "firms" / "demonstration" / "registry-2026.xlsx"
EXPECTED = json.loads((Path(__file__).parent / "fixtures" / "registry-2026.expected.json").read_text())
TODAY = date(2026, 11, 1)


@pytest.fixture
def reading(db: None) -> Reading:
    return read_rows(read_table(REGISTRY), today=TODAY, subdistricts=_subdistricts())


def test_registry_file_gives_expected_faults(reading: Reading) -> None:
    faults = Counter(refusal.fault.name for refusal in reading.refusals)

    wanted = EXPECTED["bad_rows_by_fault"]
    assert len(reading.refusals) == EXPECTED["bad_rows"]
    assert faults == {
        "CHECKSUM": wanted["checksum"] + wanted["letter_o"] + wanted["totals_line"],
        "MISSING_CODE": wanted["missing_code"],
        "MISSING_NAME": wanted["missing_name"],
        "SUBDISTRICT": wanted["unknown_street"],
        "DATE": wanted["bad_date"],
        "FUTURE": wanted["future_date"],
        "STAFF": wanted["bad_staff"],
        "CAPITAL": 9,
        "CAPITAL_NEGATIVE": wanted["bad_capital"] - 9,
        "INDUSTRY": wanted["bad_industry"],
        "NAME_CONFLICT": wanted["name_conflict"],
    }


def test_registry_file_imported_twice_changes_nothing_the_second_time(db: None) -> None:
    first = import_registry(path=REGISTRY, today=TODAY)
    second = import_registry(path=REGISTRY, today=TODAY)

    assert first.counts() == {
        "rows": 7196,
        "created": EXPECTED["firms"],
        "updated": 0,
        "unchanged": 0,
        "duplicates": EXPECTED["duplicate_rows"],
        "blank": EXPECTED["blank_rows"],
        "bad": EXPECTED["bad_rows"],
    }
    assert second.counts() == first.counts() | {"created": 0, "unchanged": EXPECTED["firms"]}
    firms = Organisation.objects.listed().firms()
    assert firms.aggregate(
        firms=Count("pk"),
        staff=Sum("staff"),
        capital=Sum("registered_capital"),
        first=Min("founded"),
        last=Max("founded"),
    ) == {
        "firms": EXPECTED["firms"],
        "staff": EXPECTED["staff_total"],
        "capital": EXPECTED["registered_capital_wan"] * 10_000,
        "first": date.fromisoformat(EXPECTED["founded_min"]),
        "last": date.fromisoformat(EXPECTED["founded_max"]),
    }
    assert firms.filter(foreign_invested=True).count() == EXPECTED["foreign_invested"]
    by_subdistrict = firms.values_list("subdistrict__name_zh").annotate(Count("pk")).order_by()
    assert dict(by_subdistrict) == EXPECTED["by_subdistrict"]
    assert firms.filter(search_entry=None).count() == 0
