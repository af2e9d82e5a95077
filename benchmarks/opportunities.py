"""A database of 10,000 invented opportunities and 1,000 investors: ``python -m benchmarks.opportunities``."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from benchmarks import bulk, databases, inventing
from benchmarks import inventing_opportunities as invented
from firms.models import Cluster, Organisation
from firms.services.names import derive
from investors.models import (
    InvestorProfile,
    Opportunity,
    OpportunityCluster,
    OpportunityEntry,
    PremisesSearch,
)
from portal.actor import acting
from portal.database import as_owner, secure
from portal.models import User

NAME = f"{databases.PREFIX}opportunities"
OPPORTUNITIES, PROFILES, OWNERS = 10_000, 1_000, 2_000
SOURCES = (
    *("benchmarks/opportunities.py", "benchmarks/inventing_opportunities.py", "benchmarks/opportunity_words.py"),
    *("benchmarks/words.py", "benchmarks/inventing.py", "benchmarks/bulk.py", "investors/models/facts.py"),
    *("investors/models/entry_functions.py", "investors/models/entries.py", "investors/models/bands.py"),
    "investors/models/profiles.py",
)
"""The files that decide what stands in the database."""

_CHUNK = 500
_DRAFTER = 2_000_000
_MODELS = (
    Organisation, Opportunity, OpportunityCluster, OpportunityEntry, InvestorProfile, PremisesSearch,
    User,
)  # fmt: skip


@contextmanager
def connected() -> Iterator[None]:
    """Let Django work in the database of invented opportunities; it is made once, and again when its sources change."""
    made = databases.digest(SOURCES) + f"-{timezone.localdate():%Y%m}"  # what is shown ends within a year
    if databases.known(NAME)[0] != made or not databases.is_forerunner(NAME):
        sys.stderr.write(f"{NAME}: {OPPORTUNITIES:,} opportunities and {PROFILES:,} investors are invented …\n")
        databases.make(NAME)
        with databases.connected_to(NAME), acting("command:generate"), as_owner():
            fill(OPPORTUNITIES, PROFILES, OWNERS)
            secure()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        databases.finish(NAME, made, "")
    elif databases.migrate(NAME):
        databases.analyze(NAME)
    with databases.connected_to(NAME):
        yield


def fill(opportunities: int, profiles: int, owners: int) -> None:
    """Write invented opportunities of some owners, and what investors and organisations look for.

    Args:
        opportunities: how many, all published.
        profiles: how many investors, and as many organisations that look for premises.
        owners: how many organisations own them.
    """
    today = timezone.localdate()
    tables: list[type[Model]] = [*_MODELS]
    with bulk.triggers_off(*tables):
        keys = _owners(max(owners, profiles))
        _opportunities(opportunities, keys[:owners], today)
        _investors(profiles, keys, today)
    with connection.cursor() as cursor:
        for chunk in batched(range(1, opportunities + 1), _CHUNK):
            cursor.execute("SELECT investors_write_entries(%s)", [list(chunk)])
        for model in tables:
            table = model._meta.db_table
            sequence = "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT max(id) FROM " + table + "))"
            if model is not OpportunityEntry:
                cursor.execute(sequence, [table])


def _owners(number: int) -> list[int]:
    firms = [inventing.firm(one, one % 20) | {"id": one, "status": "listed"} for one in range(1, number + 1)]
    names = derive([(firm["uscc"], firm["name_zh"], firm["name_en"]) for firm in firms])
    for firm, derived in zip(firms, names, strict=True):
        firm.update(slug=derived.slug, name_pinyin=derived.name_pinyin)
    bulk.copy(Organisation, firms)
    return [firm["id"] for firm in firms]


def _opportunities(number: int, owners: list[int], today: date) -> None:
    known = list(Cluster.objects.values_list("pk", flat=True))
    bulk.copy(User, [_person(_DRAFTER)])
    for chunk in batched(range(1, number + 1), _CHUNK):
        rows = [
            {"id": one, "owner_id": owners[one * 7919 % len(owners)], "created_by_id": _DRAFTER}
            | invented.opportunity(one, today)
            for one in chunk
        ]
        bulk.copy(Opportunity, _all_columns(rows))
        bulk.copy(OpportunityCluster, _pairs(chunk, "opportunity_id", known))


def _investors(number: int, owners: list[int], today: date) -> None:
    known = list(Cluster.objects.values_list("pk", flat=True))
    places = range(1, number + 1)
    bulk.copy(User, [_person(_DRAFTER + place) for place in places])
    profiles = [{"id": one, "user_id": _DRAFTER + one} | invented.profile(one) for one in places]
    bulk.copy(InvestorProfile, profiles)
    bulk.copy(InvestorProfile.clusters.through, _pairs(places, "investorprofile_id", known))
    searches = [
        {"id": one, "organisation_id": owners[one - 1]} | invented.premises_search(one, today) for one in places
    ]
    bulk.copy(PremisesSearch, searches)


def _pairs(numbers: Iterable[int], column: str, known: list[int]) -> list[dict[str, int]]:
    return [{column: one, "cluster_id": cluster} for one in numbers for cluster in invented.clusters(one, known)]


def _person(key: int) -> dict[str, Any]:
    name = f"Invented person {key}"
    return {"id": key, "email": f"bench-{key}@example.invalid", "name": name, "password": "!"}


def _all_columns(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name in the first row every column that any row has: COPY writes the columns of the first."""
    names = dict.fromkeys(name for row in rows for name in row)
    defaults = {
        field.attname: field.get_default() for field in Opportunity._meta.concrete_fields if field.attname in names
    }
    rows[0] = {**defaults, **rows[0]}
    return rows


def main() -> None:
    """Make the database, and say its name."""
    with connected():
        found = Opportunity.objects.published().count(), InvestorProfile.objects.count()
    sys.stdout.write(f"{NAME}: {found[0]:,} opportunities, {found[1]:,} investors\n")


if __name__ == "__main__":
    with acting("command:bench"):
        main()
