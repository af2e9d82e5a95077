"""A merge at the same moment as a claim, another merge, or a row on its way; the twins show the race unguarded."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from firms.forms.clusters import DecisionForm
from firms.models import Claim, Cluster, ClusterMembership, Membership, Organisation
from firms.services import imports, merging
from firms.services.claims import submit_claim
from firms.services.clusters import decide_by_hand
from portal.actor import acting
from portal.lifecycle import StepClosed
from portal.models import User
from portal.roles import Role
from tests.firms.merging import firm, merge, person, upload
from tests.firms.test_races import unguarded
from tests.racing import PATIENCE, at_once, results_at_once, wait_for_end


@pytest.fixture
def officer(committed_db: str) -> User:
    with transaction.atomic():
        return person("registry", Role.REGISTRY)


@pytest.fixture
def firms(committed_db: str) -> list[Organisation]:
    with transaction.atomic():
        return [firm(f"上海示例{number}有限公司") for number in "甲乙丙"]


def standing() -> dict[int, int | None]:
    return dict(Organisation.objects.values_list("pk", "merged_into"))


@contextmanager
def meanwhile(write: Callable[[], object]) -> Iterator[None]:
    """Keep a transaction open that has written, in a thread of its own; it ends soon after the block began."""
    has_written, errors = threading.Event(), []

    def run() -> None:
        try:
            with acting("test"), transaction.atomic():
                write()
                has_written.set()
                threading.Event().wait(0.5)
        except Exception as error:  # noqa: BLE001 -- what it raised is raised below
            errors.append(error)
        finally:
            has_written.set()
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    has_written.wait(PATIENCE)
    try:
        yield
    finally:
        wait_for_end(thread)
    if errors:
        raise errors[0]


def test_two_merge_the_same_pair(officer: User, firms: list[Organisation]) -> None:
    a, b, _c = firms
    with transaction.atomic():
        other = person("other", Role.REGISTRY)

    ended = at_once(lambda: merge(officer, a, b), lambda: merge(other, b, a))

    assert ended == ["closed", "done"]
    assert sorted(standing().values(), key=str) in ([a.pk, None, None], [b.pk, None, None])


def test_merges_in_a_chain_end_without_one(officer: User, firms: list[Organisation]) -> None:
    a, b, c = firms

    at_once(lambda: merge(officer, b, a), lambda: merge(officer, c, b))

    merged = standing()
    assert merged[c.pk] is None
    assert {into for into in merged.values() if into} <= {one for one, into in merged.items() if into is None}


def test_claim_at_the_moment_of_a_merge(officer: User, firms: list[Organisation]) -> None:
    kept, gone, _other = firms
    with transaction.atomic():
        claimant = person("claimant")

    def claim() -> None:
        submit_claim(by=claimant, organisation=gone, position="director", letter=upload())

    ended = at_once(claim, lambda: merge(officer, kept, gone))

    assert ended == ["closed", "done"]  # a claim that came first stops the merge
    assert (Claim.objects.count(), Organisation.objects.living().count()) in {(1, 3), (0, 2)}


def add_member(user: User, organisation: Organisation) -> Callable[[], object]:
    @transaction.atomic
    def add() -> None:
        Membership.objects.create(user=user, organisation=organisation, role="viewer")

    return add


def test_merge_waits_for_a_row_on_its_way_and_takes_it_along(officer: User, firms: list[Organisation]) -> None:
    kept, gone, _other = firms
    with transaction.atomic():
        member = person("member")

    with meanwhile(add_member(member, gone)):
        merge(officer, kept, gone)

    assert Membership.objects.get().organisation == kept


def test_row_waits_for_a_merge_and_is_refused(officer: User, firms: list[Organisation]) -> None:
    kept, gone, _other = firms
    with transaction.atomic():
        member = person("member")

    with meanwhile(lambda: merge(officer, kept, gone)), pytest.raises(IntegrityError, match="was merged into another"):
        add_member(member, gone)()

    assert Membership.objects.count() == 0


def test_twin_without_trigger_a_row_is_left_to_the_merged(
    committed_db: str, officer: User, firms: list[Organisation]
) -> None:
    kept, gone, _other = firms
    with transaction.atomic():
        member = person("member")

    with unguarded(committed_db, "firms_membership"), meanwhile(add_member(member, gone)):
        merge(officer, kept, gone)

    assert Membership.objects.get().organisation == gone  # whom nobody finds any more


def test_merge_gives_up_while_an_import_runs(
    officer: User, firms: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_TRIES", 2)

    def take_turn() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [imports._LOCK])

    with meanwhile(take_turn), pytest.raises(StepClosed, match="being imported"):
        merge(officer, firms[0], firms[1])

    assert set(standing().values()) == {None}


def test_merge_holds_nothing_while_somebody_works_on_one(
    officer: User, firms: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "_TRIES", 2)
    kept, gone, _other = firms

    @transaction.atomic
    def write() -> None:
        Organisation.objects.filter(pk=kept.pk).update(staff=7)

    def work() -> None:
        Organisation.objects.select_for_update().get(pk=gone.pk)

    with meanwhile(work), transaction.atomic():
        with pytest.raises(StepClosed, match="working on one"):
            merge(officer, kept, gone)
        assert at_once(write) == ["done"]


def test_decision_about_a_cluster_at_the_moment_of_a_merge(officer: User, firms: list[Organisation]) -> None:
    """Whoever comes second learns it: the decision is refused in its form, or goes along with the firm."""
    kept, gone, _other = firms
    with transaction.atomic():
        cluster = Cluster.objects.create(
            slug="x", title_en="X", title_zh="甲", summary_en="", summary_zh="", position=9
        )

    @transaction.atomic
    def decide() -> bool:
        form = DecisionForm({"organisation": gone.pk, "cluster": cluster.pk, "excluded": "", "reason": "x"})
        if form.is_valid():
            decide_by_hand(organisation=gone, cluster=cluster, excluded=False, reason="x")
        return form.is_valid()

    decided, merged = results_at_once(decide, lambda: merge(officer, kept, gone))

    assert not isinstance(merged, Exception)
    assert ClusterMembership.objects.filter(organisation=kept, cluster=cluster).count() == int(decided)
