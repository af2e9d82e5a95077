"""The burn-down and the reconciliation: both read the ledger as its trigger moves the counters."""

from decimal import Decimal
from io import StringIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.utils.translation import override

from incentives.burning import burn_down, days_of
from incentives.ledger import MOVES
from incentives.models import LedgerEntry
from portal.database import as_owner
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, story_in


def test_last_day_is_what_the_counters_say(db: None) -> None:
    story = story_in("active")
    Story(opened=story.round, amount=300_000).fill().submit().accept().review().recommend().approve()
    LedgerEntry.objects.create(
        budget=story.round.budget, kind="pay", amount=Decimal(200_000), application=story.application, key="p"
    )
    budget = story.round.budget
    budget.refresh_from_db()

    day = days_of([budget])[-1]

    assert set(MOVES) == set(LedgerEntry.Kind.values)
    assert [day.allocated, day.reserved, day.committed, day.paid, day.left] == [
        budget.allocated,
        budget.reserved,
        budget.committed,
        budget.paid,
        budget.left,
    ]
    assert [day.reserved, day.committed, day.paid] == [300_000, 500_000, 200_000]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_picture_is_well_formed_with_its_table_and_its_file(db: None, language: str) -> None:
    budget = story_in("offered").round.budget
    with override(language):
        picture = burn_down([budget], title="<b>&", of="1")
        ET.fromstring(picture.file())  # noqa: S314 -- our own
        numbers = picture.csv()

    assert len(picture.table.rows) == len(days_of([budget]))
    assert "10000000.00,500000.00,0.00,0.00,9500000.00" in numbers


def test_empty_budget_has_a_picture_too(db: None) -> None:
    budget = make.round_of(budget=0).budget

    assert "<svg" in burn_down([budget], title="x", of="1").svg()


def test_files_are_for_those_who_see_the_budget(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    budget = make.round_of().budget
    found = {}
    for name, user in {"finance": make.person("f", Role.FINANCE), "screener": make.person("s", Role.SCREENING)}.items():
        client = Client()
        client.force_login(user)
        found[name] = [
            client.get(f"/admin/incentives/budget/{budget.pk}/burn-down.{kind}").status_code
            for kind in ("svg", "csv", "exe")
        ]

    assert found == {"finance": [200, 200, 404], "screener": [403, 403, 403]}


def _reconciled() -> str:
    printed = StringIO()
    call_command("reconcile_budgets", stdout=printed, no_color=True)
    return printed.getvalue()


def test_what_the_services_do_is_reconciled(db: None) -> None:
    story_in("active")

    assert _reconciled() == "1 budgets and 1 awards are what the ledger makes them.\n"


def test_difference_is_told_with_an_exit_code_and_nothing_is_written(committed_db: str) -> None:
    with transaction.atomic():
        story = story_in("active")
    budget = story.round.budget
    with as_owner(), connection.cursor() as owner:
        owner.execute("ALTER TABLE incentives_budget DISABLE TRIGGER USER")
        owner.execute("ALTER TABLE incentives_ledgerentry DISABLE TRIGGER USER")
        owner.execute("UPDATE incentives_budget SET reserved = reserved + 7 WHERE id = %s", [budget.pk])
        owner.execute("UPDATE incentives_ledgerentry SET amount = 499999.99 WHERE kind = 'commit'")
    printed = StringIO()

    with pytest.raises(CommandError) as failed:
        call_command("reconcile_budgets", stdout=printed, no_color=True)

    lines = [line.partition("): ")[2] or line.partition(": ")[2] for line in printed.getvalue().splitlines()]
    assert lines == [
        "reserved is 7.00, by the ledger 0.01",
        "committed is 500,000.00, by the ledger 499,999.99",
        "amount is 500,000.00, by the ledger 499,999.99",
        "reserved is 0.00, by the ledger 0.01",
    ]
    assert failed.value.returncode == 1
