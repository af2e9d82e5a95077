"""The databases of the tests: migrated from nothing, and with the demonstration; ``make test`` makes them beside its checks."""

from django.core.management import call_command


def test_what_migrations_make_passes_the_checks(db: None) -> None:
    call_command("check", databases=["default"], fail_level="WARNING")


def test_what_the_demonstration_loads_passes_the_checks(demonstration: str) -> None:
    call_command("check", databases=["default"], fail_level="WARNING")
