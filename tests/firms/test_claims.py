"""Claims: who may take which step in which status, what follows, and what is refused."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms.lifecycle import CLAIM, ORGANISATION
from firms.models import Claim, Membership, Organisation
from firms.services.claims import submit_claim
from firms.services.members import add_editor, end_membership
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import Document, Notice, User
from portal.notices import show
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def letter(content: bytes = PDF, name: str = "letter.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


@pytest.fixture
def claimant(make_user: MakeUser) -> User:
    return make_user("claimant")


@pytest.fixture
def registry(make_user: MakeUser) -> User:
    return make_user("registry", Role.REGISTRY)


@pytest.fixture
def claim(make_firm: MakeFirm, claimant: User, registry: User) -> Claim:
    return submit_claim(by=claimant, organisation=make_firm(), position="director", letter=letter())


def notices(user: User) -> list[tuple[str, str]]:
    return sorted(Notice.objects.filter(recipient=user).values_list("kind", "channel"))


def put(obj: Claim | Organisation, status: str) -> None:
    """Put a row into a status as no step could, for a table of verdicts."""
    extra = {"decided_at": "2026-01-01T00:00Z", "decided_by": obj.claimant, "reason": "x"} if (
        isinstance(obj, Claim) and status in {"accepted", "refused"}
    ) else {}  # fmt: skip
    for name, value in extra.items():
        setattr(obj, name, value)
    obj.status = status


# Written from product.md: a registry officer decides, never about their own claim; the claimant withdraws.
VERDICTS = """
            anonymous system claimant stranger registry reviewer auditor admin own-officer
submitted   remind    remind withdraw -        accept,refuse - -      -     withdraw
accepted    -         -      -        -        -        -        -       -     -
refused     -         -      -        -        -        -        -       -     -
withdrawn   -         -      -        -        -        -        -       -     -
"""


def _table(text: str) -> list[tuple[str, str, set[str]]]:
    header, *lines = text.strip().splitlines()
    return [
        (line.split()[0], who, set(filter(None, verdict.replace("-", "").split(","))))
        for line in lines
        for who, verdict in zip(header.split(), line.split()[1:], strict=True)
    ]


@pytest.mark.parametrize(("status", "who", "verdict"), _table(VERDICTS))
def test_claim_steps(
    claim: Claim, make_user: MakeUser, registry: User, status: str, who: str, verdict: set[str]
) -> None:
    roles = {"reviewer": Role.REVIEWER, "auditor": Role.AUDITOR, "admin": Role.ADMINISTRATOR}
    user: User | None = None
    if who == "claimant":
        user = claim.claimant
    elif who == "registry":
        user = registry
    elif who == "own-officer":
        user = claim.claimant = registry
    elif who not in {"anonymous", "system"}:
        user = make_user(who, *([roles[who]] if who in roles else []))
    put(claim, status)

    assert {door.step.name for door in CLAIM.allowed(user, claim) if door.is_open} == verdict


ORGANISATION_VERDICTS = """
            system member registry own-officer reviewer
incoming    list   -      verify,suspend,merge - -
unlisted    list   -      list,suspend,move_out,merge - -
listed      remind_confirmation,miss_confirmation confirm unlist,suspend,move_out,merge confirm -
suspended   -      -      reinstate,lift,move_out - -
moved_out   -      -      return,merge - -
"""


@pytest.mark.parametrize(("status", "who", "verdict"), _table(ORGANISATION_VERDICTS))
def test_organisation_steps(make_firm: MakeFirm, make_user: MakeUser, status: str, who: str, verdict: set[str]) -> None:
    firm = make_firm()
    people = {
        "system": lambda: SYSTEM,
        "member": lambda: make_user("member", member_of=firm),
        "registry": lambda: make_user("registry", Role.REGISTRY),
        "own-officer": lambda: make_user("own", Role.REGISTRY, member_of=firm),
        "reviewer": lambda: make_user("reviewer", Role.REVIEWER),
    }
    put(firm, status)

    assert {door.step.name for door in ORGANISATION.allowed(people[who](), firm)} == verdict


def test_submitting_tells_the_registry_officers_alone(claim: Claim, registry: User, claimant: User) -> None:
    assert notices(registry) == [("firms.claim_submitted", "email"), ("firms.claim_submitted", "in_app")]
    assert notices(claimant) == []


def test_accepting_makes_the_claimant_signatory(claim: Claim, registry: User, claimant: User) -> None:
    CLAIM.apply(claim, "accept", by=registry)

    claim.refresh_from_db()
    membership = Membership.objects.get()
    assert (membership.user, membership.organisation, membership.role) == (claimant, claim.organisation, "signatory")
    assert (claim.status, claim.decided_by) == ("accepted", registry)
    assert notices(claimant) == [("firms.claim_accepted", "email"), ("firms.claim_accepted", "in_app")]


def test_refusing_needs_a_reason_and_tells_it(claim: Claim, registry: User, claimant: User) -> None:
    with pytest.raises(StepClosed):
        CLAIM.apply(claim, "refuse", by=registry, reason="  ")
    CLAIM.apply(claim, "refuse", by=registry, reason="印章不清 <b>")

    told = show(Notice.objects.get(recipient=claimant, channel="in_app"))
    assert "印章不清 <b>" in told.body
    assert "claim the organisation again" in told.body
    assert not Membership.objects.exists()


@pytest.mark.parametrize("status", ["pending", "infected"])
def test_accepting_waits_for_a_clean_letter(claim: Claim, registry: User, status: str) -> None:
    Document.objects.about(claim).update(status=status)

    with pytest.raises(StepClosed):
        CLAIM.apply(claim, "accept", by=registry)


def test_second_decision_is_refused(claim: Claim, registry: User) -> None:
    stale = Claim.objects.get(pk=claim.pk)
    CLAIM.apply(claim, "refuse", by=registry, reason="no")

    with pytest.raises(StepClosed):
        CLAIM.apply(stale, "accept", by=registry)
    assert not Membership.objects.exists()


def test_claiming_twice_is_refused_and_after_a_refusal_open_again(claim: Claim, claimant: User, registry: User) -> None:
    with pytest.raises(StepClosed):
        submit_claim(by=claimant, organisation=claim.organisation, position="x", letter=letter())
    CLAIM.apply(claim, "refuse", by=registry, reason="no")

    assert submit_claim(by=claimant, organisation=claim.organisation, position="x", letter=letter()).pk


def test_claim_without_acceptable_letter_leaves_nothing(claimant: User, make_firm: MakeFirm) -> None:
    firm = make_firm()
    for bad in (letter(b""), letter(b"MZ" + b"\0" * 100), letter(name="letter.exe")):
        with pytest.raises(ValidationError):
            submit_claim(by=claimant, organisation=firm, position="x", letter=bad)
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE firms_claim SET status = 'accepted', decided_at = now(), decided_by_id = claimant_id WHERE status = 'withdrawn'",
        "UPDATE firms_claim SET status = 'submitted' WHERE status = 'withdrawn'",
        "INSERT INTO firms_claim (organisation_id, claimant_id, position, telephone, status, reason, decided_at, decided_by_id) SELECT organisation_id, claimant_id, '', '', 'accepted', '', now(), claimant_id FROM firms_claim",
        "UPDATE firms_organisation SET status = 'incoming'",
        "UPDATE firms_organisation SET registered_capital = 'NaN'",
        "UPDATE firms_organisation SET registered_capital = 1000000000000.01",
        "UPDATE firms_organisation SET staff = -1",
        "UPDATE firms_organisation SET uscc = '9131011059167306OR'",
        "UPDATE firms_organisation SET name_zh = '', name_en = ''",
    ],
)
def test_database_refuses_what_no_step_does(claim: Claim, claimant: User, statement: str) -> None:
    CLAIM.apply(claim, "withdraw", by=claimant)

    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (
        isinstance(refused.value, IntegrityError)
        or "numeric" in str(refused.value)
        or "has no step" in str(refused.value)
    )


@pytest.mark.parametrize("status", ["pending", "infected", "missing"])
def test_database_accepts_no_claim_without_a_clean_letter(claim: Claim, registry: User, status: str) -> None:
    letters = Document.objects.about(claim)
    letters.update(purpose="other") if status == "missing" else letters.update(status=status)

    with pytest.raises(IntegrityError, match="no clean letter"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(status="accepted", decided_at=Now(), decided_by=registry)


# --- Members --------------------------------------------------------------------------


def test_signatory_adds_an_editor_by_address(make_firm: MakeFirm, make_user: MakeUser) -> None:
    firm = make_firm()
    signatory, colleague = make_user("s", member_of=firm), make_user("colleague")

    add_editor(by=signatory, organisation=firm, email=" Colleague@demo.example")
    add_editor(by=signatory, organisation=firm, email="nobody@demo.example")

    assert Membership.objects.get(user=colleague).role == "editor"
    assert notices(colleague) == [("firms.member_added", "email"), ("firms.member_added", "in_app")]
    with pytest.raises(NotAllowed):
        add_editor(by=colleague, organisation=firm, email="s@demo.example")


def test_last_signatory_stays(make_firm: MakeFirm, make_user: MakeUser) -> None:
    firm = make_firm()
    signatory = make_user("s", member_of=firm)
    editor = make_user("e", member_of=firm, role="editor")

    with pytest.raises(StepClosed):
        end_membership(by=signatory, membership=signatory.memberships.get())
    end_membership(by=signatory, membership=editor.memberships.get())

    assert list(Membership.objects.active().values_list("user", flat=True)) == [signatory.pk]


# --- Pages ----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_claiming_through_the_pages(client: Client, make_firm: MakeFirm, claimant: User, language: str) -> None:
    firm = make_firm()
    client.force_login(claimant)

    bad = client.post(f"/{language}/firms/{firm.slug}/claim/", {"position": "\x00", "letter": letter(b"")})
    good = client.post(
        f"/{language}/firms/{firm.slug}/claim/", {"position": "董事", "letter": letter(name="../委托“书.pdf")}
    )
    page = client.get(good["Location"])

    assert (bad.status_code, good.status_code) == (422, 302)
    assert b"error-summary" in bad.content
    assert Claim.objects.get().position == "董事"
    assert {"en": "submitted", "zh-hans": "待审核"}[language] in page.content.decode()


def test_withdrawing_somebody_elses_claim_is_not_found(client: Client, claim: Claim, make_user: MakeUser) -> None:
    client.force_login(make_user("stranger"))

    assert client.post(f"/en/desk/organisation/claims/{claim.pk}/withdraw/").status_code == 404
    assert client.post(f"/en/desk/organisation/claims/{10**30}/withdraw/").status_code == 404


def test_letter_opens_for_claimant_and_officer_alone(
    client: Client, claim: Claim, registry: User, make_user: MakeUser, settings: Settings
) -> None:
    settings.DEMONSTRATION = True  # staff without a second factor
    url = f"/documents/{Document.objects.about(claim).get().uid}/"
    answers = []
    for user in (claim.claimant, registry, make_user("stranger"), make_user("reviewer", Role.REVIEWER)):
        client.force_login(user)
        response = client.get(url)
        b"".join(response)  # the file is closed once it is read
        answers.append(response.status_code)

    assert answers == [200, 200, 404, 404]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"name_zh": "上海来沪科技有限公司", "country": "CN"}, 302),
        ({"name_en": "Example GmbH", "country": "DE", "foreign_number": "HRB 1"}, 302),
        ({"name_zh": "上海来沪科技有限公司", "country": "CN", "uscc": "91310110591673062r"}, 302),
        ({"name_zh": "\u200b", "country": "CN"}, 422),
        ({"name_zh": "甲\x00乙", "country": "CN"}, 422),
        ({"name_zh": "甲", "country": "XX"}, 422),
        ({"name_zh": "甲", "country": "CN", "uscc": "91310110591673062X"}, 422),
        ({"name_zh": "甲", "country": "DE", "uscc": "91310110591673062R"}, 422),
        ({"name_zh": "甲", "country": "CN", "foreign_number": "1"}, 422),
        ({"name_zh": "甲", "country": "CN", "founded": "9999-12-31"}, 422),
        ({"name_zh": "甲", "country": "CN", "founded": "0001-01-01"}, 422),
        ({"name_zh": "甲", "country": "CN", "staff": "99999999999999999999"}, 422),
        ({"name_zh": "甲", "country": "CN", "staff": "1_000"}, 422),
        ({"name_zh": "甲", "country": "CN", "website": "javascript:alert(1)"}, 422),
        ({"name_zh": "甲", "country": "CN", "status": "listed", "source": "x", "slug": "y"}, 302),
        ({"name_zh": "x" * 201, "country": "CN"}, 422),
        ({"name_en": "=HYPERLINK(1) <script>{{ 7 }}", "country": "CN"}, 302),
    ],
)
def test_registering_an_organisation(client: Client, claimant: User, data: dict[str, str], status: int) -> None:
    client.force_login(claimant)

    response = client.post("/en/desk/organisation/register/", data)

    assert response.status_code == status
    if status == 302:
        organisation = Organisation.objects.get()
        assert (organisation.status, organisation.slug != "y") == ("incoming", True)
        assert Membership.objects.get().role == "signatory"
        assert client.get(f"/en/firms/{organisation.slug}/").status_code == 200
        assert b"<script>{{" not in client.get("/en/desk/organisation/").content
    else:
        assert not Organisation.objects.exists()


def test_registering_what_is_registered_says_to_claim_it(client: Client, claimant: User, make_firm: MakeFirm) -> None:
    make_firm(uscc="91310110591673062R")
    client.force_login(claimant)

    response = client.post(
        "/en/desk/organisation/register/", {"name_zh": "甲", "country": "CN", "uscc": "91310110591673062R"}
    )

    assert response.status_code == 422
    assert b"claim it" in response.content


def test_registering_the_same_again_is_refused(client: Client, claimant: User) -> None:
    client.force_login(claimant)

    answers = [
        client.post("/en/desk/organisation/register/", {"name_zh": name, "country": "CN"}).status_code
        for name in ("甲公司", "甲 公司", "乙公司", "丙公司", "丁公司", "戊公司", "己公司")
    ]

    assert answers == [302, 422, 302, 302, 302, 302, 422]


def test_desk_asks_as_often_for_three_as_for_one(client: Client, make_firm: MakeFirm, claimant: User) -> None:
    client.force_login(claimant)
    pages = ["/en/desk/organisation/", "/en/desk/", "/en/desk/organisation/first/members/"]
    make_firm("首公司", slug="first")
    first = Organisation.objects.get()
    numbers = []
    for wanted in (1, 3):
        while Claim.objects.count() < wanted:
            number = Claim.objects.count()
            firm = first if number == 0 else make_firm(f"上海{number}公司")
            Membership.objects.create(user=claimant, organisation=firm, role="editor")
            colleague = User.objects.create_user(f"c{number}@demo.example", name="x")
            Membership.objects.create(user=colleague, organisation=first, role="viewer")
            claimed = make_firm(f"上海丁{number}公司")
            submit_claim(by=claimant, organisation=claimed, position="x", letter=letter())
        for page in pages:
            client.get(page)  # what is read once a process is read
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            numbers.append(len(queries))

    assert numbers[:3] == numbers[3:]


def test_officer_who_belongs_to_the_organisation_neither_hears_of_its_claims_nor_decides(
    make_firm: MakeFirm, make_user: MakeUser
) -> None:
    firm = make_firm()
    insider = make_user("insider", Role.REGISTRY, member_of=firm, role="viewer")
    claimant = make_user("colleague")

    claim = submit_claim(by=claimant, organisation=firm, position="CEO", letter=letter())

    assert notices(insider) == []
    assert CLAIM.allowed(insider, claim) == []
