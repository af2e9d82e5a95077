"""Matches among 10,000 opportunities and 1,000 investors: one investor's page, and a new opportunity against all."""

import time
from collections.abc import Iterator
from itertools import cycle, islice

from django.db import connection, transaction

from benchmarks import opportunities
from benchmarks.finding import primary_key_pages
from benchmarks.measuring import Goal, Result, Work, by_turns, ratio, share
from investors import fitting
from investors.models import InvestorProfile, Match, MatchOrder, Opportunity
from investors.models.facts import Kind
from investors.services import matching

_INVESTORS, _PAGE, _SECONDS, _NEW = 12, 20, 2.0, 9

_OTHERS = """
    INSERT INTO investors_match (pairing, profile_id, opportunity_id, rank, score, is_good)
    SELECT CASE o.kind WHEN 'capital_sought' THEN 'capital' ELSE 'technology' END, p.id, o.id,
           1001 + s.score, s.score, s.score >= 750
      FROM investors_investorprofile p
      JOIN investors_opportunity o ON (o.id + p.id) %% 12 = 0 AND o.kind IN ('capital_sought', 'technology_offered')
     CROSS JOIN LATERAL (SELECT (o.id * 31 + p.id * 17) %% 1001 AS score) s
     WHERE p.id > %s
    ON CONFLICT DO NOTHING
"""
"""Some hundred matches each for the investors who are not measured, so that the table is as large as it would be."""


def measure(_size: int) -> Iterator[Result]:
    """Compare an investor's page with a page by primary key; then compare new opportunities with every profile."""
    with opportunities.connected():
        profiles = list(InvestorProfile.objects.order_by("pk")[:_INVESTORS])
        for profile in profiles:
            with transaction.atomic():
                matching.find(MatchOrder(profile=profile))
        with connection.cursor() as cursor:
            cursor.execute(_OTHERS, [profiles[-1].pk])
            cursor.execute("ANALYZE investors_match")
        rounds = by_turns(_pages(profiles), primary_key_pages())
        size = opportunities.OPPORTUNITIES
        yield ratio("matches of one investor", size, Goal.at_most(5), rounds, against="page by primary key")
        yield from _new(size)


def _pages(profiles: list[InvestorProfile]) -> Work:
    """Return what the page of matches does: count, find and read them, and give the verdicts with their reasons."""

    def read(turn: int) -> object:
        profile = profiles[turn % len(profiles)]
        found = Match.objects.filter(profile=profile, hidden_at=None).on_offer().ranked()
        return found.count(), fitting.found_for_investor(fitting.with_found(found)[:_PAGE], profile)

    return read


def _new(size: int) -> Iterator[Result]:
    """Match new opportunities of each kind that investors look for, in the transaction of the task; then undo it."""
    lasted = []
    kinds = cycle((Kind.CAPITAL, Kind.OFFER, Kind.LAB))
    for place, kind in enumerate(islice(kinds, _NEW)):
        opportunity = Opportunity.objects.filter(kind=kind).order_by("pk")[place]
        with transaction.atomic():
            Match.objects.filter(opportunity=opportunity).delete()
            began = time.perf_counter()
            matching.find(MatchOrder(opportunity=opportunity))
            lasted.append(time.perf_counter() - began)
            transaction.set_rollback(True)
    slowest = f"slowest {max(lasted):.2f} s"
    in_time = [one < _SECONDS for one in lasted]
    yield share("new opportunity against all: in 2 s", size, Goal.at_least(1), in_time, against=slowest)
