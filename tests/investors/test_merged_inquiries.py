"""Two inquiries of one sender that ask the same: the later goes on in the earlier."""

from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.translation import override

from investors import promises
from investors.forms.officer_steps import MergeForm
from investors.lifecycle import INQUIRY
from investors.models import Inquiry, InquiryMessage
from investors.services.inquiries import write_message
from investors.services.personal_data import erase_inquiries
from portal.lifecycle import SYSTEM, StepClosed
from portal.models import Deadline, Notice
from portal.notices import render

type Make = Callable[..., Inquiry]


def merge(later: Inquiry, earlier: Inquiry, people: SimpleNamespace) -> None:
    """Merge two inquiries as their officer."""
    INQUIRY.apply(later, "merge", by=people.officer, survivor=earlier.pk)
    later.refresh_from_db()


def test_later_inquiry_goes_on_in_the_earlier_and_its_sender_is_told(
    people: SimpleNamespace, make_inquiry: Make
) -> None:
    earlier, later = make_inquiry(), make_inquiry()
    write_message(by=people.investor, inquiry=later, step="reply", text="P.S.", key=uuid4())

    merge(later, earlier, people)

    told = Notice.objects.get(kind="investors.inquiry_merged", channel="email")
    assert (later.status, later.merged_into) == ("merged", earlier)
    assert Deadline.objects.about(later).filter(done_at=None).count() == 0
    assert [message.body for message in InquiryMessage.objects.in_thread(earlier)] == ["P.S."]
    assert told.recipient == people.investor
    assert render(told)[0] == f"Your inquiry {later.reference} goes on as {earlier.reference}"
    assert told.context["page"]["kwargs"] == {"reference": earlier.reference}


def test_reference_leads_on_to_the_thread_that_shows_both(people: SimpleNamespace, make_inquiry: Make) -> None:
    earlier, later = make_inquiry(), make_inquiry(text="The same, asked again.")
    merge(later, earlier, people)
    client = Client()
    client.force_login(people.investor)

    answer = client.get(later.get_absolute_url(), follow=True)

    assert answer.redirect_chain == [(earlier.get_absolute_url(), 302)]
    assert "The same, asked again." in answer.text


def test_what_was_merged_before_goes_along(people: SimpleNamespace, make_inquiry: Make) -> None:
    first, second, third = make_inquiry(), make_inquiry(), make_inquiry()

    merge(third, second, people)
    merge(second, first, people)

    third.refresh_from_db()
    assert third.merged_into == first


@pytest.mark.parametrize(
    "case", ["itself", "a later one", "another sender's", "withdrawn", "merged", "answered", "closed"]
)
def test_other_merges_are_refused(people: SimpleNamespace, make_inquiry: Make, case: str) -> None:
    status = case if case in {"withdrawn", "merged", "answered", "closed"} else "received"
    other = make_inquiry(status, sender=people.stranger if case == "another sender's" else None)
    inquiry = make_inquiry()
    survivor = {"itself": inquiry, "a later one": make_inquiry() if case == "a later one" else None}.get(case) or other

    with pytest.raises(StepClosed):
        merge(inquiry, survivor, people)
    assert Deadline.objects.about(inquiry).filter(step="escalate_answer", done_at=None).count() == 1


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("en", "Choose an earlier inquiry of the same sender that is still to be answered."),
        ("zh-hans", "请选择同一提问人较早且尚待答复的咨询。"),
    ],
)
def test_workplace_offers_only_what_is_still_to_be_answered(
    people: SimpleNamespace, make_inquiry: Make, language: str, message: str
) -> None:
    answered, waiting, later = make_inquiry("answered"), make_inquiry("waiting"), make_inquiry()
    form = MergeForm()
    form.offer_inquiries_for(later)
    assert list(form.fields["survivor"].queryset) == [waiting]

    with override(language):
        typed = MergeForm({"survivor": answered.pk})
        typed.offer_inquiries_for(later)
        assert typed.errors["survivor"] == [message]


def test_promise_of_the_later_holds_for_the_earlier_that_waits(people: SimpleNamespace, make_inquiry: Make) -> None:
    earlier, later = make_inquiry("waiting"), make_inquiry()
    Inquiry.objects.filter(pk=earlier.pk).update(days_left=9)

    merge(later, earlier, people)

    earlier.refresh_from_db()
    assert earlier.days_left == promises.days_left(later)


def test_erasing_takes_what_was_merged_along(people: SimpleNamespace, make_inquiry: Make) -> None:
    earlier, later = make_inquiry(), make_inquiry()
    write_message(by=people.investor, inquiry=later, step="reply", text="P.S.", key=uuid4())
    merge(later, earlier, people)

    assert erase_inquiries(people.investor) == 1

    later.refresh_from_db()
    assert (later.text, [message.body for message in later.messages.all()]) == ("…", ["…"])
    with pytest.raises(StepClosed):
        INQUIRY.apply(later, "forget", by=SYSTEM)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("inquiry_merged_into_another", "merged_into_id = NULL"),
        ("inquiry_not_into_itself", "merged_into_id = id"),
    ],
)
def test_database_keeps_where_it_went(
    people: SimpleNamespace, make_inquiry: Make, constraint: str, change: str
) -> None:
    later = make_inquiry("merged")

    with pytest.raises(DatabaseError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE investors_inquiry SET {change} WHERE id = %s", [later.pk])
