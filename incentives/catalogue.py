"""The programmes as the public sees them: the latest published version, its rounds, the check of an organisation."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils import timezone

from firms.models import ClusterMembership, Organisation
from incentives import conditions, eligibility
from incentives.facts import NO_FACTS, Facts, Text, facts_of
from incentives.indicative import NOTHING, Indication, indicate
from incentives.models import Application, Programme, ProgrammeVersion, Round
from portal import clock
from portal.models import User

MOST_ORGANISATIONS = 20
"""How many of a person's organisations are offered for the pre-filled check."""


@dataclass
class Entry:
    """A published programme with what pages say of it."""

    version: ProgrammeVersion
    now: datetime
    verdicts: list[eligibility.Verdict] = field(default_factory=list)
    closed: list[Text] = field(default_factory=list)
    is_incoming: bool = False
    indication: Indication | None = None

    @property
    def programme(self) -> Programme:
        """The programme."""
        return self.version.programme

    @property
    def content(self) -> dict[str, Any]:
        """Its words and rules as published."""
        return self.version.content

    @property
    def rounds(self) -> list[Round]:
        """Its rounds, newest first."""
        return list(self.programme.rounds.all())

    @property
    def open_round(self) -> Round | None:
        """The round that closes first of those open now."""
        found = [r for r in self.rounds if r.opens_at <= self.now <= r.closes_at]
        return min(found, key=lambda r: r.closes_at, default=None)

    @property
    def next_round(self) -> Round | None:
        """The round that opens next."""
        return min((r for r in self.rounds if r.opens_at > self.now), key=lambda r: r.opens_at, default=None)

    @property
    def overall(self) -> eligibility.Outcome | None:
        """What the required criteria say together, if they were checked."""
        return eligibility.overall(self.verdicts) if self.verdicts else None

    @property
    def takes_borderline(self) -> bool:
        """Whether firms may apply of which a required criterion is not known."""
        return conditions.is_open_to_borderline(self.content)


def entries(*, slug: str = "") -> list[Entry]:
    """Return the published programmes, those with an open round first, the one that closes first on top."""
    versions = (
        ProgrammeVersion.objects.filter(programme__status=Programme.Status.PUBLISHED)
        .order_by("programme_id", "-number")
        .distinct("programme_id")
        .select_related("programme")
        .prefetch_related(
            Prefetch("programme__rounds", Round.objects.select_related("budget").order_by("-opens_at")),
            "programme__clusters",
        )
    )
    if slug:
        versions = versions.filter(programme__slug=slug)
    now = timezone.now()
    found = [Entry(version, now) for version in versions]
    last = datetime.max.replace(tzinfo=clock.SHANGHAI)
    return sorted(found, key=lambda e: (e.open_round.closes_at if e.open_round else last, e.programme.slug))


def open_entries() -> list[Entry]:
    """Return the programmes that one can apply for now."""
    return [entry for entry in entries() if entry.open_round]


def check_organisation(
    found: Collection[Entry], organisation: Organisation, *, costs: Decimal | None = None, said: Facts = NO_FACTS
) -> None:
    """Write into entries the verdicts on an organisation, whether it may apply, and what could come of it.

    Args:
        found: the programmes.
        organisation: what profile and registers say of it counts.
        costs: the eligible costs in CNY, where they are known.
        said: answers of the public check, which count where profile and registers say nothing.
    """
    today = timezone.localdate(timezone=clock.SHANGHAI)
    held = conditions.held(organisation.pk, [entry.programme.pk for entry in found])
    facts = {**said, **facts_of(organisation, on=today)}
    check_facts(found, facts, on=today, standing=organisation.status, costs=costs, held=held)


def check_facts(
    found: Iterable[Entry],
    facts: Facts,
    *,
    on: date,
    standing: str = "",
    costs: Decimal | None = None,
    held: Mapping[int, Decimal] | None = None,
    asked: bool = False,
) -> None:
    """Write into entries the verdicts on facts, whether such an organisation may apply, and what could come of it.

    Args:
        found: the programmes.
        facts: what is known.
        on: the day for which ages are reckoned.
        standing: the organisation's status, where it is known.
        costs: the eligible costs in CNY, where they are known.
        held: what its live awards come to, in CNY by programme.
        asked: the facts are a visitor's answers.
    """
    for entry in found:
        entry.verdicts = eligibility.check(eligibility.rules_of(entry.content), facts, on=on, asked=asked)
        entry.closed = list(conditions.standing_allows(standing, entry.content)) if standing else []
        entry.is_incoming = standing in {Organisation.Status.INCOMING, Organisation.Status.UNLISTED}
        budget = getattr(entry.open_round, "budget", None)
        if budget is not None:
            award = (held or {}).get(entry.programme.pk, NOTHING)
            entry.indication = indicate(entry.content, costs=costs, held=award, left=budget.left)


def organisations_of(user: User | AnonymousUser) -> list[Organisation]:
    """Return the organisations a person acts for, with what the check needs."""
    if not user.is_authenticated:
        return []
    clusters = ClusterMembership.objects.filter(excluded=False).select_related("cluster")
    return list(
        Organisation.objects.with_member(user)
        .select_related("subdistrict")
        .prefetch_related("certificates", "yearly_figures", Prefetch("cluster_memberships", clusters))
        .order_by("pk")[:MOST_ORGANISATIONS]
    )


def live_application(opened: Round | None, organisation: Organisation | None) -> Application | None:
    """Return the application that an organisation has in a round."""
    if opened is None or organisation is None:
        return None
    ended = [Application.Status.WITHDRAWN, Application.Status.LAPSED]
    return Application.objects.filter(round=opened, organisation=organisation).exclude(status__in=ended).first()
