"""The split of opportunities' facts, tried on rows as they stood before it: forwards and back."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from django.db.models import BigIntegerField

from portal.database import as_owner
from tests.conftest import cloned_database

BEFORE, SPLIT = "0012_investor_profiles", "0013_facts_of_each_kind"

ROWS: dict[str, dict[str, Any]] = {
    "offer": {"kind": "technology_offered", "object_kind": "patent", "trl": 6, "mode": "licence_exclusive"},
    "offer-undecided": {"kind": "technology_offered", "object_kind": "patent", "mode": ""},
    "need": {
        "kind": "technology_needed",
        "object_kind": "know_how",
        "mode": "development",
        "budget": Decimal("80000.50"),
    },
    "partner": {"kind": "digitalisation_partner", "scope": "production", "budget": Decimal(200_000)},
    "partner-open": {"kind": "digitalisation_partner", "scope": "marketing"},
    "lab": {"kind": "joint_lab", "budget": Decimal(5_000_000), "places": 3},
    "capital": {"kind": "capital_sought", "stage": "seed", "amount_sought": Decimal(1_000_000)},
}
FACTS = {
    "offer": (["licence_exclusive"], None, None, None),
    "offer-undecided": ([], None, None, None),
    "need": (["development"], None, None, Decimal("80000.50")),
    "partner": ([], None, None, Decimal(200_000)),
    "partner-open": ([], None, None, None),
    "lab": ([], Decimal(5_000_000), None, None),
    "capital": ([], None, None, None),
}
"""Forms of cooperation, budget, and the range of the budget, after the split."""


def alone(state: ProjectState) -> ProjectState:
    """Return a state with the opportunities alone, of which other tables are numbers: quick to work with."""
    opportunity = state.models["investors", "opportunity"].clone()
    for name, field in list(opportunity.fields.items()):
        if field.many_to_many:
            del opportunity.fields[name]
        elif field.is_relation:
            opportunity.fields[name] = BigIntegerField(null=field.null, db_column=f"{name}_id")
    return ProjectState({("investors", "opportunity"): opportunity})


@pytest.fixture
def split(django_db_blocker: Any) -> Iterator[tuple[ProjectState, Migration]]:
    """Give a database with nothing but the table as it stood, the state of the code then, and the migration."""
    loader = MigrationLoader(None)
    state = alone(loader.project_state(("investors", BEFORE)))
    with django_db_blocker.unblock(), cloned_database("template1"), as_owner():
        with connection.schema_editor() as editor:
            editor.create_model(state.apps.get_model("investors", "Opportunity"))
            editor.execute("ALTER TABLE investors_opportunity DISABLE TRIGGER USER")  # history is not there
        yield state, loader.get_migration("investors", SPLIT)


def test_facts_of_old_rows_are_split_and_come_back(split: tuple[ProjectState, Migration]) -> None:
    state, migration = split
    old = state.apps.get_model("investors", "Opportunity").objects
    for slug, facts in ROWS.items():
        old.create(owner=1, created_by=1, slug=slug, title_en=slug, **facts)
    before = list(old.order_by("pk").values())

    with connection.schema_editor() as editor:
        after = migration.apply(state.clone(), editor)
    new = after.apps.get_model("investors", "Opportunity").objects.order_by("pk")
    split_facts = {row[0]: row[1:] for row in new.values_list("slug", "modes", "budget", "budget_from", "budget_to")}
    with connection.schema_editor() as editor:
        migration.unapply(state.clone(), editor)

    assert split_facts == FACTS
    assert list(old.order_by("pk").values()) == before
