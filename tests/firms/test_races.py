"""What happens at the same moment: one claim and one proposal are decided once; the twins show the race unguarded."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from firms import profile
from firms.lifecycle import CLAIM, IMPORT, IMPORTS
from firms.models import (
    Claim,
    ImportProgress,
    Membership,
    Organisation,
    ProposedEdit,
    ProposedValue,
    RegistryImport,
)
from firms.services import imports
from firms.services.claims import submit_claim
from firms.services.edits import Verdict, moderate_edit, propose_edit, shown_state, withdraw_edit
from firms.services.imports import upload_import
from firms.services.organisations import save_organisation
from portal import work
from portal.environment import BASE_DIR
from portal.lifecycle import StepClosed
from portal.models import Notice, StepTaken, User
from portal.roles import Role
from tests.firms import files
from tests.firms.test_claims import PDF
from tests.racing import at_once, meeting

MEMBERS_URL = "https://members.example/"


@contextmanager
def unguarded(database: str, *tables: str) -> Iterator[None]:
    """Take the triggers off tables, as the owner; the database is dropped after the test."""
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=database, autocommit=True) as owner:
        for table in tables:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield


@contextmanager
def another_transaction() -> Iterator[psycopg.Connection]:
    """Open a transaction beside the test's own, as the application's role."""
    with psycopg.connect(settings.DATABASE_APPLICATION_URL, dbname=connection.settings_dict["NAME"]) as other:
        yield other


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
    looked = meeting(2)

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
    looked = meeting(2)

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
    looked = meeting(2)

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


# --- Imports --------------------------------------------------------------------------


@pytest.fixture
def uploaded(firm: Organisation, officers: tuple[User, User], tmp_path: Path) -> list[RegistryImport]:
    """Two files that say something else of the same new firm, both read and to be applied."""
    made = []
    for number in (1, 2):
        path = files.text(tmp_path / f"{number}.csv", files.row(从业人数=str(number)))
        upload = SimpleUploadedFile(path.name, path.read_bytes())
        with transaction.atomic():
            made.append(upload_import(by=officers[0], upload=upload, is_full=False))
    work.run(IMPORTS)
    return [RegistryImport.objects.get(pk=found.pk) for found in made]


def test_second_import_waits_says_so_and_is_compared_anew(
    uploaded: list[RegistryImport], officers: tuple[User, User]
) -> None:
    first, second = uploaded
    for found in uploaded:
        IMPORT.apply(found, "apply", by=officers[0])
    with another_transaction() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [imports._LOCK])  # an import is at work
        done = work.run(IMPORTS)
        stages = set(ImportProgress.objects.values_list("stage", flat=True))
        statuses = set(RegistryImport.objects.values_list("status", "tries"))
    RegistryImport.objects.update(next_try_at=Now())
    after = work.run(IMPORTS)

    assert (done, stages, statuses) == (0, {"waiting"}, {("applying", 0)})
    assert after == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status, second.updated) == ("applied", "ready", 1)
    assert Organisation.objects.get(uscc=files.CODES[0]).staff == 1


def test_progress_is_seen_while_the_work_goes_on(uploaded: list[RegistryImport], officers: tuple[User, User]) -> None:
    seen = []

    def look(*_args: object, **_kwargs: object) -> int:
        with another_transaction() as other:
            row = other.execute(
                "SELECT stage, done, total FROM firms_importprogress ORDER BY registry_import_id LIMIT 1"
            )
            seen.append(row.fetchone())
        return 1

    IMPORT.apply(uploaded[0], "apply", by=officers[0])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(imports.search_entries, "write_search_entries", look)
        work.run(IMPORTS)

    assert seen == [("searching", 0, 1)]


def test_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_applies_once(
    committed_db: str, uploaded: list[RegistryImport], officers: tuple[User, User]
) -> None:
    found = IMPORT.apply(uploaded[0], "apply", by=officers[0]).obj
    code = (
        "import os, signal, django; django.setup()\n"
        "from django.db import connection; connection.settings_dict['NAME'] = os.environ['TEST_DATABASE']\n"
        "from portal import work; from portal.actor import acting; from firms.services import imports\n"
        "imports.search_entries.write_search_entries = lambda **_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "with acting('test'): work.run('imports')\n"
    )
    environment = os.environ | {
        "TEST_DATABASE": committed_db,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "TEST_MEDIA": str(settings.MEDIA_ROOT),
    }
    code = code.replace(
        "django.setup()\n",
        "django.setup()\nfrom django.conf import settings; settings.MEDIA_ROOT = os.environ['TEST_MEDIA']\n",
    )
    died = subprocess.run([sys.executable, "-c", code], env=environment, cwd=BASE_DIR, check=False, timeout=60)
    left = Organisation.objects.filter(uscc=files.CODES[0]).count()
    RegistryImport.objects.update(next_try_at=Now())

    done = [work.run(IMPORTS), work.run(IMPORTS)]

    found.refresh_from_db()
    assert (died.returncode, left, done) == (-signal.SIGKILL, 0, [1, 0])
    assert (found.status, found.tries) == ("applied", 2)
    assert Organisation.objects.filter(uscc=files.CODES[0]).count() == 1
    assert StepTaken.objects.about(found).filter(step="finish").count() == 1


def test_clicks_at_once_apply_once(uploaded: list[RegistryImport], officers: tuple[User, User]) -> None:
    found = uploaded[0]

    ended = at_once(*[lambda: IMPORT.apply(RegistryImport.objects.get(pk=found.pk), "apply", by=officers[1])] * 4)

    assert ended == ["closed"] * 3 + ["done"]


def test_twin_without_lock_two_imports_are_at_work_at_once(
    uploaded: list[RegistryImport], officers: tuple[User, User]
) -> None:
    """Without the lock the second import does not wait: it works beside one that has not ended."""
    IMPORT.apply(uploaded[0], "apply", by=officers[0])
    with another_transaction() as other, pytest.MonkeyPatch.context() as patched:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [imports._LOCK])
        patched.setattr(imports, "_is_first", lambda: True)

        assert work.run(IMPORTS) == 1


def test_command_says_that_it_waits_and_then_imports(committed_db: str, tmp_path: Path) -> None:
    path = files.text(tmp_path / "a.csv", files.row())
    said: list[str] = []
    with another_transaction() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [imports._LOCK])

        def end_the_other() -> None:
            said.append("waits")
            other.rollback()

        outcome = imports.import_registry(path=path, on_wait=end_the_other)

    assert (said, outcome.created, Organisation.objects.count()) == (["waits"], 1, 1)
