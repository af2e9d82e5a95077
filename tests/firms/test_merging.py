"""Merging two organisations: nothing is lost, each kind of conflict stops it, the old address leads to the survivor."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from firms import merging
from firms.lifecycle import ORGANISATION
from firms.models import (
    Certificate,
    Claim,
    Cluster,
    ClusterMembership,
    Duplicate,
    FacetTotal,
    Membership,
    Organisation,
    SearchEntry,
    YearlyFigure,
)
from firms.services.claims import submit_claim
from firms.services.clusters import apply_rules
from firms.services.edits import Stale, propose_edit, shown_state
from firms.services.imports import import_registry
from firms.services.merging import merge_organisations, suggested
from firms.services.search_entries import write_search_entries
from firms.services.yearly_figures import verify_figures
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import About, Deadline, Document, HistoryEntry, Notice, StepTaken, User
from portal.roles import Role
from tests.firms import files
from tests.firms.merging import attach, firm, merge, pair_of, person, upload

CODE, OTHER_CODE = files.CODES[0], files.CODES[2]


@pytest.fixture
def officer(db: None) -> User:
    return person("registry", Role.REGISTRY)


@pytest.fixture
def kept(db: None) -> Organisation:
    return firm("上海示例软件有限公司", uscc=CODE)


@pytest.fixture
def gone(db: None) -> Organisation:
    return firm("示例软件（上海）有限公司", name_en="Example Software", website="https://old.example/")


@pytest.fixture
def merged(officer: User, kept: Organisation, gone: Organisation) -> Organisation:
    merge(officer, kept, gone)
    return Organisation.objects.get(pk=gone.pk)


def stopped(by: User, survivor: Organisation, going: Organisation) -> list[str]:
    """Return the reasons for which a merge is refused."""
    with pytest.raises(StepClosed) as closed:
        merge(by, survivor, going)
    return [str(reason) for reason in closed.value.reasons]


def rows_of(organisation: Organisation) -> Counter[str]:
    counted = Counter({link.model._meta.label: link.rows(organisation).count() for link in merging.following()})
    counted["portal.Document"] = Document.objects.about(organisation).count()
    return +counted


# --- Nothing is lost ------------------------------------------------------------------


def test_merge_loses_nothing(officer: User, kept: Organisation, gone: Organisation) -> None:
    signatories = [attach(kept, officer, "kept"), attach(gone, officer, "gone", "innovative")]
    before = [rows_of(kept), rows_of(gone)]
    rules = ClusterMembership.objects.filter(organisation=gone).exclude(rule=None).count()
    steps = StepTaken.objects.about(gone).count()
    history = HistoryEntry.objects.of(gone).count()

    survivor = merge(officer, kept, gone)

    connection.check_constraints()  # what is asked at the end of the transaction
    gone = Organisation.objects.get(pk=gone.pk)
    wanted = before[0] + before[1] + Counter({"firms.Organisation": 1})
    wanted["firms.ClusterMembership"] -= rules  # both are in by the same rule
    assert {model for model, number in before[1].items() if number} >= {
        "firms.Certificate",
        "firms.Claim",
        "firms.ClusterMembership",
        "firms.Membership",
        "firms.ProposedEdit",
        "firms.Verification",
        "firms.YearlyFigure",
        "portal.Document",
    }
    assert (rows_of(survivor), rows_of(gone)) == (wanted, Counter())
    assert [figure.is_verified for figure in survivor.yearly_figures.all()] == [True, True]
    assert (gone.status, gone.merged_into, survivor.status) == ("merged", kept, "listed")
    assert (StepTaken.objects.about(gone).count(), HistoryEntry.objects.of(gone).count() > history) == (steps + 1, True)
    assert not SearchEntry.objects.filter(organisation=gone).exists()
    assert Duplicate.objects.values_list("status", "decided_by", "reason").get() == (
        "merged",
        officer.pk,
        "One company, entered twice",
    )
    told = Notice.objects.filter(kind="firms.organisation_merged", channel="in_app")
    assert {notice.recipient.name for notice in told} == {"kept", "kept-editor", "gone", "gone-editor"}
    assert [survivor.members.filter(user=one, role="signatory").exists() for one in signatories] == [True, True]


def test_every_kind_of_row_about_a_record_is_decided_on(db: None) -> None:
    kinds = {model.__name__ for model in About.__subclasses__()}

    # Documents follow to the survivor; the status that is left closes the deadlines; steps taken, and what was
    # counted anew when holidays changed, stay where they are.
    assert kinds == {"Document", "Deadline", "RecountItem", "StepTaken"}


def test_survivor_takes_what_it_lacks_and_what_was_chosen(
    officer: User, kept: Organisation, gone: Organisation
) -> None:
    assert suggested(kept, gone) == ["name_en", "website"]

    survivor = merge(officer, kept, gone, take=["name_zh", "website"])

    assert (survivor.name_zh, survivor.name_en, survivor.website) == (
        "示例软件（上海）有限公司",
        "",
        "https://old.example/",
    )
    assert (survivor.slug, survivor.uscc) == (kept.slug, CODE)
    assert list(Organisation.objects.search("示例软件（上海）")) == [survivor]


@pytest.mark.parametrize(
    ("codes", "after"), [((CODE, OTHER_CODE), (OTHER_CODE, CODE)), ((None, OTHER_CODE), (OTHER_CODE, None))]
)
def test_code_that_is_taken_changes_places(
    officer: User, codes: tuple[str | None, str], after: tuple[str, str | None]
) -> None:
    kept, gone = firm("上海示例一有限公司", uscc=codes[0]), firm("上海示例二有限公司", uscc=codes[1])

    survivor = merge(officer, kept, gone, take=["uscc"])

    gone.refresh_from_db()
    assert (survivor.uscc, gone.uscc) == after


def test_foreign_number_goes_with_its_country(officer: User, kept: Organisation) -> None:
    gone = firm("示例（德国）有限公司", country="DE", foreign_number="HRB 1")

    survivor = merge(officer, kept, gone)

    gone = Organisation.objects.get(pk=gone.pk)
    assert (survivor.country.code, survivor.foreign_number, gone.foreign_number) == ("DE", "HRB 1", "")


def test_chain_of_merges_collapses(officer: User, kept: Organisation, gone: Organisation) -> None:
    last = firm("上海示例三有限公司")
    merge(officer, gone, last)

    merge(officer, kept, gone)

    connection.check_constraints()
    assert set(kept.predecessors.all()) == {gone, last}


def test_other_pairs_of_the_one_that_goes_wait_no_more(officer: User, kept: Organisation, gone: Organisation) -> None:
    third = firm("上海示例三有限公司")
    pair_of(gone, third)
    waits = pair_of(kept, third)

    merge(officer, kept, gone)

    assert list(Duplicate.objects.waiting()) == [waits]
    assert sorted(Duplicate.objects.values_list("status", flat=True)) == ["gone", "merged", "open"]


def test_totals_of_the_directory_lose_one(officer: User, kept: Organisation, gone: Organisation) -> None:
    def total() -> int:
        return sum(FacetTotal.objects.filter(value="kind:firm").values_list("number", flat=True))

    before = total()

    merge(officer, kept, gone)

    assert (before, total()) == (2, 1)


def test_work_over_every_organisation_leaves_the_merged_out(
    officer: User, kept: Organisation, gone: Organisation
) -> None:
    merge(officer, kept, gone)

    apply_rules()
    write_search_entries()

    connection.check_constraints()
    assert list(SearchEntry.objects.values_list("organisation", flat=True)) == [kept.pk]


# --- What may exist once becomes one --------------------------------------------------


@pytest.mark.parametrize(
    ("of_kept", "of_gone", "after"),
    [
        (("editor", True), ("editor", True), ("editor", True)),
        (("editor", False), ("signatory", True), ("signatory", True)),
        (("editor", True), ("signatory", False), ("editor", True)),
    ],
)
def test_memberships_of_one_person_become_one(
    officer: User,
    kept: Organisation,
    gone: Organisation,
    of_kept: tuple[str, bool],
    of_gone: tuple[str, bool],
    after: tuple[str, bool],
) -> None:
    member = person("member")
    for organisation, (role, is_active) in ((kept, of_kept), (gone, of_gone)):
        Membership.objects.create(user=member, organisation=organisation, role=role, is_active=is_active)

    merge(officer, kept, gone)

    assert Membership.objects.values_list("organisation", "role", "is_active").get() == (kept.pk, *after)


def test_cluster_decided_by_hand_wins_over_the_rule(officer: User, kept: Organisation, gone: Organisation) -> None:
    cluster = Cluster.objects.get(slug="ai-internet-digital-content")
    ClusterMembership.objects.filter(organisation=gone, cluster=cluster).update(rule=None, excluded=True)

    merge(officer, kept, gone)

    found = ClusterMembership.objects.get(cluster=cluster)
    assert (found.organisation, found.rule, found.excluded) == (kept, None, True)


def test_certificate_stated_twice_becomes_one_with_what_both_say(
    officer: User, kept: Organisation, gone: Organisation
) -> None:
    Certificate.objects.create(organisation=kept, level="hnte", from_registry=True)
    Certificate.objects.create(organisation=gone, level="hnte", authority="Authority", expires=date(2030, 1, 1))

    merge(officer, kept, gone)

    assert Certificate.objects.values_list("organisation", "authority", "expires", "from_registry").get() == (
        kept.pk,
        "Authority",
        date(2030, 1, 1),
        True,
    )
    assert Deadline.objects.filter(step="expire", done_at=None).count() == 1


def figures(of: Organisation, officer: User, **values: int) -> YearlyFigure:
    about = {"source": "registry", "source_date": date(2026, 1, 1), "entered_by": officer}
    return YearlyFigure.objects.create(organisation=of, year=2024, **about, **values)


def test_same_figures_of_a_year_become_one_and_stay_verified(
    officer: User, kept: Organisation, gone: Organisation
) -> None:
    figures(kept, officer, revenue=7)
    verify_figures(by=officer, figure=figures(gone, officer, revenue=7), evidence="report", seen=1)

    merge(officer, kept, gone)

    figure = YearlyFigure.objects.get()
    assert (figure.organisation, figure.verified_by, figure.evidence) == (kept, officer, "report")


# --- What stops it --------------------------------------------------------------------


def test_member_of_both_in_different_parts_stops_it(officer: User, kept: Organisation, gone: Organisation) -> None:
    member = person("Wei")
    Membership.objects.create(user=member, organisation=kept, role="editor")
    Membership.objects.create(user=member, organisation=gone, role="signatory")

    assert stopped(officer, kept, gone) == [
        "Wei is editor of one and signatory of the other. Make the two the same, or end one."
    ]


def test_certificates_that_differ_stop_it(officer: User, kept: Organisation, gone: Organisation) -> None:
    for organisation, authority in ((kept, "One"), (gone, "Other")):
        Certificate.objects.create(organisation=organisation, level="hnte", authority=authority)

    (reason,) = stopped(officer, kept, gone)
    assert reason.startswith("The certificate “High and new technology enterprise” is stated twice and not alike")


def test_figures_of_a_year_that_differ_stop_it(officer: User, kept: Organisation, gone: Organisation) -> None:
    figures(kept, officer, revenue=7)
    figures(gone, officer, revenue=7, staff=3)

    assert stopped(officer, kept, gone) == [
        "The figures of 2024 are given for both and differ. Make them the same, or remove those of one."
    ]


def test_open_claim_of_the_one_that_goes_stops_it(officer: User, kept: Organisation, gone: Organisation) -> None:
    claimant = person("Wei")
    for organisation in (kept, gone):
        submit_claim(by=claimant, organisation=organisation, position="director", letter=upload())

    assert stopped(officer, kept, gone) == [
        "Wei has claimed the one that goes, and waits for an answer. Decide the claim first."
    ]
    assert Claim.objects.waiting().count() == 2


@pytest.mark.parametrize(
    ("proposes", "words"),
    [
        ([False, True], ["Members of the one that goes have proposed changes of its profile. Decide them first."]),
        (
            [True, True],
            ["Members of both have proposed changes of the profile. Decide those of the one that goes first."],
        ),
    ],
)
def test_open_edit_of_the_one_that_goes_stops_it(
    officer: User, kept: Organisation, gone: Organisation, proposes: list[bool], words: list[str]
) -> None:
    for organisation, does in zip((kept, gone), proposes, strict=True):
        member = person(f"of-{organisation.pk}")
        Membership.objects.create(user=member, organisation=organisation, role="editor")
        seen = shown_state(organisation, None)
        if does:
            propose_edit(by=member, organisation=organisation, values={"staff": "7"}, seen=seen)

    assert stopped(officer, kept, gone) == words


def test_suspended_kind_and_listed_stop_it(officer: User, kept: Organisation, gone: Organisation) -> None:
    ORGANISATION.apply(kept, "suspend", by=officer, reason="because")
    Organisation.objects.filter(pk=gone.pk).update(kind="park")

    assert stopped(officer, kept, gone) == [
        "The two are of different kinds. Correct the kind of one of them first.",
        "Shanghai Shili Ruanjian Youxian Gongsi is suspended. End the suspension first.",
        "The one that goes is listed, the other is not. Keep the listed one, or take it off the list.",
    ]


def test_two_codes_are_told_and_do_not_stop_it(officer: User, kept: Organisation) -> None:
    gone = firm("上海示例软件有限公司", uscc=OTHER_CODE)

    found = merging.findings(kept, gone)

    assert [(finding.stops, str(finding.text)[:32]) for finding in found] == [
        (False, "Each has a code of its own. Two ")
    ]
    assert merge(officer, kept, gone) == kept


def test_officer_who_belongs_to_one_does_not_merge(officer: User, kept: Organisation, gone: Organisation) -> None:
    Membership.objects.create(user=officer, organisation=gone, role="viewer", is_active=True)

    with pytest.raises(NotAllowed):
        merge(officer, kept, gone)


def test_merge_of_what_was_changed_since_the_page_was_opened_is_refused(
    officer: User, kept: Organisation, gone: Organisation
) -> None:
    with pytest.raises(Stale):
        merge_organisations(
            by=officer, duplicate=pair_of(kept, gone), survivor=kept, take=[], reason="why", seen="before"
        )

    assert set(Organisation.objects.values_list("status", flat=True)) == {"listed"}


def test_merge_without_reason_or_of_a_third_is_refused(officer: User, kept: Organisation, gone: Organisation) -> None:
    with pytest.raises(StepClosed, match="Compare the two"):
        ORGANISATION.apply(gone, "merge", by=officer, reason="why")
    with pytest.raises(StepClosed, match="reasons"):
        ORGANISATION.apply(gone, "merge", by=officer, survivor=kept.pk)


# --- The old address and the import ---------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_old_address_leads_to_the_survivor(
    client: Client, merged: Organisation, kept: Organisation, language: str
) -> None:
    answer = client.get(f"/{language}/firms/{merged.slug}/")

    assert (answer.status_code, answer["Location"]) == (301, f"/{language}/firms/{kept.slug}/")


def test_old_addresses_of_the_desk_lead_there_for_members(
    client: Client, merged: Organisation, kept: Organisation
) -> None:
    member = person("member")
    Membership.objects.create(user=member, organisation=kept, role="signatory")
    client.force_login(member)

    answers = {}
    for page in ("", "members/", "edit/", "confirm/"):
        answer = client.get(f"/en/desk/organisation/{merged.slug}/{page}")
        answers[page] = (answer.status_code, answer.get("Location"))

    assert answers == {page: (301, f"/en/desk/organisation/{kept.slug}/{page}") for page in answers}
    assert merged.name_zh in client.get(f"/en/desk/organisation/{kept.slug}/").text  # what was merged into it
    assert client.get(f"/en/firms/{merged.slug}/claim/")["Location"] == f"/en/firms/{kept.slug}/claim/"


def test_old_address_of_what_is_not_shown_is_not_found(
    client: Client, officer: User, merged: Organisation, kept: Organisation
) -> None:
    ORGANISATION.apply(kept, "unlist", by=officer, reason="because")

    assert client.get(f"/en/firms/{merged.slug}/").status_code == 404
    assert client.get("/en/firms/nothing/").status_code == 404


def test_import_that_names_a_merged_code_changes_nothing(officer: User, tmp_path: Path) -> None:
    kept, gone = firm("上海示例软件有限公司", uscc=CODE), firm("上海示例旧名有限公司", uscc=OTHER_CODE)
    merge(officer, kept, gone)
    rows = [files.row(OTHER_CODE, "上海示例旧名有限公司", 从业人数="99"), files.row(CODE, "上海示例软件有限公司")]
    path = files.xlsx(tmp_path / "a.xlsx", *rows)

    outcome = import_registry(path=path, today=date(2026, 11, 1))
    again = import_registry(path=path, today=date(2026, 11, 1))

    gone.refresh_from_db()
    assert (gone.status, gone.staff, gone.source) == ("merged", None, "test")
    note = (
        f"Merged into another organisation before; the row changes nothing: {OTHER_CODE} → 上海示例软件有限公司 {CODE}."
    )
    assert note in [said.en for said in outcome.reading.notes]
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 1, 1)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
