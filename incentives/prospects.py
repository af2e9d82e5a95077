"""The firms of the registry for one round: who qualifies, who might, who has applied, and who can be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from firms.models import Membership, Organisation
from incentives import eligibility, qualifying
from incentives.eligibility import Outcome
from incentives.facts import Text
from incentives.models import Application, Invitation, ProgrammeVersion, Round
from portal import clock

PASS, UNKNOWN = qualifying.RANKS[Outcome.PASS], qualifying.RANKS[Outcome.UNKNOWN]


class Group(TextChoices):
    """What the registry's firms are to a round."""

    TO_TELL = "to_tell", pgettext_lazy("firms", "Can be invited")
    QUALIFY = "qualify", pgettext_lazy("firms", "Qualify")
    MIGHT = "might", pgettext_lazy("firms", "Might qualify")
    APPLIED = "applied", pgettext_lazy("firms", "Have applied")


@dataclass(frozen=True)
class Numbers:
    """How many firms there are of each kind; the last three are of those who qualify."""

    all: int
    qualify: int
    might: int
    applied: int
    invited: int
    to_tell: int
    unreachable: int

    @property
    def others(self) -> int:
        """Those who fail a required criterion."""
        return self.all - self.qualify - self.might - self.applied


class Prospects:
    """The listed firms as the criteria of a round's programme see them today.

    Args:
        opened: a round.
        version: the published version of its programme.
        on: the day; by default today in Shanghai.
    """

    def __init__(self, opened: Round, version: ProgrammeVersion, on: date | None = None) -> None:
        self.round = opened
        self.version = version
        self.on = on or timezone.localdate(timezone=clock.SHANGHAI)
        self.rules = eligibility.rules_of(version.content)

    def firms(self, group: Group | None = None) -> "QuerySet[Organisation, Any]":
        """Return the firms, all or those of a group.

        Each has ``rank`` (see ``qualifying``), ``applied``, ``invited``, and ``reachable``: who signs has an account.
        """
        here = {"round": self.round, "organisation": OuterRef("pk")}
        ended = [Application.Status.WITHDRAWN, Application.Status.LAPSED]
        # A predecessor's invitation reached the people who now act for the survivor.
        invited = Q(organisation=OuterRef("pk")) | Q(organisation__merged_into=OuterRef("pk"))
        found: QuerySet[Organisation, Any] = (
            Organisation.objects.listed()
            .firms()
            .annotate(
                rank=qualifying.overall(self.rules, on=self.on),
                applied=Exists(Application.objects.filter(**here, number__isnull=False).exclude(status__in=ended)),
                invited=Exists(Invitation.objects.filter(invited, round=self.round)),
                reachable=Exists(
                    Membership.objects.active().filter(organisation=OuterRef("pk"), role=Membership.Role.SIGNATORY)
                ),
            )
        )
        return found.filter(_OF_GROUP[group]) if group else found

    def to_tell(self, chosen: Iterable[int] | None = None) -> "QuerySet[Organisation, Any]":
        """Return the firms that qualify and can be told, and were not: of those chosen, or of all."""
        found = self.firms(Group.TO_TELL)
        return found if chosen is None else found.filter(pk__in=chosen)

    def numbers(self) -> Numbers:
        """Count the firms, each read once."""
        columns = ("rank", "applied", "invited", "reachable")
        rows = list(self.firms().order_by().values_list(*columns).annotate(number=Count("pk")))

        def count(**wanted: Any) -> int:
            asked = {columns.index(name): value for name, value in wanted.items()}
            return sum(row[-1] for row in rows if all(row[place] == value for place, value in asked.items()))

        qualify: dict[str, Any] = {"rank": PASS, "applied": False}
        return Numbers(
            all=count(),
            qualify=count(**qualify),
            might=count(rank=UNKNOWN, applied=False),
            applied=count(applied=True),
            invited=count(**qualify, invited=True),
            to_tell=count(**qualify, invited=False, reachable=True),
            unreachable=count(**qualify, invited=False, reachable=False),
        )

    def with_verdicts(self, firms: "QuerySet[Organisation, Any]") -> "QuerySet[Organisation, Any]":
        """Add the rank of each criterion to firms, for ``open_rules``."""
        verdicts: dict[str, Any] = {
            _column(place): qualifying.verdict(rule, on=self.on) for place, rule in enumerate(self.rules)
        }
        return firms.annotate(**verdicts)

    def titles(self, firm: Organisation, outcome: Outcome, *, hard: bool) -> list[Text]:
        """Return the criteria that came out so for a firm, required ones or those preferred."""
        rank = qualifying.RANKS[outcome]
        return [
            rule.title
            for place, rule in enumerate(self.rules)
            if rule.hard == hard and getattr(firm, _column(place)) == rank
        ]


def _column(place: int) -> str:
    return f"verdict_{place}"


_OF_GROUP = {
    Group.TO_TELL: Q(rank=PASS, applied=False, invited=False, reachable=True),
    Group.QUALIFY: Q(rank=PASS, applied=False),
    Group.MIGHT: Q(rank=UNKNOWN, applied=False),
    Group.APPLIED: Q(applied=True),
}
