"""Investor profiles and searches for premises: what PostgreSQL refuses, who sees what, what a merge makes of them."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from firms.models import Membership, Organisation
from investors.forms.profiles import ProfileForm
from investors.models import InvestorProfile, PremisesSearch
from portal import personal_data
from portal.models import HistoryEntry
from tests.firms.merging import merge
from tests.investors.conftest import make_organisation


def make_profile(user: Any, **wishes: Any) -> InvestorProfile:
    """Make the profile of somebody who looks for firms that seek capital."""
    given = {"investor_type": "venture_capital", "country": "SG", "kinds": ["capital_sought"], **wishes}
    return InvestorProfile.objects.create(user=user, **given)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("investor_type", "'gambler'"),
        ("country", "''"),
        ("kinds", "'{}'"),
        ("kinds", "'{premises}'"),
        ("ticket_min", "'NaN'"),
        ("ticket_max", "'NaN'"),
        ("ticket_max", "1"),
        ("ticket_min", "-1"),
        ("stages", "'{late}'"),
        ("roles", "'{boss}'"),
        ("languages", "'{fr}'"),
        ("modes", "'{barter}'"),
        ("horizon_years", "16"),
        ("trl_min", "0"),
        ("tell", "'hourly'"),
    ],
)
def test_database_refuses_a_profile_that_says_something_impossible(
    people: SimpleNamespace, column: str, value: str
) -> None:
    make_profile(people.investor, ticket_min=10)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE investors_investorprofile SET {column} = {value}")


@pytest.mark.parametrize(
    ("column", "value"),
    [("area_min", "'NaN'"), ("area_max", "1"), ("rent_max", "0"), ("uses", "'{casino}'"), ("tell", "''")],
)
def test_database_refuses_a_search_that_says_something_impossible(firm: Organisation, column: str, value: str) -> None:
    PremisesSearch.objects.create(organisation=firm, area_min=100)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE investors_premisessearch SET {column} = {value}")


def test_profile_is_seen_by_its_person_and_those_who_introduce(people: SimpleNamespace) -> None:
    profile = make_profile(people.investor)

    seeing = {
        name for name, user in vars(people).items() if profile in InvestorProfile.objects.visible_to(user)
    }  # fmt: skip

    assert seeing == {"investor", "investment", "officer", "head"}
    assert not InvestorProfile.objects.visible_to(AnonymousUser()).exists()


def test_search_is_seen_by_members_and_those_who_introduce(people: SimpleNamespace, firm: Organisation) -> None:
    search = PremisesSearch.objects.create(organisation=firm)

    seeing = {name for name, user in vars(people).items() if search in PremisesSearch.objects.visible_to(user)}

    assert seeing == {"signatory", "editor", "viewer", "investment", "officer", "head"}
    assert not PremisesSearch.objects.visible_to(AnonymousUser()).exists()


def test_history_keeps_that_a_profile_changed_and_not_how(people: SimpleNamespace) -> None:
    profile = make_profile(people.investor, ticket_min=10)
    profile.ticket_min = 123_456_789
    profile.save()

    entries = HistoryEntry.objects.filter(subject_table="investors_investorprofile").order_by("pk")

    assert [entry.operation for entry in entries] == ["insert", "update"]
    assert entries[1].now == {"ticket_min": "…"}


def test_of_two_searches_the_survivors_stays_and_profiles_follow(people: SimpleNamespace, firm: Organisation) -> None:
    kept = make_organisation("Grippers")
    Membership.objects.create(user=people.investor, organisation=firm, role="viewer")
    profile = make_profile(people.investor, organisation=firm)
    survivor = PremisesSearch.objects.create(organisation=kept, area_min=100)
    PremisesSearch.objects.create(organisation=firm, area_min=200)

    merge(people.registry, kept, firm)

    profile.refresh_from_db()
    assert (list(PremisesSearch.objects.all()), profile.organisation) == ([survivor], kept)


def test_export_holds_the_profile_and_withdrawn_consent_deletes_it(people: SimpleNamespace) -> None:
    make_profile(people.investor, ticket_min=1_000_000, stages=["seed"])

    (held,) = personal_data.everything_about(people.investor)["investor_profile"]
    erased = personal_data.erase(people.investor, "matching")

    assert json.loads(json.dumps(held, default=str))["ticket_min"] == "1000000.00"
    assert (held["country"], held["stages"], held["matches"]) == ("SG", ["seed"], 0)
    assert (erased, InvestorProfile.objects.count()) == ({"investor_profile": 1}, 0)
    assert personal_data.everything_about(people.investor)["investor_profile"] == []


@pytest.mark.parametrize(("language", "label"), [("en", "Languages you work in"), ("zh-hans", "工作语言")])
def test_labels_of_the_form_are_in_the_language_of_the_page(people: SimpleNamespace, language: str, label: str) -> None:
    with translation.override(language):
        form = ProfileForm(user=people.investor, profile=None)

        assert str(form["languages"].label) == label
