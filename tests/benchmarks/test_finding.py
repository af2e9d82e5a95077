"""Invented opportunities are the same every time, and the directory finds them."""

from datetime import date

import pytest
from django.db import connection

from benchmarks import finding, inventing_opportunities, opportunities
from investors.directory.counting import count
from investors.directory.criteria import Criteria
from investors.models import InvestorProfile, Opportunity, OpportunityEntry, PremisesSearch
from portal.actor import acting
from portal.database import as_owner

TODAY = date(2026, 11, 26)


def test_an_opportunity_is_the_same_every_time() -> None:
    assert inventing_opportunities.opportunity(4711, TODAY) == inventing_opportunities.opportunity(4711, TODAY)
    assert inventing_opportunities.profile(4711) == inventing_opportunities.profile(4711)
    kinds = {inventing_opportunities.opportunity(number, TODAY)["kind"] for number in range(200)}
    assert kinds == set(Opportunity.Kind.values)


def test_they_are_found_counted_and_paged(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting("command:bench"), as_owner():
        opportunities.fill(150, 5, 10)
    monkeypatch.setattr(finding, "SELECTIVE", 150)

    assert (InvestorProfile.objects.count(), PremisesSearch.objects.count()) == (5, 5)
    assert OpportunityEntry.objects.count() == Opportunity.objects.published().count() == count(Criteria()).total == 150
    for query in (*finding.LISTINGS.values(), *finding.NARROW.values()):
        for turn in range(8):
            finding.pages(query, (0.3, 0.6, 0.9, 0.999))(turn)
    assert connection.settings_dict["NAME"] == committed_db
