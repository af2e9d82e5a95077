"""Edits of a profile: proposed by members, decided field by field, published by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from firms import profile
from firms.lifecycle import EDIT
from firms.models import HARMLESS, PROPOSABLE, ClusterMembership, Organisation, ProposedEdit, ProposedValue
from firms.services.edits import (
    Stale,
    Verdict,
    accept_harmless,
    moderate_edit,
    open_edit,
    propose_edit,
    shown_state,
    withdraw_edit,
)
from firms.services.organisations import save_organisation
from portal import work
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import Deadline, HistoryEntry, Notice, User
from portal.notices import show
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser


@pytest.fixture
def firm(make_firm: MakeFirm) -> Organisation:
    return make_firm(website="https://old.example/", staff=12, business_scope="软件开发")


@pytest.fixture
def editor(make_user: MakeUser, firm: Organisation) -> User:
    return make_user("editor", member_of=firm, role="editor")


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user("officer", Role.REGISTRY)


def propose(by: User, firm: Organisation, **values: str) -> ProposedEdit:
    return propose_edit(by=by, organisation=firm, values=values, seen=shown_state(firm, open_edit(firm)))


def verdict(edit: ProposedEdit, field: str, *, accept: bool = True, reason: str = "") -> dict[int, Verdict]:
    firm = Organisation.objects.get(pk=edit.organisation_id)
    seen = profile.digest(profile.published(firm, field))
    return {edit.values.get(field=field, status="pending").pk: Verdict(accept, reason, seen)}


def states(edit: ProposedEdit) -> dict[str, str]:
    return dict(edit.values.values_list("field", "status"))


def test_what_a_member_types_is_not_published(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, website="https://new.example/", staff="12", business_scope="软件开发；数据处理")

    firm.refresh_from_db()
    assert (firm.website, firm.business_scope) == ("https://old.example/", "软件开发")
    assert list(edit.values.values_list("field", "published", "proposed", "status")) == [
        ("website", "https://old.example/", "https://new.example/", "pending"),
        ("business_scope", "软件开发", "软件开发；数据处理", "pending"),
    ]
    assert Notice.objects.filter(recipient=officer, channel="in_app").get().kind == "firms.edit_submitted"
    assert sorted(Deadline.objects.about(edit).values_list("step", flat=True)) == ["escalate", "remind"]


@pytest.mark.parametrize("field", ["uscc", "name_zh", "status", "kind", "source", "slug", "foreign_number"])
def test_what_follows_the_registry_cannot_be_proposed(firm: Organisation, editor: User, field: str) -> None:
    assert field not in PROPOSABLE
    with pytest.raises(StepClosed):
        propose(editor, firm, **{field: "moved_out"})
    edit = propose(editor, firm, staff="13")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedValue.objects.create(edit=edit, field=field, published="a", proposed="b")


def test_harmless_fields_decide_neither_identity_nor_eligibility() -> None:
    assert set(HARMLESS) == {"website", "description_zh", "description_en"}


def test_editing_again_changes_the_open_proposal(firm: Organisation, editor: User) -> None:
    edit = propose(editor, firm, website="https://new.example/", staff="20")

    again = propose(editor, firm, staff="21", name_en="Example Software")

    assert (again.pk, again.version) == (edit.pk, 2)
    assert states(edit) == {"website": "withdrawn", "staff": "pending", "name_en": "pending"}
    assert ProposedValue.objects.get(field="staff").proposed == "21"
    assert Notice.objects.filter(kind="firms.edit_submitted").count() == 0  # no officer is there


def test_older_form_overwrites_neither_a_proposal_nor_the_profile(firm: Organisation, editor: User) -> None:
    seen = shown_state(firm, None)
    propose(editor, firm, website="https://new.example/")
    with pytest.raises(Stale):
        propose_edit(by=editor, organisation=firm, values={"staff": "99"}, seen=seen)

    withdraw_edit(by=editor, edit=open_edit(firm))
    Organisation.objects.filter(pk=firm.pk).update(address="杨浦区国权路1号")  # an import
    with pytest.raises(Stale):
        propose_edit(by=editor, organisation=firm, values={"staff": "99", "address": ""}, seen=seen)


def test_nothing_to_propose_and_nobody_to_propose_it(firm: Organisation, editor: User, make_user: MakeUser) -> None:
    with pytest.raises(StepClosed):
        propose(editor, firm, website="https://old.example/")
    for other in (make_user("viewer", member_of=firm, role="viewer"), make_user("stranger")):
        with pytest.raises(NotAllowed):
            propose(other, firm, staff="1")
    Organisation.objects.filter(pk=firm.pk).update(status="suspended")
    with pytest.raises(StepClosed):
        propose(editor, firm, staff="1")
    assert not ProposedEdit.objects.exists()


def test_accepted_value_is_published_with_what_follows(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, name_en="Riverside Software", industry_code="3491", staff="20")
    robots = ClusterMembership.objects.filter(organisation=firm, rule__class_prefixes=["349"])
    assert not robots.exists()

    for field in ("name_en", "industry_code"):
        moderate_edit(by=officer, edit=edit, version=1, verdicts=verdict(edit, field))
    closed = moderate_edit(
        by=officer, edit=edit, version=1, verdicts=verdict(edit, "staff", accept=False, reason="请附社保证明 <b>")
    )

    firm.refresh_from_db()
    assert (firm.name_en, firm.industry_code, firm.staff) == ("Riverside Software", "3491", 12)
    assert [found.pk for found in Organisation.objects.search("riverside")] == [firm.pk]
    assert robots.exists()
    assert (closed.status, closed.closed_at is not None) == ("decided", True)
    assert states(edit) == {"name_en": "accepted", "industry_code": "accepted", "staff": "refused"}
    told = show(Notice.objects.get(recipient=editor, channel="in_app", kind="firms.edit_decided"))
    assert "name in English" in told.body
    assert "staff – 请附社保证明 <b>" in told.body
    changed = HistoryEntry.objects.filter(
        subject_table="firms_organisation", operation="update", now__has_key="name_en"
    )
    assert changed.count() == 1


def test_refusal_needs_a_reason(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, staff="20")

    with pytest.raises(StepClosed):
        moderate_edit(by=officer, edit=edit, version=1, verdicts=verdict(edit, "staff", accept=False, reason=" "))
    with pytest.raises(StepClosed):
        moderate_edit(by=officer, edit=edit, version=1, verdicts={})

    assert states(edit) == {"staff": "pending"}


def test_nobody_moderates_their_own_organisation(firm: Organisation, editor: User, make_user: MakeUser) -> None:
    edit = propose(editor, firm, staff="20")
    insider = make_user("insider", Role.REGISTRY, member_of=firm, role="viewer")
    for user in (insider, make_user("reviewer", Role.REVIEWER), editor):
        with pytest.raises(NotAllowed):
            moderate_edit(by=user, edit=edit, version=1, verdicts=verdict(edit, "staff"))
        with pytest.raises(NotAllowed):
            EDIT.apply(edit, "finish", by=user)
    assert Notice.objects.filter(recipient=insider).count() == 0
    with pytest.raises(IntegrityError, match="their own organisation"), transaction.atomic():
        edit.values.update(status="accepted", decided_at="2026-01-01T00:00Z", decided_by=insider)


def test_published_value_that_changed_since_is_not_overwritten_unseen(
    firm: Organisation, editor: User, officer: User
) -> None:
    edit = propose(editor, firm, address="杨浦区国权路2号", website="https://new.example/")
    looked = verdict(edit, "address")
    Organisation.objects.filter(pk=firm.pk).update(address="杨浦区大学路3号", website="https://import.example/")

    with pytest.raises(Stale):  # changed between the look and the click
        moderate_edit(by=officer, edit=edit, version=1, verdicts=looked)
    with pytest.raises(StepClosed, match="Confirm"):  # seen, without the second look
        moderate_edit(by=officer, edit=edit, version=1, verdicts=verdict(edit, "address"))
    with pytest.raises(StepClosed):  # nor by the bulk action
        accept_harmless(by=officer, edit=edit)
    ((key, sure),) = verdict(edit, "address").items()
    moderate_edit(by=officer, edit=edit, version=1, verdicts={key: Verdict(accept=True, seen=sure.seen, is_sure=True)})

    firm.refresh_from_db()
    assert (firm.address, firm.website) == ("杨浦区国权路2号", "https://import.example/")


def test_moderator_of_an_older_version_looks_again(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, staff="20")
    looked = verdict(edit, "staff")
    propose(editor, firm, staff="2000")

    with pytest.raises(Stale):
        moderate_edit(by=officer, edit=edit, version=1, verdicts=looked)

    assert states(edit) == {"staff": "pending"}


def test_impossible_together_is_said_and_nothing_is_written(editor: User, officer: User, make_firm: MakeFirm) -> None:
    foreign = make_firm("", name_en="Example GmbH", country="DE")
    editor.memberships.update(organisation=foreign)
    edit = propose(editor, foreign, name_en="")

    with pytest.raises(StepClosed, match="cannot be published"):
        moderate_edit(by=officer, edit=edit, version=1, verdicts=verdict(edit, "name_en"))

    assert states(edit) == {"name_en": "pending"}


def test_harmless_values_are_accepted_and_the_rest_waits(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, website="https://new.example/", description_en="Robots", staff="20")

    accepted = accept_harmless(by=officer, edit=edit)

    firm.refresh_from_db()
    assert [value.field for value in accepted] == ["description_en", "website"]
    assert (firm.website, firm.description_en, firm.staff) == ("https://new.example/", "Robots", 12)
    assert ProposedEdit.objects.get().status == "submitted"
    with pytest.raises(StepClosed):
        accept_harmless(by=officer, edit=edit)


def test_withdrawing_leaves_what_was_accepted(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, website="https://new.example/", staff="20")
    accept_harmless(by=officer, edit=edit)

    withdraw_edit(by=editor, edit=edit)

    firm.refresh_from_db()
    assert (firm.website, firm.staff) == ("https://new.example/", 12)
    assert states(edit) == {"website": "accepted", "staff": "withdrawn"}
    assert not Deadline.objects.about(edit).open().exists()
    with pytest.raises(StepClosed):
        moderate_edit(
            by=officer, edit=edit, version=1, verdicts={edit.values.get(field="staff").pk: Verdict(accept=True)}
        )
    assert propose(editor, firm, staff="20").pk != edit.pk


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE firms_proposedvalue SET status = 'accepted'",
        "UPDATE firms_proposedvalue SET status = 'refused', decided_at = now(), decided_by_id = (SELECT min(id) FROM portal_user)",
        "UPDATE firms_proposededit SET status = 'decided', closed_at = now()",
        "UPDATE firms_proposededit SET status = 'withdrawn', closed_at = now()",
        "UPDATE firms_proposedvalue SET proposed = published",
        "UPDATE firms_proposedvalue SET field = 'uscc'",
        (
            "INSERT INTO firms_proposededit (organisation_id, status, version, proposed_by_id, due_at, due_estimated)"
            " SELECT organisation_id, 'submitted', 1, proposed_by_id, now(), false FROM firms_proposededit"
        ),
        (
            "INSERT INTO firms_proposedvalue (edit_id, field, published, proposed, status, reason)"
            " SELECT edit_id, field, '', 'x', 'pending', '' FROM firms_proposedvalue"
        ),
        (
            "INSERT INTO firms_proposedvalue (edit_id, field, published, proposed, status, reason, decided_at, decided_by_id)"
            " SELECT edit_id, 'website', '', 'x', 'accepted', '', now(), (SELECT max(id) FROM portal_user)"
            " FROM firms_proposedvalue"
        ),
    ],
)
def test_database_refuses_what_no_service_does(firm: Organisation, editor: User, officer: User, statement: str) -> None:
    propose(editor, firm, staff="20")

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_decided_value_never_changes(firm: Organisation, editor: User, officer: User) -> None:
    edit = propose(editor, firm, staff="20", website="https://new.example/")
    moderate_edit(by=officer, edit=edit, version=1, verdicts=verdict(edit, "staff"))

    with pytest.raises(IntegrityError, match="is decided"), transaction.atomic():
        edit.values.filter(field="staff").update(proposed="21")


# Written from the issue: members propose and withdraw, a registry officer of another house decides, the system closes.
VERDICTS = {
    "member": {"propose", "revise", "withdraw"},
    "viewer": set(),
    "officer": {"moderate"},
    "own-officer": set(),
    "auditor": set(),
    "stranger": set(),
    "system": {"finish", "remind", "escalate"},
}


@pytest.mark.parametrize(("who", "expected"), VERDICTS.items())
@pytest.mark.parametrize("status", ["submitted", "decided", "withdrawn"])
def test_edit_steps(
    firm: Organisation, editor: User, make_user: MakeUser, who: str, expected: set[str], status: str
) -> None:
    edit = propose(editor, firm, staff="20")
    edit.status = status
    people = {
        "member": lambda: editor,
        "viewer": lambda: make_user("viewer", member_of=firm, role="viewer"),
        "officer": lambda: make_user("officer", Role.REGISTRY),
        "own-officer": lambda: make_user("own", Role.REGISTRY, member_of=firm, role="viewer"),
        "auditor": lambda: make_user("auditor", Role.AUDITOR),
        "stranger": lambda: make_user("stranger"),
        "system": lambda: SYSTEM,
    }

    found = {door.step.name for door in EDIT.allowed(people[who](), edit)}

    assert found == (expected if status == "submitted" else set())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("软件开发", "软件的开发", [("same", "软件"), ("new", "的"), ("same", "开发")]),
        ("red house", "red boat", [("same", "red "), ("gone", "house"), ("new", "boat")]),
        ("", "x", [("new", "x")]),
        ("a\nb", "a\nb", [("same", "a\nb")]),
    ],
)
def test_differences_by_word_and_by_chinese_character(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert profile.differences(before, after) == expected


def test_every_value_survives_being_text(firm: Organisation) -> None:
    save_organisation(organisation=firm)
    for field in PROPOSABLE:
        text = profile.published(firm, field)
        profile.put(firm, field, text)
        assert profile.published(firm, field) == text


def test_promise_of_three_working_days_is_reminded_of_then_escalated_once_each(
    firm: Organisation, editor: User, officer: User, make_user: MakeUser
) -> None:
    head = make_user("head", Role.HEAD)
    with time_machine.travel(datetime(2026, 9, 29, 2, tzinfo=UTC), tick=False):  # holidays from 1 to 7 October
        edit = propose(editor, firm, staff="20")
    moments = {row.step: row.due_at for row in Deadline.objects.about(edit)}
    dates = {step: timezone.localdate(moment).isoformat() for step, moment in moments.items()}
    assert dates == {"remind": "2026-10-08", "escalate": "2026-10-09"}

    fired = []
    for step, moment in sorted(moments.items(), key=lambda pair: pair[1]):
        waiting = Deadline.objects.about(edit).filter(step=step)
        waiting.update(next_try_at=timezone.now() - timedelta(days=900))
        Deadline.objects.about(edit).exclude(step=step).update(next_try_at="2100-01-01T00:00Z")
        for offset in (-1, 1, 2):
            with time_machine.travel(moment + timedelta(seconds=offset), tick=False):
                waiting.filter(done_at=None).update(next_try_at=timezone.now() - timedelta(days=900))
                fired.append(work.run("deadlines"))

    assert fired == [0, 1, 0] * 2
    told = Notice.objects.filter(channel="in_app").order_by("pk").values_list("kind", "recipient__name")
    assert list(told) == [
        ("firms.edit_submitted", "officer"),
        ("firms.edit_due_soon", "officer"),
        ("firms.edit_overdue", "officer"),
        ("firms.edit_overdue", "head"),
    ]
    assert head.is_staff
