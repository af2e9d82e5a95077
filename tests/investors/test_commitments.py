"""Commitments of the district: made, told, called to mind, kept or broken, objected to, followed up."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from firms import merging
from firms.models import Membership, Organisation
from investors.commitment_lifecycle import COMMITMENT, Settlement, working_days_before
from investors.models import Commitment, Inquiry, Officer
from investors.services.commitments import (
    Promised,
    break_commitment,
    keep_commitment,
    make_commitment,
)
from portal import clock
from portal.contributions import take_step
from portal.invariants import all_invariants
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Deadline, HistoryEntry, StepTaken
from portal.personal_data import erase, everything_about
from portal.roles import Role
from tests.firms.merging import merge
from tests.investors.committing import MARK, answered, later, lead, make, today
from tests.investors.conftest import make_organisation, make_user
from tests.investors.test_lifecycles import WHO
from tests.investors.test_notices import told

MEMBERS = ["signatory", "editor"]
OFFICERS = ["registry", "manager", "officer", "head"]

VERDICTS = {
    ("open", "make"): OFFICERS,
    ("open", "keep"): ["officer"],
    ("open", "break"): ["officer"],
    ("open", "hand_over"): ["officer", "head"],
    ("open", "release"): MEMBERS,
    ("open", "remind"): ["system"],
    ("open", "remind_today"): ["system"],
    ("open", "escalate"): ["system"],
    ("open", "press"): ["system"],
    ("kept", "object"): MEMBERS,
    ("kept", "answer_objection"): ["head"],
    ("kept", "concede"): ["head"],
    ("kept", "remind_objection"): ["system"],
    ("kept", "forget"): ["system"],
    ("broken", "forget"): ["system"],
    ("released", "forget"): ["system"],
}


@pytest.mark.parametrize("status", Commitment.Status.values)
def test_commitment_steps_by_status_and_person(people: SimpleNamespace, firm: Organisation, status: str) -> None:
    commitment = lead(make(people, firm), status, people, people.signatory)

    found = {
        (status, step): [
            who
            for who in WHO
            if step in {door.step.name for door in COMMITMENT.allowed(getattr(people, who, None), commitment)}
        ]
        for step in COMMITMENT.steps
    }

    assert {key: who for key, who in found.items() if who} == {
        key: who for key, who in VERDICTS.items() if key[0] == status
    }


def test_commitment_to_a_person_is_released_by_that_person_alone(people: SimpleNamespace) -> None:
    commitment = make(people, person=people.investor)

    assert [
        who
        for who in WHO
        if "release" in {d.step.name for d in COMMITMENT.allowed(getattr(people, who, None), commitment)}
    ] == ["investor"]


def test_made_commitment_is_told_to_who_writes_for_the_firm_and_has_its_clock(
    people: SimpleNamespace, firm: Organisation
) -> None:
    commitment = make(people, firm, due_on=today() + timedelta(days=30))

    clocks = dict(Deadline.objects.about(commitment).filter(done_at=None).values_list("step", "due_at"))
    assert commitment.reference == f"CMT-{today().year}-{int(commitment.reference[-6:]):06d}"
    assert told("commitment_made") == [people.signatory.pk, people.editor.pk]
    assert told("commitment_given") == [people.officer.pk]
    assert sorted(clocks) == ["escalate", "remind", "remind_today"]
    assert clocks["escalate"] == clock.end_of(commitment.due_on)
    assert {(at.astimezone(clock.SHANGHAI).hour) for step, at in clocks.items() if step != "escalate"} == {9}


def test_same_form_twice_makes_one_commitment(people: SimpleNamespace, firm: Organisation) -> None:
    promised = Promised(
        text_zh="设置指示牌。", text_en="", due_on=today(), owner=people.officer, source="other",
        organisation=firm, source_note="Telephone",
    )  # fmt: skip
    key = uuid4()

    made = [make_commitment(by=people.officer, promised=promised, key=key) for _again in range(2)]

    assert made[0].pk == made[1].pk
    assert Commitment.objects.count() == 1
    assert told("commitment_made") == [people.signatory.pk, people.editor.pk]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"organisation": None}, "Say to whom it is made."),
        ({"text_en": ""}, "Write what is promised, in at least one language."),
        ({"due_on": date(2020, 1, 1)}, "Choose a day from today on, within five years."),
        ({"due_on": date(2099, 1, 1)}, "Choose a day from today on, within five years."),
        ({"source_on": None}, "Give the day of the letter or meeting, today or earlier."),
        ({"source": "other", "source_on": None}, "Say where it was promised."),
    ],
)
def test_commitment_that_says_too_little_is_refused(
    people: SimpleNamespace, firm: Organisation, said: dict[str, Any], reason: str
) -> None:
    with pytest.raises(StepClosed) as refused:
        make(people, **{"organisation": firm, **said})

    assert refused.value.reasons == (reason,)
    assert Commitment.objects.count() == 0


def test_owner_is_an_officer_with_no_part_in_the_beneficiary(people: SimpleNamespace, firm: Organisation) -> None:
    insider = make_user("insider", Role.INVESTMENT)
    Membership.objects.create(user=insider, organisation=firm, role="viewer")
    for owner in (insider, people.head, people.auditor, people.investor):
        with pytest.raises(StepClosed, match="may answer for it"):
            make(people, firm, owner=owner)
    with pytest.raises(NotAllowed):
        make(people, firm, by=insider)
    with pytest.raises(NotAllowed):
        make(people, firm, by=people.auditor)

    assert Commitment.objects.count() == 0


def test_reminders_come_before_and_on_the_day_and_the_head_hears_after_it(
    people: SimpleNamespace, firm: Organisation
) -> None:
    commitment = make(people, firm, due_on=today() + timedelta(days=30))
    heard = {}

    for step, kind in [
        ("remind", "due_soon"),
        ("remind_today", "due_today"),
        ("escalate", "overdue"),
        ("press", "still_overdue"),
    ]:
        deadline = Deadline.objects.about(commitment).get(step=step, done_at=None)
        with later((deadline.due_at - timezone.now()).days + 1):
            take_step(deadline)
        heard[kind] = told(f"commitment_{kind}")

    commitment.refresh_from_db()
    owner, head = people.officer.pk, people.head.pk
    assert heard == {
        "due_soon": [owner],
        "due_today": [owner],
        "overdue": sorted([owner, head]),
        "still_overdue": sorted([owner, head]),
    }
    assert (commitment.status, told("commitment_broken")) == ("open", [])


def test_deputy_of_the_owner_hears_of_what_is_overdue(people: SimpleNamespace, firm: Organisation) -> None:
    Officer.objects.update_or_create(user=people.officer, defaults={"deputy": people.registry})
    commitment = make(people, firm)

    with later(11):
        COMMITMENT.apply(commitment, "escalate", by=None)

    assert told("commitment_overdue") == sorted([people.officer.pk, people.registry.pk, people.head.pk])


def test_escalation_before_the_day_is_over_is_closed(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = make(people, firm)

    with pytest.raises(StepClosed, match="not due yet"):
        COMMITMENT.apply(commitment, "escalate", by=None)


@pytest.mark.parametrize("loss", ["role", "account"])
def test_head_hears_where_the_owner_cannot_answer_any_more(
    people: SimpleNamespace, firm: Organisation, loss: str
) -> None:
    commitment = make(people, firm)
    if loss == "role":
        people.officer.groups.clear()
    else:
        people.officer.is_active = False
        people.officer.save()

    COMMITMENT.apply(commitment, "remind", by=None)

    assert told("commitment_due_soon") == [people.head.pk]


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 10, 12), date(2026, 9, 29)),  # over the National Day, after which a Saturday is worked
        (date(2026, 3, 5), date(2026, 3, 2)),
    ],
)
def test_reminder_lies_three_working_days_before_the_day(db: None, day: date, before: date) -> None:
    found = working_days_before(day, 3)

    assert clock.working_days_between(
        datetime.combine(found, datetime.min.time(), clock.SHANGHAI), clock.end_of(day)
    ) == 3 + (0 if clock.Calendar.read().is_working(day) else -1)
    assert before <= found < day


def test_kept_commitment_says_how_and_closes_its_clock(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = lead(make(people, firm), "kept", people, people.signatory)

    assert (commitment.status, commitment.is_late, told("commitment_kept")) == (
        "kept",
        False,
        [people.signatory.pk, people.editor.pk],
    )
    assert not Deadline.objects.about(commitment).filter(done_at=None).exists()
    assert MARK not in str(list(StepTaken.objects.about(commitment).values_list("data", "reason")))
    assert MARK not in str(list(HistoryEntry.objects.filter(subject_table="investors_commitment").values_list("now")))


def test_commitment_kept_after_its_day_is_kept_late(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = make(people, firm)
    with later(11):
        overdue = commitment.is_overdue
        keep_commitment(by=people.officer, commitment=commitment, evidence="At last.")
    commitment.refresh_from_db()

    assert (overdue, commitment.status, commitment.is_late) == (True, "kept", True)


def test_broken_commitment_stays_broken_and_is_followed_by_one_of_its_own(
    people: SimpleNamespace, firm: Organisation, make_inquiry: Callable[..., Inquiry]
) -> None:
    message = answered(people, make_inquiry())
    broken = make(people, person=people.investor, source="answer", source_on=None, message=message)
    anew_on = today() + timedelta(days=40)

    break_commitment(by=people.officer, commitment=broken, reasons="It rained.", next_step="We wait.", due_on=anew_on)

    broken.refresh_from_db()
    anew = broken.follow_up
    assert (broken.status, broken.reasons, broken.next_step) == ("broken", "It rained.", "We wait.")
    assert (anew.status, anew.due_on, anew.text_en, anew.message, anew.person, anew.owner) == (
        "open", anew_on, broken.text_en, message, people.investor, people.officer,
    )  # fmt: skip
    assert told("commitment_broken") == [people.investor.pk]
    with pytest.raises(StepClosed):
        COMMITMENT.apply(broken, "keep", by=people.officer, said=Settlement("No."))


def test_follow_up_in_the_past_leaves_nothing_behind(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = make(people, firm)

    with pytest.raises(StepClosed, match="from today on"):
        break_commitment(
            by=people.officer, commitment=commitment, reasons="So.", next_step="So.", due_on=date(2020, 1, 1)
        )

    commitment.refresh_from_db()
    assert (commitment.status, Commitment.objects.count()) == ("open", 1)


def test_objection_goes_to_the_head_who_answers_or_finds_it_right(people: SimpleNamespace, firm: Organisation) -> None:
    stands, falls = (lead(make(people, firm), "disputed", people, people.signatory) for _each in range(2))
    with pytest.raises(NotAllowed):
        COMMITMENT.apply(stands, "answer_objection", by=people.officer, said=Settlement("It stands."))

    COMMITMENT.apply(stands, "answer_objection", by=people.head, said=Settlement("It stands."))
    COMMITMENT.apply(falls, "concede", by=people.head, said=Settlement("It fell.", "We mend it."))

    for one in (stands, falls):
        one.refresh_from_db()
    assert told("commitment_objected") == [people.head.pk, people.head.pk]
    assert (stands.status, stands.objection_answer, stands.is_disputed) == ("kept", "It stands.", False)
    assert (falls.status, falls.reasons, falls.next_step) == ("broken", "It fell.", "We mend it.")
    assert not Deadline.objects.filter(step="remind_objection", done_at=None).exists()
    with pytest.raises(StepClosed, match="objected already"):
        COMMITMENT.apply(stands, "object", by=people.signatory, said=Settlement("Again."))


def test_hand_over_gives_it_to_an_officer_who_may(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = make(people, firm)
    for refused in (people.auditor.pk, people.officer.pk, 10**15):
        with pytest.raises(StepClosed):
            COMMITMENT.apply(commitment, "hand_over", by=people.head, owner=refused)

    COMMITMENT.apply(commitment, "hand_over", by=people.head, owner=people.registry.pk)

    commitment.refresh_from_db()
    assert (commitment.owner, told("commitment_given")) == (
        people.registry,
        sorted([people.officer.pk, people.registry.pk]),
    )


def test_merged_beneficiary_is_told_before_and_the_survivor_sees_it(
    people: SimpleNamespace, firm: Organisation
) -> None:
    kept, commitment = make_organisation("Grippers"), make(people, firm)
    Membership.objects.create(user=people.investor, organisation=kept, role="viewer")

    findings = [(finding.stops, str(finding.text)) for finding in merging.findings(kept, firm)]
    merge(people.registry, kept, firm)

    commitment.refresh_from_db()
    sentence = (
        f"{commitment.reference} is a commitment of the district that is still to be kept. The survivor will see it."
    )
    assert (False, sentence) in findings
    assert commitment.organisation == kept
    assert list(Commitment.objects.made_to(people.investor)) == [commitment]


def test_erased_person_leaves_no_words_and_what_firms_were_promised_stays(
    people: SimpleNamespace, firm: Organisation
) -> None:
    own = [make(people, person=people.investor), lead(make(people, person=people.investor), "kept", people, None)]
    shared = make(people, firm, person=people.investor)
    assert len(everything_about(people.investor)["commitments"]) == 3

    erase(people.investor, "account")

    for one in (*own, shared):
        one.refresh_from_db()
    assert [(one.status, one.text_en, one.evidence) for one in own] == [("released", "…", ""), ("kept", "…", "…")]
    assert (shared.status, MARK in shared.text_en) == ("open", True)


# --- What PostgreSQL keeps ---------------------------------------------------------------


def test_postgresql_refuses_a_source_of_somebody_else(
    people: SimpleNamespace, firm: Organisation, make_inquiry: Callable[..., Inquiry]
) -> None:
    inquiry = make_inquiry()
    answer = answered(people, inquiry)
    from investors.services.inquiries import write_message

    write_message(by=people.officer, inquiry=inquiry, step="note", text="A note.", key=uuid4())
    note = inquiry.messages.latest("pk")
    for person, message in ((people.stranger, answer), (people.investor, note)):
        with pytest.raises(DatabaseError), transaction.atomic():
            make(people, person=person, source="answer", source_on=None, message=message)
    broken = lead(make(people, firm), "broken", people, None)
    kept = lead(make(people, firm), "kept", people, None)
    values = {f.attname: getattr(broken, f.attname) for f in Commitment._meta.concrete_fields if f.attname != "id"}
    fresh = {
        **values, "status": "open", "settled_at": None, "reasons": "", "next_step": "", "idempotency_key": uuid4(),
        "reference": "CMT-2026-999999",
    }  # fmt: skip
    for wrong in ({"follows_id": kept.pk}, {"follows_id": broken.pk, "person_id": people.stranger.pk}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Commitment.objects.create(**{**fresh, **wrong})
    with pytest.raises(DatabaseError), transaction.atomic():
        Commitment.objects.create(**{**fresh, "owner_id": people.signatory.pk})

    assert Commitment.objects.count() == 2


def test_invariant_finds_what_the_guards_would_not_let_pass(people: SimpleNamespace, firm: Organisation) -> None:
    (holds,) = [one for one in all_invariants() if one.name == "commitments_hold"]
    commitment = make(people, firm)
    before = list(holds.violations())

    Deadline.objects.about(commitment).filter(step="escalate").delete()

    assert (before, commitment.reference in str(list(holds.violations()))) == ([], True)
