"""What happens at the same moment: one click, one inquiry; one answer; one address."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from firms.models import Membership
from investors.lifecycle import INQUIRY
from investors.models import Inquiry, Opportunity
from investors.services.inquiries import Question, send_inquiry, write_message
from investors.services.opportunities import draft_opportunity
from portal.lifecycle import StepClosed
from portal.models import Notice, User
from portal.roles import Role
from tests.investors.conftest import make_organisation, make_user
from tests.racing import results_at_once

AT_ONCE = 6
QUESTION = Question(topic="talent", language="en", subject="Graduates", text="How many?")


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Do the work several times at once, each with its number; return what each gave or raised."""
    return results_at_once(*(partial(work, number) for number in range(AT_ONCE)))


@pytest.fixture
def sender(committed_db: str) -> User:
    """Return an investor; an officer is there."""
    with transaction.atomic():
        make_user("officer", Role.INVESTMENT)
        return make_user("investor")


def test_one_form_sent_by_many_clicks_at_once_is_one_inquiry(sender: User) -> None:
    key = uuid4()

    found = at_once(lambda _number: send_inquiry(by=sender, question=QUESTION, key=key).pk)

    assert len(set(found)) == 1
    assert Inquiry.objects.count() == 1
    assert Notice.objects.filter(kind="investors.inquiry_received", channel="email").count() == 1


def test_hourly_limit_holds_for_many_at_once(sender: User) -> None:
    for _number in range(8):
        send_inquiry(by=sender, question=QUESTION, key=uuid4())

    at_once(lambda _number: send_inquiry(by=sender, question=QUESTION, key=uuid4()))

    assert Inquiry.objects.count() == 10


def test_two_answers_at_once_are_one(sender: User) -> None:
    inquiry = send_inquiry(by=sender, question=QUESTION, key=uuid4())
    officer = inquiry.officer

    found = at_once(
        lambda number: write_message(by=officer, inquiry=inquiry, step="answer", text=f"{number}", key=uuid4())
    )

    assert sum(isinstance(result, StepClosed) for result in found) == AT_ONCE - 1
    assert inquiry.messages.count() == 1


def test_escalations_at_once_are_one(sender: User) -> None:
    from portal import work
    from portal.models import Deadline

    with transaction.atomic():
        make_user("head", Role.HEAD)
        inquiry = send_inquiry(by=sender, question=QUESTION, key=uuid4())
        Inquiry.objects.update(acknowledge_due="2026-01-05T00:00Z")
        late = Deadline.objects.about(inquiry).filter(step="escalate_acknowledge")
        late.update(due_at="2026-01-05T00:00Z", next_try_at="2026-01-05T00:00Z")

    done = at_once(lambda _number: work.run("deadlines"))

    assert sum(done) == 1
    assert Notice.objects.filter(kind="investors.confirmation_overdue", recipient__name="Head").count() == 2


def test_drafts_of_one_title_at_once_have_addresses_of_their_own(committed_db: str) -> None:
    with transaction.atomic():
        firm, member = make_organisation("Robotics"), make_user("editor")
        Membership.objects.create(user=member, organisation=firm, role="editor")

    found = at_once(
        lambda _number: (
            draft_opportunity(
                by=User.objects.get(pk=member.pk), owner=firm, kind="premises", values={"title_en": "Space"}
            ).slug
        )
    )

    assert sorted(found) == ["space", *(f"space-{number}" for number in range(2, AT_ONCE + 1))]
    assert Opportunity.objects.count() == AT_ONCE


def test_reply_and_close_at_once_leave_one_status_and_every_message(sender: User) -> None:
    inquiry = send_inquiry(by=sender, question=QUESTION, key=uuid4())
    write_message(by=inquiry.officer, inquiry=inquiry, step="answer", text="So.", key=uuid4())

    def act(number: int) -> None:
        if number % 2:
            write_message(by=sender, inquiry=inquiry, step="reply", text=f"{number}", key=uuid4())
        else:
            INQUIRY.apply(inquiry, "close", by=sender)

    at_once(act)

    inquiry.refresh_from_db()
    assert inquiry.status == "acknowledged"
    assert inquiry.messages.count() == 1 + AT_ONCE // 2
