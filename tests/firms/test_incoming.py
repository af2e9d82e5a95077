"""Organisations that register themselves: verified with a recorded check, listed once they are registered in Yangpu."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from firms import listing
from firms.lifecycle import ORGANISATION
from firms.models import Organisation, Subdistrict, Verification
from firms.registry.normalising import today_in_shanghai
from firms.services.incoming import give_code, list_named_by_registry
from firms.services.organisations import register_organisation
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Document, Notice, StepTaken, User
from portal.notices import show
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser
from tests.firms.test_claims import PDF

CODE = "91310110591673062R"
CHECK = {"basis": "register", "reference": "工商档案 2026-001", "checked_on": date(2026, 11, 2)}


@pytest.fixture
def founder(make_user: MakeUser) -> User:
    return make_user("founder")


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user("officer", Role.REGISTRY)


@pytest.fixture
def company(founder: User) -> Organisation:
    return register_organisation(by=founder, organisation=Organisation(name_en="Example GmbH", country="DE"))


@pytest.fixture
def _on_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "today_in_shanghai", lambda: date(2026, 11, 24))


pytestmark = pytest.mark.usefixtures("_on_a_day")


def missing(organisation: Organisation) -> list[str]:
    organisation.refresh_from_db()
    return [str(reason).split(" is missing")[0].split(":")[0] for reason in listing.missing_to_list(organisation)]


def settle(organisation: Organisation) -> None:
    place = Subdistrict.objects.get(pk="310110019")
    Organisation.objects.filter(pk=organisation.pk).update(subdistrict=place)


def test_from_registering_to_the_directory(company: Organisation, founder: User, officer: User) -> None:
    def doors() -> dict[str, bool]:
        return {door.step.name: door.is_open for door in ORGANISATION.allowed(officer, company)}

    assert doors() == {"verify": True, "suspend": True, "merge": True}
    ORGANISATION.apply(company, "verify", by=officer, **CHECK)
    company.refresh_from_db()
    assert (company.status, doors()["list"]) == ("unlisted", False)
    told = show(Notice.objects.get(recipient=founder, kind="firms.organisation_verified", channel="in_app"))
    assert "code is missing" in told.body

    give_code(by=founder, organisation=company, uscc=CODE)
    settle(company)
    assert missing(company) == ["A registry officer has not verified the unified social credit code yet."]
    ORGANISATION.apply(company, "verify", by=officer, **CHECK)
    assert missing(company) == []
    ORGANISATION.apply(company, "list", by=officer)

    company.refresh_from_db()
    assert company.status == "listed"
    assert list(Verification.objects.order_by("pk").values_list("basis", "uscc", "verified_by")) == [
        ("register", "", officer.pk),
        ("register", CODE, officer.pk),
    ]


def test_every_reason_closes_the_listing(company: Organisation, officer: User) -> None:
    ORGANISATION.apply(company, "verify", by=officer, **CHECK)

    with pytest.raises(StepClosed) as closed:
        ORGANISATION.apply(company, "list", by=officer)

    assert len(closed.value.reasons) == 2
    Organisation.objects.filter(pk=company.pk).update(uscc="91310110591673062X")  # passes the pattern, not the check
    assert missing(company) == [
        "The unified social credit code is mistyped.",
        "The subdistrict of its address in Yangpu",
        "A registry officer has not verified the unified social credit code yet.",
    ]


@pytest.mark.parametrize("way", [("suspend", "reinstate"), ("move_out", "return")])
def test_no_way_around_the_listing(company: Organisation, officer: User, way: tuple[str, str]) -> None:
    ORGANISATION.apply(company, "verify", by=officer, **CHECK)
    ORGANISATION.apply(company, way[0], by=officer, reason="x")

    with pytest.raises(StepClosed, match="subdistrict"):
        ORGANISATION.apply(company, way[1], by=officer)


def test_lifted_suspension_leaves_it_unlisted(company: Organisation, founder: User, officer: User) -> None:
    ORGANISATION.apply(company, "suspend", by=officer, reason="x")
    ORGANISATION.apply(company, "lift", by=officer)

    company.refresh_from_db()
    assert company.status == "unlisted"
    assert Notice.objects.filter(recipient=founder, kind="firms.suspension_lifted").count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"checked_on": date(2026, 11, 25)},
        {"checked_on": date(2024, 1, 1)},
        {"reference": "  "},
    ],
)
def test_check_that_proves_nothing_is_refused(company: Organisation, officer: User, change: dict[str, object]) -> None:
    with pytest.raises(StepClosed):
        ORGANISATION.apply(company, "verify", by=officer, **(CHECK | change))
    assert not Verification.objects.exists()


def test_nobody_verifies_their_own_and_what_the_registry_named_needs_no_check(
    company: Organisation, make_firm: MakeFirm, make_user: MakeUser, officer: User
) -> None:
    insider = make_user("insider", Role.REGISTRY, member_of=company, role="viewer")
    with pytest.raises(NotAllowed):
        ORGANISATION.apply(company, "verify", by=insider, **CHECK)
    named = make_firm(status="unlisted")
    with pytest.raises(NotAllowed):
        ORGANISATION.apply(named, "verify", by=officer, **CHECK)
    ORGANISATION.apply(named, "list", by=officer)
    assert named.status == "listed"


def test_code_is_given_once_by_the_signatory(
    company: Organisation, founder: User, make_user: MakeUser, make_firm: MakeFirm
) -> None:
    make_firm(uscc="12100000425006117P")
    with pytest.raises(NotAllowed):
        give_code(by=make_user("editor", member_of=company, role="editor"), organisation=company, uscc=CODE)
    with pytest.raises(StepClosed, match="claim it"):
        give_code(by=founder, organisation=company, uscc="12100000425006117P")
    give_code(by=founder, organisation=company, uscc=CODE)
    with pytest.raises(StepClosed, match="follows the registry"):
        give_code(by=founder, organisation=company, uscc="12100000425006117P")


def test_import_lists_whom_it_names_but_not_whom_an_officer_took_off(
    company: Organisation, founder: User, officer: User, make_firm: MakeFirm
) -> None:
    give_code(by=founder, organisation=company, uscc=CODE)
    ORGANISATION.apply(company, "verify", by=officer, **CHECK)
    off = make_firm("上海二公司", uscc="12100000425006117P")
    ORGANISATION.apply(off, "unlist", by=officer, reason="x")

    list_named_by_registry(codes=[CODE, "12100000425006117P"], source="a.xlsx", source_date=date(2026, 6, 30))

    company.refresh_from_db()
    off.refresh_from_db()
    assert (company.status, company.source, off.status) == ("listed", "a.xlsx", "unlisted")
    assert StepTaken.objects.about(company).last().by is None


def test_database_wants_to_know_what_was_checked(company: Organisation, officer: User) -> None:
    ORGANISATION.apply(company, "verify", by=officer, **CHECK)
    for statement in (
        "UPDATE firms_verification SET reference = ''",
        "UPDATE firms_verification SET basis = 'hearsay'",
        "UPDATE firms_verification SET verified_by_id = NULL",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# --- Pages ----------------------------------------------------------------------------


def post(client: Client, company: Organisation, **changes: object) -> int:
    values = {"basis": "licence", "reference": "91310110", "checked_on": str(today_in_shanghai()), **changes}
    data = {f"verify-{name}": value for name, value in values.items()}
    client.post(f"/admin/firms/organisation/{company.pk}/step/verify/", data)
    return Verification.objects.count()


def test_officer_verifies_with_a_document_that_no_member_opens(
    company: Organisation, founder: User, officer: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMONSTRATION = True  # staff without a second factor
    monkeypatch.undo()
    client = Client()
    client.force_login(officer)
    page = client.get(f"/admin/firms/organisation/{company.pk}/change/").text
    ahead = str(today_in_shanghai() + timedelta(days=1))
    bad = SimpleUploadedFile("licence.pdf", b"MZ", "application/pdf")
    good = SimpleUploadedFile("licence.pdf", PDF, "application/pdf")

    assert 'enctype="multipart/form-data"' in page
    counts = [
        post(client, company, checked_on=ahead),
        post(client, company, checked_on="9999-12-31"),
        post(client, company, reference="\x00"),
        post(client, company, basis="hearsay"),
        post(client, company, document=bad),
        post(client, company, document=good),
    ]
    after = client.get(f"/admin/firms/organisation/{company.pk}/change/").text

    assert counts == [0, 0, 0, 0, 0, 1]
    document = Document.objects.about(Verification.objects.get()).get()
    assert f"/documents/{document.uid}/" in after
    assert "licence.pdf" not in str(StepTaken.objects.about(company).get().data)
    answers = []
    for user in (officer, founder):
        client.force_login(user)
        response = client.get(f"/documents/{document.uid}/")
        b"".join(response)
        answers.append(response.status_code)
    assert answers == [200, 404]


@pytest.mark.parametrize(
    ("code", "status"), [(CODE.lower(), 302), ("91310110591673062X", 422), ("", 422), ("\x00", 422), ("x" * 41, 422)]
)
def test_signatory_gives_the_code_and_reads_what_is_missing(
    company: Organisation, founder: User, client: Client, code: str, status: int
) -> None:
    client.force_login(founder)
    page = f"/en/desk/organisation/{company.slug}/"

    before = client.get(page).text
    answer = client.post(f"{page}code/", {"uscc": code})
    after = client.get(page).text

    assert ("Waits to be verified" in before, "code is missing" in before) == (True, True)
    assert (answer.status_code, "code is missing" in after) == (status, status == 422)


def test_officers_desk_shows_who_has_a_code_now(
    company: Organisation, founder: User, officer: User, make_user: MakeUser, client: Client, settings: Settings
) -> None:
    settings.DEMONSTRATION = True  # staff without a second factor
    insider = make_user("insider", Role.REGISTRY, member_of=company, role="viewer")
    ORGANISATION.apply(company, "verify", by=officer, **CHECK)
    desks = []
    for step in (lambda: None, lambda: give_code(by=founder, organisation=company, uscc=CODE)):
        step()
        for user in (officer, insider):
            client.force_login(user)
            desks.append("verify it and list it" in client.get("/en/desk/").text)

    assert desks == [False, False, True, False]
