"""What happens at the same moment: one claim and one proposal are decided once; the twins show the race unguarded."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from firms import profile
from firms.lifecycle import CLAIM
from firms.models import Claim, Membership, Organisation, ProposedEdit, ProposedValue
from firms.services.claims import submit_claim
from firms.services.edits import Verdict, moderate_edit, propose_edit, shown_state, withdraw_edit
from firms.services.organisations import save_organisation
from portal.actor import acting
from portal.lifecycle import StepClosed
from portal.models import Notice, StepTaken, User
from portal.roles import Role
from tests.firms.test_claims import PDF

MEMBERS_URL = "https://members.example/"


def at_once(*calls: Callable[[], object]) -> list[str]:
    """Run calls in threads that begin together; return how each ended, sorted."""
    barrier, ended = threading.Barrier(len(calls)), []

    def one(call: Callable[[], object]) -> None:
        try:
            with acting("test"):
                barrier.wait()
                call()
            ended.append("done")
        except StepClosed:
            ended.append("closed")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(ended)


@contextmanager
def unguarded(database: str, *tables: str) -> Iterator[None]:
    """Take the triggers off tables, as the owner; the database is dropped after the test."""
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=database, autocommit=True) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield


def user(name: str, *roles: Role) -> User:
    from django.contrib.auth.models import Group

    made = User.objects.create_user(f"{name}@demo.example", "a long password", name=name, is_staff=bool(roles))
    made.groups.set(Group.objects.filter(name__in=roles))
    return made


@pytest.fixture
def firm(committed_db: str) -> Organisation:
    with transaction.atomic():
        made = Organisation(name_zh="上海示例软件有限公司", status="listed", source="test", staff=12)
        save_organisation(organisation=made)
        return made


@pytest.fixture
def officers(firm: Organisation) -> tuple[User, User]:
    with transaction.atomic():
        return user("first", Role.REGISTRY), user("second", Role.REGISTRY)


# --- Claims ---------------------------------------------------------------------------


@pytest.fixture
def claim(firm: Organisation, officers: tuple[User, User]) -> Claim:
    letter = SimpleUploadedFile("letter.pdf", PDF, "application/pdf")
    with transaction.atomic():
        return submit_claim(by=user("claimant"), organisation=firm, position="director", letter=letter)


def test_two_officers_decide_one_claim(claim: Claim, officers: tuple[User, User]) -> None:
    copies = [Claim.objects.get(pk=claim.pk) for _ in officers]

    ended = at_once(
        lambda: CLAIM.apply(copies[0], "accept", by=officers[0]),
        lambda: CLAIM.apply(copies[1], "refuse", by=officers[1], reason="no"),
    )

    claim.refresh_from_db()
    assert ended == ["closed", "done"]
    assert Membership.objects.filter(user=claim.claimant).exists() == (claim.status == "accepted")
    assert Notice.objects.filter(recipient=claim.claimant, channel="email").count() == 1


def test_claim_accepted_by_many_clicks_is_accepted_once(claim: Claim, officers: tuple[User, User]) -> None:
    def accept() -> object:
        return CLAIM.apply(Claim.objects.get(pk=claim.pk), "accept", by=officers[0])

    assert at_once(*[accept] * 6) == ["closed"] * 5 + ["done"]
    assert Membership.objects.count() == 1
    assert StepTaken.objects.about(claim).filter(step="accept").count() == 1


def test_twin_without_lock_both_officers_decide_one_claim(
    committed_db: str, claim: Claim, officers: tuple[User, User]
) -> None:
    looked = threading.Barrier(2)

    @transaction.atomic
    def decide(status: str, by: User) -> None:
        found = Claim.objects.get(pk=claim.pk)  # no lock
        looked.wait()
        if found.status != "submitted":
            raise StepClosed("decided")
        if status == "accepted":
            Membership.objects.create(user=found.claimant, organisation=found.organisation, role="signatory")
        Claim.objects.filter(pk=found.pk).update(status=status, reason="no", decided_at=Now(), decided_by=by)

    with unguarded(committed_db, "firms_claim"):
        ended = at_once(lambda: decide("accepted", officers[0]), lambda: decide("refused", officers[1]))

    assert ended == ["done", "done"]  # the claimant was told yes and no


# --- Proposed edits -------------------------------------------------------------------


@pytest.fixture
def edit(firm: Organisation, officers: tuple[User, User]) -> ProposedEdit:
    with transaction.atomic():
        Membership.objects.create(user=user("editor"), organisation=firm, role="editor")
        member = User.objects.get(name="editor")
        return propose_edit(by=member, organisation=firm, values={"website": MEMBERS_URL}, seen=shown_state(firm, None))


def moderate(edit: ProposedEdit, by: User, *, accept: bool) -> Callable[[], object]:
    value = edit.values.get()
    verdicts = {value.pk: Verdict(accept, "" if accept else "no", profile.digest(""))}
    return lambda: moderate_edit(by=by, edit=edit, version=1, verdicts=verdicts)


def website() -> str:
    return Organisation.objects.get().website


def test_two_moderators_decide_one_value(edit: ProposedEdit, officers: tuple[User, User]) -> None:
    ended = at_once(moderate(edit, officers[0], accept=True), moderate(edit, officers[1], accept=False))

    assert ended == ["closed", "done"]
    assert (edit.values.get().status, website()) in {("accepted", MEMBERS_URL), ("refused", "")}
    assert Notice.objects.filter(kind="firms.edit_decided", channel="email").count() == 1


def test_accepting_against_withdrawing(edit: ProposedEdit, officers: tuple[User, User]) -> None:
    member = User.objects.get(name="editor")

    ended = at_once(moderate(edit, officers[0], accept=True), lambda: withdraw_edit(by=member, edit=edit))

    assert ended == ["closed", "done"]
    assert (edit.values.get().status, website()) in {("accepted", MEMBERS_URL), ("withdrawn", "")}


def test_two_members_propose_at_once(firm: Organisation, officers: tuple[User, User]) -> None:
    with transaction.atomic():
        members = [user(name) for name in ("a", "b")]
        for member in members:
            Membership.objects.create(user=member, organisation=firm, role="editor")
    seen = shown_state(firm, None)

    def propose(member: User) -> Callable[[], object]:
        values = {"description_en": member.name}
        return lambda: propose_edit(by=member, organisation=firm, values=values, seen=seen)

    assert at_once(*(propose(member) for member in members)) == ["closed", "done"]
    assert (ProposedEdit.objects.count(), ProposedValue.objects.count()) == (1, 1)


def test_twin_without_lock_a_withdrawn_value_is_published(
    committed_db: str, edit: ProposedEdit, officers: tuple[User, User]
) -> None:
    looked = threading.Barrier(2)

    @transaction.atomic
    def decide(status: str) -> None:
        found = ProposedEdit.objects.get(pk=edit.pk)  # no lock
        value = found.values.get()
        looked.wait()
        if found.status != "submitted" or value.status != "pending":
            raise StepClosed("decided")
        decided = {"decided_at": timezone.now(), "decided_by": officers[0]} if status == "accepted" else {}
        if status == "accepted":
            Organisation.objects.update(website=value.proposed)
        ProposedValue.objects.filter(pk=value.pk).update(status=status, **decided)

    with unguarded(committed_db, "firms_proposededit", "firms_proposedvalue"):
        ended = at_once(lambda: decide("accepted"), lambda: decide("withdrawn"))

    assert ended == ["done", "done"]  # the member took back what is published now


def test_database_alone_lets_one_of_two_decide(edit: ProposedEdit, officers: tuple[User, User]) -> None:
    looked = threading.Barrier(2)

    def decide(by: User) -> None:
        value = edit.values.get()  # no lock: the trigger is all there is
        looked.wait()
        try:
            with transaction.atomic():
                value.status, value.decided_at, value.decided_by = "accepted", timezone.now(), by
                value.save()
        except Exception as error:
            raise StepClosed(str(error)) from error

    assert at_once(lambda: decide(officers[0]), lambda: decide(officers[1])) == ["closed", "done"]
