"""Who hears of what is late: the deputy, and one working day later the head."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from investors.models import Absence, Inquiry, Officer
from portal import work
from portal.models import Deadline, Notice
from portal.roles import Role
from tests.investors.conftest import make_user

type Make = Callable[..., Inquiry]


def let_pass(inquiry: Inquiry, *steps: str) -> None:
    """Let the sweep run when the deadlines of these steps are due, one after the other."""
    for step in steps:
        row = Deadline.objects.about(inquiry).get(step=step, done_at=None)
        Deadline.objects.filter(pk=row.pk).update(next_try_at=datetime(2000, 1, 1, tzinfo=UTC))
        with time_machine.travel(row.due_at + timedelta(seconds=1), tick=False):
            work.run("deadlines")


def heard(kind: str) -> list[str]:
    """Return who was told by mail."""
    told = Notice.objects.filter(kind=f"investors.{kind}", channel="email")
    return sorted(told.values_list("recipient__name", flat=True))


@pytest.mark.parametrize("deputy", ["deputy", "none", "away", "without the role"])
def test_deputy_hears_first_and_the_head_a_working_day_later(
    people: SimpleNamespace, make_inquiry: Make, deputy: str
) -> None:
    inquiry = make_inquiry()
    stands_in = make_user("deputy", None if deputy == "without the role" else Role.INVESTMENT)
    Officer.objects.create(user=people.officer, deputy=None if deputy == "none" else stands_in)
    if deputy == "away":
        day = timezone.localdate()
        long = {"first_day": day, "last_day": day + timedelta(30)}
        Absence.objects.create(officer=stands_in, entered_by=people.head, **long)

    let_pass(inquiry, "escalate_acknowledge", "escalate_acknowledge_head", "escalate_answer", "escalate_answer_head")

    first = ["Deputy", "Investment"] if deputy == "deputy" else ["Head", "Investment"]
    second = sorted({*first, "Head"})
    assert [heard(f"{what}_overdue{stage}") for what in ("confirmation", "answer") for stage in ("", "_head")] == [
        first,
        second,
        first,
        second,
    ]


def test_absent_officer_is_given_nothing_new(people: SimpleNamespace, make_inquiry: Make) -> None:
    today = timezone.localdate()
    Absence.objects.create(officer=people.officer, first_day=today, last_day=today, entered_by=people.head)
    nobody = make_inquiry()
    second = make_user("second", Role.INVESTMENT)

    assert (nobody.officer, make_inquiry().officer) == (None, second)
