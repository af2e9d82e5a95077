"""The reverse search: firms of the registry for a round, and inviting those that qualify."""

import csv
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from firms.models import ClusterMembership, Organisation
from incentives import services
from incentives.models import Invitation, InvitationPiece, InvitationRun, Round
from incentives.prospects import Group, Prospects
from incentives.publishing import latest_version
from portal import work
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Notice
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def firm(**fields: Any) -> Organisation:
    """A firm that meets every required criterion of ``make.programme``."""
    made = make.organisation(**fields)
    ClusterMembership.objects.create(organisation=made, cluster=make.cluster())
    return made


def prospects(opened: Round) -> Prospects:
    version = latest_version(opened.programme)
    assert version is not None
    return Prospects(opened, version)


def address(opened: Round, more: str = "") -> str:
    return f"/admin/incentives/round/{opened.pk}/firms/{more}"


def signed_in(role: Role | None = Role.MANAGER) -> Client:
    client = Client()
    client.force_login(make.person(role=role))
    return client


def work_off() -> None:
    """Do the work as a worker does, until nothing is left."""
    while InvitationPiece.objects.open().exists():
        work.run("invitations")


def test_firms_are_grouped_by_what_the_criteria_say(django_assert_num_queries: Any) -> None:
    opened = make.round_of()
    qualifies, alone = firm(), firm()
    make.member(qualifies)
    might = firm(staff=None)
    fails = firm(staff=5)
    firm(status=Organisation.Status.UNLISTED)
    firm(kind=Organisation.Kind.PARK)
    applied = Story(opened=opened).fill().submit().firm
    found = prospects(opened)

    groups = {group: set(found.firms(group)) for group in Group}
    with django_assert_num_queries(1):
        numbers = found.numbers()

    assert groups.pop(Group.TO_TELL) == {qualifies}
    assert groups == {Group.QUALIFY: {qualifies, alone}, Group.MIGHT: {might}, Group.APPLIED: {applied}}
    assert (numbers.all, numbers.qualify, numbers.might, numbers.applied, numbers.others) == (5, 2, 1, 1, 1)
    assert (numbers.invited, numbers.to_tell, numbers.unreachable) == (0, 1, 1)
    assert fails not in {one for group in groups.values() for one in group}


def test_who_withdrew_or_only_began_has_not_applied() -> None:
    opened = make.round_of()
    begun = Story(opened=opened)
    withdrawn = Story(opened=opened).fill().submit().withdraw()

    assert set(prospects(opened).firms(Group.QUALIFY)) == {begun.firm, withdrawn.firm}


@pytest.mark.parametrize("number", [1, 3])
def test_page_reads_as_often_for_many_firms_as_for_one(number: int, django_assert_max_num_queries: Any) -> None:
    opened = make.round_of()
    for _firm in range(number):
        make.member(firm())
    client = signed_in()

    with django_assert_max_num_queries(22):
        answer = client.get(address(opened))

    assert answer.status_code == 200
    assert answer.content.decode().count('name="firm"') == number


def test_pages_follow_one_another_and_odd_addresses_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incentives.admin.prospects.PER_PAGE", 2)
    opened = make.round_of()
    firms = [firm(name_en=f"Firm {letter}") for letter in "ABC"]
    client = signed_in()

    first = client.get(address(opened)).context["firms"]
    last = client.get(address(opened, f"?show=qualify&after={firms[1].pk}")).context
    back = client.get(address(opened, f"?show=qualify&before={firms[2].pk}")).context["firms"]

    assert [row["firm"] for row in first] == [row["firm"] for row in back] == firms[:2]
    assert [row["firm"] for row in last["firms"]] == [firms[2]]
    assert last["query"] == {"previous": f"show=qualify&before={firms[2].pk}", "next": ""}
    codes = {"?show=nobody": 200, "?after=x": 400, f"?after={10**30}": 400, f"?after={10**17}": 200, "?before=": 200}
    assert {more: client.get(address(opened, more)).status_code for more in codes} == codes
    assert client.get(f"/admin/incentives/round/{10**30}/firms/").status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "invites"),
    [(Role.MANAGER, 200, 302), (Role.HEAD, 200, 403), (Role.AUDITOR, 200, 403), (Role.SCREENING, 403, 403)],
)
def test_managers_invite_and_few_others_read(role: Role, reads: int, invites: int) -> None:
    opened = make.round_of()
    one = firm()
    make.member(one)
    client = signed_in(role)

    codes = [client.get(address(opened)).status_code, client.get(address(opened, "file/csv/")).status_code]
    codes.append(client.post(address(opened, "invite/"), {"firm": one.pk}).status_code)

    assert codes == [reads, reads, invites]
    assert InvitationRun.objects.count() == (invites == 302)


def test_unpublished_programmes_have_no_firms_to_show() -> None:
    programme = make.programme()
    opened = Round.objects.create(
        programme=programme,
        slug="r",
        title_en="R",
        title_zh="批",
        opens_at=timezone.now(),
        closes_at=timezone.now() + timedelta(days=1),
    )

    assert signed_in().get(address(opened)).status_code == 404


# --- Files ------------------------------------------------------------------------------


def test_files_say_what_is_missing_and_hold_no_formula() -> None:
    opened = make.round_of()
    one = firm(name_en="=cmd()", name_zh="示例企业甲", staff=None)
    one.certificates.create(level="innovative")
    client = signed_in()

    lines = b"".join(client.get(address(opened, "file/csv/?show=might"))).decode("utf-8-sig").splitlines()
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(address(opened, "file/xlsx/?show=might")).getvalue()))

    assert lines[1:] == [",示例企业甲,'=cmd(),,Not known,staff,,certificate,No,"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0] == next(csv.reader(lines))
    assert rows[1][1:] == ["示例企业甲", "=cmd()", "", "Not known", "staff", "", "certificate", "No", ""]
    assert client.get(address(opened, "file/exe/")).status_code == 404


# --- Inviting ---------------------------------------------------------------------------


def test_invited_firms_are_told_once_in_the_language_of_who_signs() -> None:
    opened = make.round_of()
    one, other, alone = firm(), firm(), firm()
    signs = make.member(one, language="zh-hans")
    make.member(one, "editor")
    make.member(other)
    client = signed_in()

    assert client.post(address(opened, "invite/"), {"firm": [one.pk, alone.pk, 10**17, "x"]}).status_code == 302
    work_off()
    work.run("notices")

    run = InvitationRun.objects.get()
    assert (run.total, run.ended_at is not None) == (1, True)
    assert list(Invitation.objects.values_list("organisation", flat=True)) == [one.pk]
    told = Notice.objects.filter(kind="incentives.invited")
    assert set(told.values_list("recipient", "channel")) == {(signs.pk, "in_app"), (signs.pk, "email")}
    title = opened.programme.title_zh
    assert [message.subject for message in mail.outbox] == [f"“{title}”：{one.name_zh}初步符合申报条件"]
    assert f"/zh-hans/incentives/{opened.programme.slug}/" in mail.outbox[0].body
    page = client.get(address(opened)).context
    assert (page["numbers"].invited, page["numbers"].to_tell, page["told"]) == (1, 1, 1)
    assert client.post(address(opened, "invite/"), {"firm": one.pk}, follow=True).context["messages"]
    assert InvitationRun.objects.count() == 1


def test_all_that_qualify_are_told_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incentives.services.inviting.PIECE", 2)
    opened = make.round_of()
    firms = [firm() for _number in range(5)]
    for one in firms:
        make.member(one)
    manager = make.person(role=Role.MANAGER)
    run = services.invite_firms(round=opened, by=manager)
    with pytest.raises(StepClosed):
        services.invite_firms(round=opened, by=manager)

    first = InvitationPiece.objects.get()
    services.invite_piece(first)
    InvitationPiece.objects.filter(pk=first.pk).delete()
    Organisation.objects.filter(pk=firms[4].pk).update(staff=1)  # no longer qualifies when its turn comes
    client = signed_in()
    progress = client.get(address(opened, "progress/"), headers={"HX-Request": "true"}).content.decode()
    work_off()
    services.invite_piece(first)  # a message that comes again

    assert '<progress aria-labelledby="invite-stage" value="2" max="5">' in progress
    run.refresh_from_db()
    assert run.ended_at is not None
    assert list(run.invitations.order_by("organisation").values_list("organisation", flat=True)) == [
        one.pk for one in firms[:4]
    ]
    assert Notice.objects.filter(kind="incentives.invited").count() == 8
    ended = client.get(address(opened, "progress/"), headers={"HX-Request": "true"})
    assert ended.headers["HX-Refresh"] == "true"


def test_nobody_is_invited_to_a_closed_round_nor_without_an_account() -> None:
    opened = make.round_of()
    firm()
    manager = make.person(role=Role.MANAGER)
    with pytest.raises(StepClosed) as nobody:
        services.invite_firms(round=opened, by=manager)
    past = timezone.now() - timedelta(days=1)
    Round.objects.filter(pk=opened.pk).update(opens_at=past - timedelta(days=5), closes_at=past)
    make.member(firm())
    with pytest.raises(StepClosed) as closed:
        services.invite_firms(round=opened, by=manager)

    assert str(closed.value) == "This round is not open."
    assert str(nobody.value).startswith("None of these firms can be told")
    with pytest.raises(NotAllowed):
        services.invite_firms(round=opened, by=make.person(role=Role.APPROVER))


def test_round_that_closes_meanwhile_ends_the_order() -> None:
    opened = make.round_of()
    make.member(firm())
    run = services.invite_firms(round=opened, by=make.person(role=Role.MANAGER))
    past = timezone.now() - timedelta(days=1)
    Round.objects.filter(pk=opened.pk).update(opens_at=past - timedelta(days=5), closes_at=past)

    work_off()

    run.refresh_from_db()
    assert (run.invitations.count(), run.ended_at is not None) == (0, True)


def test_database_keeps_invitations_single_and_unchanged() -> None:
    one, other = make.round_of(), make.round_of()
    told = firm()
    run = InvitationRun.objects.create(round=one, total=1, asked_by=make.person())
    Invitation.objects.create(round=one, organisation=told, run=run)

    def refused(statement: str) -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        except DatabaseError:
            return True
        return False

    columns = "INSERT INTO incentives_invitation (round_id, organisation_id, run_id) VALUES"
    assert refused(f"{columns} ({one.pk}, {told.pk}, {run.pk})")
    assert refused(f"{columns} ({other.pk}, {told.pk}, {run.pk})")
    assert refused("DELETE FROM incentives_invitation")
    assert refused("UPDATE incentives_invitation SET at = now()")
    assert refused("DELETE FROM incentives_invitationrun")
    assert refused("UPDATE incentives_invitationrun SET total = 2")
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationRun.objects.create(round=one, total=1, asked_by=make.person())
    assert not refused("UPDATE incentives_invitationrun SET ended_at = now()")
