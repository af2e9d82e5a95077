"""Complaints: who handles them, by when, what PostgreSQL keeps, what is told to whom."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from firms.models import Membership, Organisation
from investors import complaint_clocks
from investors.complaint_lifecycle import COMPLAINT, Written
from investors.models import ComplainedOf, Complaint, ComplaintMessage
from investors.services.complaint_data import complaints_of, erase_complaints
from investors.services.complaints import DAILY, Grievance, make_complaint
from investors.services.inquiries import TooMany
from portal import personal_data, work
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import Deadline, HistoryEntry, Notice, StepTaken, User
from portal.notices import kinds, render
from portal.roles import Role
from portal.standards import all_promises
from tests.investors.complaining import CLOSED, EXTENDED, REFUSED, WORDS, complain, lead, message, reply
from tests.investors.conftest import make_user

WHO = [
    "complainant", "signatory", "stranger", "norole", "registry", "screening", "reviewer", "manager", "approver", "appeal",
    "finance", "handler", "officer", "auditor", "head", "head2", "administrator", "system",
]  # fmt: skip
BOTH = ["handler", "head"]
VERDICTS = {
    ("received", "receive"): ["complainant"],
    ("received", "identify"): BOTH,
    ("received", "assign"): ["head"],
    ("received", "recuse"): ["handler"],
    ("received", "accept"): BOTH,
    ("received", "request_supplement"): BOTH,
    ("received", "refuse"): BOTH,
    ("received", "withdraw"): ["complainant"],
    ("received", "write"): BOTH,
    ("received", "reply"): ["complainant"],
    ("received", "note"): BOTH,
    ("received", "remind_decide"): ["system"],
    ("received", "escalate_decide"): ["system"],
    ("supplement", "identify"): BOTH,
    ("supplement", "assign"): ["head"],
    ("supplement", "recuse"): ["handler"],
    ("supplement", "supplement"): ["complainant"],
    ("supplement", "refuse"): BOTH,
    ("supplement", "withdraw"): ["complainant"],
    ("supplement", "write"): BOTH,
    ("supplement", "note"): BOTH,
    ("supplement", "remind_supplement"): ["system"],
    ("supplement", "supplement_missing"): ["system"],
    ("accepted", "identify"): BOTH,
    ("accepted", "assign"): ["head"],
    ("accepted", "recuse"): ["handler"],
    ("accepted", "extend"): BOTH,
    ("accepted", "close"): BOTH,
    ("accepted", "withdraw"): ["complainant"],
    ("accepted", "write"): BOTH,
    ("accepted", "reply"): ["complainant"],
    ("accepted", "note"): BOTH,
    ("accepted", "remind_close"): ["system"],
    ("accepted", "escalate_close"): ["system"],
    ("refused", "note"): BOTH,
    ("closed", "note"): BOTH,
}


@pytest.fixture
def staff(people: SimpleNamespace) -> SimpleNamespace:
    """Return the people, with a second officer, and a second head who is complained of in ``against``."""
    people.other = make_user("other", Role.INVESTMENT)
    people.head2 = make_user("head2", Role.HEAD)
    people.complainant = people.investor
    return people


def against(staff: SimpleNamespace, *persons: User, **values: Any) -> Complaint:
    """Complain of persons by their names."""
    return complain(staff.investor, about_staff=True, persons=[person.name for person in persons], **values)


@pytest.mark.parametrize("status", Complaint.Status.values)
def test_steps_by_status_and_person(staff: SimpleNamespace, status: str) -> None:
    complaint = lead(against(staff, staff.officer, staff.head2), status, staff)
    staff.handler = staff.other

    found = {
        (status, step): [
            who
            for who in WHO
            if step in {door.step.name for door in COMPLAINT.allowed(getattr(staff, who, None), complaint)}
        ]
        for step in COMPLAINT.steps
    }

    assert complaint.handler == staff.other
    assert {key: who for key, who in found.items() if who} == {
        key: who for key, who in VERDICTS.items() if key[0] == status
    }


def test_complaint_is_received_with_reference_handler_and_date_of_working_days(staff: SimpleNamespace) -> None:
    with time_machine.travel(datetime(2026, 9, 30, 2, 0, tzinfo=UTC), tick=False):  # holidays from 1 to 7 October
        complaint = complain(staff.investor)

    assert complaint.reference.startswith("CPL-2026-")
    assert complaint.handler == staff.officer
    assert timezone.localdate(complaint.decide_due).isoformat() == "2026-10-15"  # 10 October is a make-up working day


def test_least_busy_is_chosen_and_nobody_whom_the_complaint_mentions(staff: SimpleNamespace) -> None:
    chosen = [
        complain(staff.investor, facts=facts).handler for facts in ("One.", "Two.", f"{staff.officer.name} knows.")
    ]

    assert chosen == [staff.officer, staff.other, staff.other]


def test_complaint_about_staff_who_are_not_known_waits_for_the_head(staff: SimpleNamespace) -> None:
    complaint = complain(staff.investor, about_staff=True, persons=["the lady at the counter"])

    assert complaint.handler is None
    assert told("investors.complaint_to_handle") == ["Head", "Head2"]
    with pytest.raises(StepClosed, match="Give it to an officer"):
        COMPLAINT.apply(complaint, "accept", by=staff.head)
    COMPLAINT.apply(complaint, "identify", by=staff.head, staff=staff.officer.pk)
    with pytest.raises(StepClosed, match="may handle it"):
        COMPLAINT.apply(complaint, "assign", by=staff.head, officer=staff.officer.pk)
    COMPLAINT.apply(complaint, "assign", by=staff.head, officer=staff.other.pk)
    row = ComplainedOf.objects.get(complaint=complaint)
    assert (row.named, row.staff, row.identified_by) == ("the lady at the counter", staff.officer, staff.head)
    assert Complaint.objects.get().handler == staff.other


def test_handler_who_is_complained_of_gives_it_up_at_once(staff: SimpleNamespace) -> None:
    complaint = complain(staff.investor)

    COMPLAINT.apply(complaint, "identify", by=staff.head, staff=staff.officer.pk)

    complaint = Complaint.objects.get()
    assert complaint.handler == staff.other
    assert list(Complaint.objects.visible_to(User.objects.get(pk=staff.officer.pk))) == []
    assert told("investors.complaint_given_on") == ["Other"]
    with pytest.raises(NotAllowed):
        COMPLAINT.apply(complaint, "accept", by=User.objects.get(pk=staff.officer.pk))


def test_conflict_of_interest_gives_it_to_another_and_not_back(staff: SimpleNamespace) -> None:
    complaint = complain(staff.investor)

    COMPLAINT.apply(complaint, "recuse", by=staff.officer)
    assert Complaint.objects.get().handler == staff.other
    COMPLAINT.apply(complaint, "recuse", by=staff.other)

    assert Complaint.objects.get().handler is None
    assert list(complaint_clocks.handlers_by_load(complaint)) == []
    COMPLAINT.apply(complaint, "assign", by=staff.head, officer=staff.head.pk)  # who oversees it takes it
    assert Complaint.objects.get().handler == staff.head


def test_every_head_complained_of_leaves_the_dates_to_the_auditors(staff: SimpleNamespace) -> None:
    complaint = against(staff, staff.head, staff.head2)

    assert complaint_clocks.overseers(complaint) == [staff.auditor]
    assert [list(Complaint.objects.visible_to(head)) for head in (staff.head, staff.head2)] == [[], []]
    assert [list(Complaint.objects.in_register_of(who)) for who in (staff.head, staff.auditor)] == [[], [complaint]]


def test_only_members_complain_for_an_organisation(staff: SimpleNamespace, firm: Organisation) -> None:
    with pytest.raises(NotAllowed):
        complain(staff.investor, organisation=firm)

    assert complain(staff.viewer, organisation=firm).complains_for == firm.title


def test_staff_of_the_complaining_organisation_never_handle_it(staff: SimpleNamespace, firm: Organisation) -> None:
    Membership.objects.create(user=staff.officer, organisation=firm, role="viewer")

    complaint = complain(staff.signatory, organisation=firm)

    assert complaint.handler == staff.other
    with pytest.raises(DatabaseError, match="belongs to the complainant"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(handler=staff.officer)


def test_same_key_complains_once_and_too_many_are_refused(staff: SimpleNamespace) -> None:
    key = uuid4()
    first, second = (make_complaint(by=staff.investor, grievance=Grievance(**WORDS), key=key) for _time in range(2))
    for _number in range(DAILY - 1):
        complain(staff.investor)

    assert first.pk == second.pk
    with pytest.raises(TooMany):
        complain(staff.investor)


# --- The clock -----------------------------------------------------------------------------


def test_life_with_supplement_extension_and_outcome_by_the_clock(staff: SimpleNamespace) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False) as clock:  # Monday
        complaint = complain(staff.investor)
        clock.move_to(datetime(2026, 3, 4, 2, 0, tzinfo=UTC))
        COMPLAINT.apply(complaint, "request_supplement", by=staff.officer, message=message())
        with pytest.raises(StepClosed, match="not due yet"):
            COMPLAINT.apply(complaint, "refuse", by=staff.officer, decision=REFUSED)
        clock.move_to(datetime(2026, 3, 9, 2, 0, tzinfo=UTC))
        reply(complaint)
        supplemented = Complaint.objects.get()
        COMPLAINT.apply(complaint, "accept", by=staff.officer)
        accepted = Complaint.objects.get()
        COMPLAINT.apply(complaint, "extend", by=staff.officer, extension=EXTENDED)
        extended = Complaint.objects.get()
        with pytest.raises(StepClosed, match="possible once"):
            COMPLAINT.apply(complaint, "extend", by=staff.officer, extension=EXTENDED)
        COMPLAINT.apply(complaint, "close", by=staff.officer, decision=CLOSED)

    days = [supplemented.supplement_due, supplemented.decide_due, accepted.close_due, extended.close_due]
    assert [timezone.localdate(day).isoformat() for day in days] == [
        "2026-03-25", "2026-03-18", "2026-06-04", "2026-07-03",
    ]  # fmt: skip
    assert (extended.extension_days, extended.extension_reason, extended.extended_by) == (
        20, "Three departments are concerned.", staff.officer,
    )  # fmt: skip
    moved = HistoryEntry.objects.of(complaint).filter(was__has_key="close_due").last()
    assert moved is not None
    assert [moved.was["close_due"][:10], moved.now["close_due"][:10]] == ["2026-06-04", "2026-07-03"]
    assert Deadline.objects.about(complaint).filter(done_at=None).count() == 0


def test_reminder_and_escalation_of_the_decision(staff: SimpleNamespace) -> None:
    start = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        complaint = against(staff, staff.head2)
        clock.move_to(datetime(2026, 3, 10, 2, 0, tzinfo=UTC))
        work.run("deadlines")
        reminded = told("investors.complaint_decision_due_soon")
        clock.move_to(datetime(2026, 3, 12, 2, 0, tzinfo=UTC))
        work.run("deadlines")

    assert reminded == [complaint.handler.name]
    assert told("investors.complaint_decision_overdue") == ["Head", complaint.handler.name]


def test_extension_after_the_promised_day_is_refused(staff: SimpleNamespace) -> None:
    complaint = lead(complain(staff.investor), "accepted", staff)
    with (
        time_machine.travel(timezone.now() + timedelta(days=150), tick=False),
        pytest.raises(StepClosed, match="promised day has passed"),
    ):
        COMPLAINT.apply(complaint, "extend", by=staff.officer, extension=EXTENDED)


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("refuse", {"decision": Written("scope", "  ")}),
        ("refuse", {"decision": Written("settled", "Because.")}),
    ],
)
def test_refusal_needs_a_ground_and_reasons(staff: SimpleNamespace, step: str, data: dict[str, Any]) -> None:
    with pytest.raises(StepClosed):
        COMPLAINT.apply(complain(staff.investor), step, by=staff.officer, **data)


@pytest.mark.parametrize("extension", [Written(61, "Why."), Written(0, "Why."), Written(10, "")])
def test_extension_needs_a_number_of_days_and_reasons(staff: SimpleNamespace, extension: Written) -> None:
    with pytest.raises(StepClosed):
        COMPLAINT.apply(
            lead(complain(staff.investor), "accepted", staff), "extend", by=staff.officer, extension=extension
        )


# --- What is told, and erased ----------------------------------------------------------------


def told(kind: str) -> list[str]:
    """Return the names of those who have a notice of a kind."""
    found = Notice.objects.filter(kind=kind, channel="in_app").values_list("recipient__name", flat=True)
    return sorted(set(found))


def test_whoever_is_complained_of_is_told_nothing_ever(staff: SimpleNamespace) -> None:
    complaint = against(staff, staff.officer, staff.head2)
    before = Notice.objects.count()
    COMPLAINT.apply(complaint, "request_supplement", by=staff.other, message=message())
    reply(complaint)
    for step in ("remind_decide",):
        COMPLAINT.apply(complaint, step, by=SYSTEM)
    COMPLAINT.apply(complaint, "accept", by=staff.other)
    COMPLAINT.apply(complaint, "write", by=staff.other, message=message())
    reply(complaint)
    COMPLAINT.apply(complaint, "extend", by=staff.other, extension=EXTENDED)
    COMPLAINT.apply(complaint, "close", by=staff.other, decision=CLOSED)

    assert Notice.objects.count() > before > 0
    assert set(Notice.objects.values_list("recipient__name", flat=True)) == {"Investor", "Other", "Head"}


def test_notices_and_steps_hold_nothing_of_what_was_written(staff: SimpleNamespace) -> None:
    secret = "zebra-4711"
    complaint = complain(staff.investor, subject=secret, facts=secret, request=secret, authority=secret)
    COMPLAINT.apply(complaint, "accept", by=staff.officer)
    COMPLAINT.apply(complaint, "note", by=staff.officer, message=message(secret, is_internal=True))
    COMPLAINT.apply(complaint, "extend", by=staff.officer, extension=Written(5, secret))
    COMPLAINT.apply(complaint, "close", by=staff.officer, decision=Written("settled", secret))

    held = [
        *(str(notice.context) for notice in Notice.objects.all()),
        *(f"{step.data} {step.reason}" for step in StepTaken.objects.about(complaint)),
        *(f"{entry.was} {entry.now}" for entry in HistoryEntry.objects.all()),
    ]
    assert [text for text in held if secret in text] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_notice_is_written_in_both_languages(staff: SimpleNamespace, language: str) -> None:
    found = [kind for kind in kinds() if kind.startswith("investors.complaint_")]
    due = {"en": "2 March", "zh": "3月2日"}
    context: dict[str, Any] = {"reference": "CPL-2026-000001", "is_assigned": True}
    context |= {"decide_due": due, "supplement_due": due, "close_due": due}
    with translation.override(language):
        shown = [render(Notice(kind=kind, context=context, recipient=staff.investor)) for kind in found]

    assert len(found) == 19
    assert all("CPL-2026-000001" in subject and paragraphs for subject, paragraphs in shown)
    if language == "zh-hans":
        assert [subject for subject, _rest in shown if not any("\u4e00" <= c <= "\u9fff" for c in subject)] == []


def test_open_complaint_hinders_erasure_and_an_ended_one_loses_its_texts(staff: SimpleNamespace) -> None:
    complaint = complain(staff.investor, persons=["Mr Nobody"])
    assert any(complaint.reference in str(reason) for reason in personal_data.hindrances(staff.investor))
    COMPLAINT.apply(complaint, "note", by=staff.officer, message=message("A note.", is_internal=True))
    COMPLAINT.apply(complaint, "withdraw", by=staff.investor)
    exported = complaints_of(staff.investor)[0]

    assert (exported["facts"], exported["messages"]) == (WORDS["facts"], [])
    assert (erase_complaints(staff.investor), erase_complaints(staff.investor)) == (1, 0)
    complaint = Complaint.objects.get()
    assert {complaint.subject, complaint.facts, complaint.request, complaint.on_behalf_of} == {"…"}
    assert list(ComplaintMessage.objects.values_list("body", flat=True)) == ["…"]
    assert (complaint.ending, complaint.erased_at is not None) == ("withdrawn", True)


def test_promises_of_complaints_are_counted(staff: SimpleNamespace) -> None:
    lead(complain(staff.investor), "closed", staff)
    lead(complain(staff.investor), "refused", staff)
    complain(staff.investor)

    found = {}
    for promise in all_promises():
        if promise.key.startswith("complaint_"):
            sql, values = promise.course.cases(timezone.now() - timedelta(days=365), timezone.now())
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                found[promise.key, *promise.days()] = sorted(row[-1] for row in cursor.fetchall())

    assert found == {("complaint_decided", 7): ["met", "met", "open"], ("complaint_closed", 60): ["met"]}


def test_roles_of_a_second_hat_do_not_open_what_is_against_oneself(staff: SimpleNamespace) -> None:
    staff.officer.groups.add(*Group.objects.filter(name__in=[Role.HEAD, Role.AUDITOR, Role.ADMINISTRATOR]))
    officer = User.objects.get(pk=staff.officer.pk)
    complaint = against(staff, officer)

    assert list(Complaint.objects.visible_to(officer)) == list(Complaint.objects.in_register_of(officer)) == []
    assert COMPLAINT.allowed(officer, complaint) == []
