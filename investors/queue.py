"""The queue of those who answer inquiries: what may become late first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.models import Inquiry
from investors.models.inquiries import InquiryQuerySet
from portal import clock
from portal.clock import end_of
from portal.models import User

SOON_DAYS = 2
"""What is due within so many working days is due soon."""


class Risk(TextChoices):
    """How near an inquiry is to being late, or who is waited for."""

    OPEN = "", _("To answer")
    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Due today")
    SOON = "soon", _("Due soon")
    LATER = "later", pgettext_lazy("inquiry", "Due later")
    SENDER = "sender", _("Waiting for the sender")
    ANSWERED = "answered", pgettext_lazy("inquiry", "Answered")


class Moments(NamedTuple):
    """What divides the risks now."""

    now: datetime
    today: datetime
    soon: datetime

    @classmethod
    def read(cls) -> "Moments":
        """Return them; the holidays are read once."""
        now = timezone.now()
        return cls(now, end_of(timezone.localdate()), clock.after_working_days(now, SOON_DAYS).at)

    def condition(self, risk: Risk) -> Q:
        """Return what inquiries of a risk meet."""
        return {
            Risk.OPEN: Q(next_due__isnull=False),
            Risk.OVERDUE: Q(next_due__lt=self.now),
            Risk.TODAY: Q(next_due__gte=self.now, next_due__lte=self.today),
            Risk.SOON: Q(next_due__gt=self.today, next_due__lte=self.soon),
            Risk.LATER: Q(next_due__gt=self.soon),
            Risk.SENDER: Q(status=Inquiry.Status.WAITING),
            Risk.ANSWERED: Q(status=Inquiry.Status.ANSWERED),
        }[risk]


@dataclass(frozen=True)
class Wanted:
    """What of the queue is looked at; nothing given is everything that the district still has to answer."""

    risk: Risk = Risk.OPEN
    whose: str = ""
    topic: str = ""
    language: str = ""
    status: str = ""

    def narrow(self, found: InquiryQuerySet, user: User) -> InquiryQuerySet:
        """Return the part of what a person may see that fits, whatever its risk."""
        if self.whose == "mine":
            found = found.filter(officer=user)
        if self.whose == "nobody":
            found = found.filter(officer=None)
        conditions = {"topic": self.topic, "language": self.language, "status": self.status}
        return found.filter(**{name: value for name, value in conditions.items() if value})


@dataclass(frozen=True)
class Row:
    """One inquiry of the queue as pages show it."""

    inquiry: Inquiry
    days_left: int | None

    @property
    def days_overdue(self) -> int:
        """How many working days ago it was promised."""
        return max(0, -(self.days_left or 0))


def ordered(found: InquiryQuerySet, risk: Risk, moments: Moments) -> InquiryQuerySet:
    """Return the inquiries of a risk, what is due first on top; where nothing is due, the newest."""
    return found.filter(moments.condition(risk)).select_related("sender", "officer").by_urgency()


def counts(found: InquiryQuerySet, moments: Moments) -> dict[Risk, int]:
    """Return how many there are of each risk, without what is answered: those are many, and wait for nobody."""
    due = [risk for risk in Risk if risk not in {Risk.SENDER, Risk.ANSWERED}]
    numbers = {f"number_{risk.name}": Count("pk", filter=moments.condition(risk)) for risk in due}
    counted = found.filter(next_due__isnull=False).aggregate(**numbers)  # by the index of what is due alone
    return {
        **{risk: counted[f"number_{risk.name}"] for risk in due},
        Risk.SENDER: found.filter(moments.condition(Risk.SENDER)).count(),
    }


def rows(found: Iterable[Inquiry]) -> list[Row]:
    """Return inquiries with the working days left; the holidays are read once."""
    inquiries = list(found)
    left = clock.working_days_left([i.next_due for i in inquiries if i.next_due])
    return [Row(inquiry, left.get(inquiry.next_due)) for inquiry in inquiries]
