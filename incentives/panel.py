"""The panel of a round: its applications by their scores, and the line down to which the budget reaches."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from incentives import conditions, presenting
from incentives.models import Application, Budget, PanelDraft, ReviewAssignment, Round
from portal.models import User

Status = Application.Status

ON_PANEL = (Status.UNDER_REVIEW, Status.RECOMMENDED, Status.FIRST_APPROVED)
"""What a panel speaks of: not decided yet. What is, stands in the budget as reserved or committed."""


@dataclass
class Row:
    """One application with what the viewer may see of its scores.

    ``is_blind`` says that scores are hidden from the viewer, who has a review of their own to write first.
    """

    application: Application
    scores: list[tuple[str, Decimal]]
    is_blind: bool
    most: Decimal
    amount: Decimal | None = None
    is_fixed: bool = False
    typed: str = ""
    error: str = ""
    rank: int | None = None
    running: Decimal = Decimal(0)
    is_below: bool = False
    is_first_below: bool = False

    @property
    def mean(self) -> Decimal | None:
        """The mean of the weighted scores, with two places."""
        totals = [total for _reviewer, total in self.scores]
        return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01")) if totals else None

    @property
    def spread(self) -> Decimal | None:
        """The highest score less the lowest."""
        totals = [total for _reviewer, total in self.scores]
        return max(totals) - min(totals) if totals else None


@dataclass
class Panel:
    """The rows in order of rank, with the money."""

    budget: Budget | None
    rows: list[Row] = field(default_factory=list)

    @property
    def held(self) -> Decimal:
        """What is reserved or committed."""
        return self.budget.reserved + self.budget.committed if self.budget else Decimal(0)

    @property
    def left(self) -> Decimal:
        """What of the budget is neither reserved nor committed."""
        return self.budget.left if self.budget else Decimal(0)

    @property
    def total(self) -> Decimal:
        """The sum of the amounts."""
        return sum((row.amount or Decimal(0) for row in self.rows), Decimal(0))

    @property
    def remaining(self) -> Decimal:
        """What would be left; less than nothing where the line is crossed."""
        return self.left - self.total


def panel_of(opened: Round, user: User, amounts: dict[str, str] | None = None) -> Panel:
    """Return the panel of a round as a person may see it.

    Args:
        opened: the round.
        user: who looks; applications that they do not handle are left out, scores that are blind to them hidden.
        amounts: the amounts considered, by the application's key.
    """
    found = (
        Application.objects.handled_by(user)
        .filter(round=opened, status__in=ON_PANEL)
        .select_related("organisation", "programme_version", "round__budget", "round__programme")
        .prefetch_related(
            "recommendations",
            Prefetch("assignments", ReviewAssignment.objects.select_related("review", "reviewer")),
        )
        .order_by("number")
    )
    applications = list(found)
    held = conditions.held_by_firms(applications)
    rows = [_row(a, user, conditions.most_allowed(a, held=held[a.pk]), amounts or {}) for a in applications]
    panel = Panel(getattr(opened, "budget", None), _ranked(rows))
    draw_line(panel)
    return panel


def _row(application: Application, user: User, most: Decimal, amounts: dict[str, str]) -> Row:
    assignments = list(application.assignments.all())
    seen = presenting.reviews_seen_by(user, assignments)
    counting = [a for a in seen if a.status == ReviewAssignment.Status.DONE]
    row = Row(
        application,
        scores=[(str(a.reviewer), a.review.total) for a in counting],
        is_blind=len(seen) < len(assignments),
        most=most,
    )
    terms = conditions.live_recommendation(application)
    if terms is not None and application.status != Status.UNDER_REVIEW:
        row.amount, row.is_fixed = terms.amount, True
    elif text := amounts.get(str(application.pk)):
        row.amount, row.typed = Decimal(text), text
    return row


def _ranked(rows: list[Row]) -> list[Row]:
    """Put the highest mean first; equals share a rank, and what has no score comes last without one."""
    scored = sorted((r for r in rows if r.mean is not None), key=lambda r: (-(r.mean or 0), r.application.pk))
    for place, row in enumerate(scored):
        before = scored[place - 1] if place else None
        row.rank = before.rank if before and before.mean == row.mean else place + 1
    return [*scored, *(r for r in rows if r.mean is None)]


def draw_line(panel: Panel) -> None:
    """Add up from the top; the first amount that the budget does not reach, and all after it, are below the line."""
    running, crossed = Decimal(0), False
    for row in panel.rows:
        running += row.amount or Decimal(0)
        row.running, row.is_first_below = running, not crossed and running > panel.left
        crossed = crossed or row.is_first_below
        row.is_below = crossed


def rounds_with_panel(user: User) -> "QuerySet[Round, Any]":
    """Return the rounds that have anything to speak of, with how much: ``waiting`` and ``recommended``."""
    on_panel = Application.objects.handled_by(user).filter(status__in=ON_PANEL)
    return (
        Round.objects.filter(pk__in=on_panel.values("round"))
        .select_related("programme", "budget")
        .annotate(
            waiting=Count("applications", filter=Q(applications__status=Status.UNDER_REVIEW)),
            recommended=Count(
                "applications", filter=Q(applications__status__in=[Status.RECOMMENDED, Status.FIRST_APPROVED])
            ),
        )
    )


def draft_of(opened: Round, user: User) -> PanelDraft | None:
    """Return the amounts that a person considers for a round."""
    return PanelDraft.objects.filter(round=opened, by=user).first()


def amounts_considered(user: User, applications: Iterable[Application]) -> dict[int, str]:
    """Return the amounts that a person considers for applications, whatever their round."""
    wanted = list(applications)
    drafts = PanelDraft.objects.filter(by=user, round__in={a.round_id for a in wanted})
    known = {key: text for draft in drafts for key, text in draft.amounts.items()}
    return {a.pk: known[str(a.pk)] for a in wanted if str(a.pk) in known}
