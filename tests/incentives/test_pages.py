"""The pages: what each shows to whom, in both languages, and what bad input gets."""

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from incentives import declarations, services
from incentives.models import Application, Objection, Programme, Round, SectionAnswers, Snapshot
from portal.models import Document, Notice, User
from portal.spreadsheets import as_text
from tests.incentives import make
from tests.incentives.stories import PATHS, PDF, Story, story_in

LANGUAGES = ["en", "zh-hans"]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def desk(story: Story, tail: str = "") -> str:
    return f"/en/desk/applications/{story.application.uid}/{tail}"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_speak_the_language(client: Client, language: str) -> None:
    story = story_in("public_notice")
    story_in("active")
    slug = story.round.programme.slug
    for page in (
        "incentives/",
        f"incentives/{slug}/",
        f"incentives/{slug}/check/",
        "incentives/check/",
        "public-notices/",
        f"public-notices/{story.application.number}/",
        "awards/",
    ):
        response = client.get(f"/{language}/{page}")
        html = response.content.decode()
        assert response.status_code == 200, page
        assert html.count("<h1") == 1, page
        assert "style=" not in html, page
        assert not re.search(r"<script(?![^>]*(src=|application/json))", html), page


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", PATHS)
def test_desk_pages_in_each_status(language: str, status: str) -> None:
    story = story_in(status)
    client = signed_in(story.signatory)
    for tail in ("", "answers/", "receipt/", "submit/", "withdraw/", "accept/", "sections/project/", "documents/plan/"):
        response = client.get(f"/{language}/desk/applications/{story.application.uid}/{tail}")
        assert response.status_code in {200, 302}, tail
    assert client.get(f"/{language}/desk/applications/").status_code == 200


@pytest.mark.django_db
def test_foreign_application_is_not_found_by_any_address() -> None:
    story = story_in("offered")
    for user in (make.member(make.organisation()), make.person()):
        client = signed_in(user)
        for tail in (
            "",
            "answers/",
            "receipt/",
            "submit/",
            "withdraw/",
            "accept/",
            "sections/project/",
            "documents/plan/",
        ):
            assert client.get(desk(story, tail)).status_code == 404, tail
            if tail not in {"", "answers/", "receipt/"}:
                assert client.post(desk(story, tail), {"key": str(uuid4())}).status_code == 404, tail
        document = Document.objects.about(story.application).get()
        assert client.get(f"/documents/{document.uid}/").status_code == 404
    anonymous = Client().get(desk(story))
    assert (anonymous.status_code, anonymous.url.split("?")[0]) == (302, "/en/accounts/login/")


@pytest.mark.django_db
def test_apply_twice_opens_one_draft() -> None:
    story = Story()
    opened = make.round_of()
    client = signed_in(story.signatory)
    data = {"round": opened.slug, "organisation": story.firm.slug}

    places = {client.post(f"/en/incentives/{opened.programme.slug}/apply/", data).url for _ in range(5)}

    assert len(places) == 1
    assert Application.objects.filter(round=opened).count() == 1


@pytest.mark.django_db
def test_apply_for_another_organisation_is_not_found() -> None:
    story, other = Story(), make.eligible_organisation()

    response = signed_in(story.signatory).post(
        f"/en/incentives/{story.round.programme.slug}/apply/", {"round": story.round.slug, "organisation": other.slug}
    )

    assert response.status_code == 404


@pytest.mark.django_db
def test_viewer_reads_and_does_not_write() -> None:
    story = Story()
    client = signed_in(make.member(story.firm, "viewer"))

    assert client.get(desk(story)).status_code == 200
    client.post(desk(story, "sections/project/"), {"aim": "x", "version": "0", "draft": "1"})
    assert not SectionAnswers.objects.exists()


@pytest.mark.django_db
def test_section_saves_a_draft_and_tells_what_is_missing() -> None:
    story = Story()
    client = signed_in(story.editor)

    assert client.post(desk(story, "sections/project/"), {"aim": "", "version": "0", "draft": "1"}).status_code == 302
    assert SectionAnswers.objects.get().complete is False
    response = client.post(desk(story, "sections/project/"), {"aim": "", "version": "1", "done": "1"})
    assert (response.status_code, "Answer this question." in response.content.decode()) == (422, True)
    response = client.post(desk(story, "sections/project/"), {"aim": "To build", "version": "1", "done": "1"})
    assert response.status_code == 302
    assert SectionAnswers.objects.get().complete is True


@pytest.mark.django_db
def test_older_tab_gets_both_texts_and_loses_nothing() -> None:
    story = Story()
    client = signed_in(story.editor)
    client.post(desk(story, "sections/project/"), {"aim": "first text", "version": "0", "draft": "1"})

    response = client.post(desk(story, "sections/project/"), {"aim": "second text", "version": "0", "draft": "1"})

    html = response.content.decode()
    assert response.status_code == 409
    assert "first text" in html
    assert "second text" in html
    assert SectionAnswers.objects.get().answers == {"aim": "first text"}
    version = re.search(r'name="version" value="(\d+)"', html).group(1)
    client.post(desk(story, "sections/project/"), {"aim": "both texts", "version": version, "draft": "1"})
    assert SectionAnswers.objects.get().answers == {"aim": "both texts"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "amount",
    [
        "1_000",
        "１２",
        "1e1000",
        "NaN",
        "-0",
        "0",
        "-5",
        "15,000,000.01",
        "1.234",
        "1,00",
        "∞",
        "0x10",
        "1\x002",
        "9" * 40,
    ],
)
def test_amounts_that_are_none_get_a_form_error(amount: str) -> None:
    story = Story()

    response = signed_in(story.editor).post(
        desk(story, "sections/funding/"),
        {"requested_amount": amount, "project_cost": "40,000,000", "other_funding": "none", "version": "0"},
    )

    assert response.status_code == 422
    assert SectionAnswers.objects.get().answers == {"project_cost": "40000000", "other_funding": "none"}
    assert Application.objects.get().requested_amount is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"), [("15,000,000.00", "15000000.00"), ("1500000", "1500000"), ("0.01", "0.01")]
)
def test_amounts_are_kept_exactly(typed: str, kept: str) -> None:
    story = Story()

    response = signed_in(story.editor).post(
        desk(story, "sections/funding/"),
        {"requested_amount": typed, "project_cost": "40,000,000", "other_funding": "none", "version": "0"},
    )

    assert response.status_code == 302
    assert Application.objects.get().requested_amount == Decimal(kept)


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["", "-1", "x", "1" * 30, "１"])
def test_wrong_versions_get_a_form_error(version: str) -> None:
    story = Story()

    response = signed_in(story.editor).post(desk(story, "sections/project/"), {"aim": "x", "version": version})

    assert response.status_code in {302, 422, 409}
    assert not SectionAnswers.objects.exclude(version=1).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\u200b\u200b", "a\u202eb", "x" * 2001, "a\x00b"])
def test_text_that_cannot_be_read_gets_a_form_error(text: str) -> None:
    story = Story()

    response = signed_in(story.editor).post(desk(story, "sections/project/"), {"aim": text, "version": "0"})

    assert response.status_code == 422
    saved = SectionAnswers.objects.get()
    assert (saved.answers, saved.complete) == ({}, False)
    assert saved.typed == ({"aim": text} if set(text) == {"x"} else {})


@pytest.mark.django_db
def test_document_replaces_the_one_before_and_lies_are_refused() -> None:
    story = Story()
    client = signed_in(story.editor)
    for _ in range(2):
        client.post(desk(story, "documents/plan/"), {"upload": SimpleUploadedFile("计划.pdf", PDF)})

    assert [row.replaced for row in story.application.documents.all()] == [True, False]
    for upload in (
        SimpleUploadedFile("a.pdf", b"MZ\x90"),
        SimpleUploadedFile("a.exe", PDF),
        SimpleUploadedFile("a.pdf", b""),
    ):
        assert client.post(desk(story, "documents/plan/"), {"upload": upload}).status_code == 422
    assert client.post(desk(story, "documents/other/"), {"upload": SimpleUploadedFile("a.pdf", PDF)}).status_code == 404


@pytest.mark.django_db
def test_same_submission_many_times_is_one() -> None:
    story = Story().fill()
    client = signed_in(story.signatory)
    key = str(uuid4())

    places = {client.post(desk(story, "submit/"), {"key": key, "declared": declarations.KEYS}).url for _ in range(10)}

    assert places == {desk(story, "receipt/")}
    assert Snapshot.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [{}, {"key": "x", "declared": declarations.KEYS}, {"key": str(uuid4())}, {"declared": declarations.KEYS}]
)
def test_submission_without_declaration_or_key_is_refused(data: dict[str, str]) -> None:
    story = Story().fill()

    assert signed_in(story.signatory).post(desk(story, "submit/"), data).status_code in {200, 422}
    assert not Snapshot.objects.exists()


@pytest.mark.django_db
def test_editor_does_not_submit() -> None:
    story = Story().fill()

    response = signed_in(story.editor).post(
        desk(story, "submit/"), {"key": str(uuid4()), "declared": declarations.KEYS}
    )

    assert response.status_code == 422
    assert not Snapshot.objects.exists()


@pytest.mark.django_db
def test_offer_is_accepted_once_by_the_signatory() -> None:
    story = story_in("offered")
    signed_in(story.editor).post(desk(story, "accept/"))
    story.application.refresh_from_db()
    assert story.application.status == "offered"

    client = signed_in(story.signatory)
    for _ in range(3):
        assert client.post(desk(story, "accept/")).url == desk(story)
    story.application.refresh_from_db()
    assert story.application.status == "active"


@pytest.mark.django_db
def test_staff_reasons_stay_among_staff() -> None:
    story = story_in("recommended")

    html = signed_in(story.signatory).get(desk(story)).content.decode()

    assert "Worth it" not in html
    assert "Review finished" in html


@pytest.mark.django_db
def test_objection_counts_once_and_needs_words(client: Client) -> None:
    story = story_in("public_notice")
    page = f"/en/public-notices/{story.application.number}/"
    data = {"key": str(uuid4()), "name": "Li", "email": "li@demo.example", "reason": "Unfair"}

    for _ in range(3):
        assert client.post(page, data).status_code == 302
    assert Objection.objects.count() == 1
    for wrong in ({"reason": ""}, {"reason": "\u200b"}, {"email": "x"}, {"name": "a\nb"}, {"key": "1"}):
        assert client.post(page, {**data, "key": str(uuid4()), **wrong}).status_code in {302, 422}
    assert Objection.objects.filter(reason="").count() == 0


@pytest.mark.django_db
def test_what_is_not_in_notice_is_not_found(client: Client) -> None:
    story = story_in("submitted")

    assert client.get(f"/en/public-notices/{story.application.number}/").status_code == 404
    assert client.get("/en/public-notices/YP-9/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["-1", "1" + "0" * 30, "x", "１"])
def test_odd_page_numbers_show_a_page(client: Client, page: str) -> None:
    story = story_in("active")
    for address in ("public-notices/", "awards/"):
        assert client.get(f"/en/{address}", {"page": page}).status_code == 200
    assert signed_in(story.signatory).get("/en/desk/applications/", {"page": page}).status_code == 200


@pytest.mark.django_db
def test_draft_programme_is_not_shown(client: Client) -> None:
    made = make.programme()

    assert client.get(f"/en/incentives/{made.slug}/").status_code == 404
    assert made.slug not in client.get("/en/incentives/").content.decode()


@pytest.mark.django_db
def test_closed_round_takes_no_application() -> None:
    story = Story()
    now = timezone.now()
    closed = make.round_of(opens_at=now - timezone.timedelta(days=9), closes_at=now - timezone.timedelta(days=1))

    response = signed_in(story.signatory).post(
        f"/en/incentives/{closed.programme.slug}/apply/", {"round": closed.slug, "organisation": story.firm.slug}
    )

    assert response.status_code == 302
    assert not Application.objects.filter(round=closed).exists()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=1+1", "'=1+1"),
        ("+86", "'+86"),
        ("＝1", "'＝1"),
        ("\t=1", "'\t=1"),
        (" @x", "' @x"),
        ("示例", "示例"),
        ("5.00", "5.00"),
    ],
)
def test_cells_are_never_formulas(cell: str, text: str) -> None:
    assert as_text(cell) == text


@pytest.mark.django_db
def test_awards_as_csv(client: Client) -> None:
    story = story_in("active")
    story.firm.name_zh = "=示例企业"
    story.firm.save()

    lines = client.get("/en/awards/awards.csv").content.decode().splitlines()

    assert lines[0].startswith("\ufeffnumber,")
    assert lines[1].startswith(f"{story.application.number},'=示例企业,")


@pytest.mark.django_db
def test_lists_read_few_rows(client: Client, django_assert_max_num_queries: object) -> None:
    opened = make.round_of(budget=100_000_000)
    for _ in range(3):
        story_in("public_notice", opened=opened)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/en/public-notices/")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get("/en/incentives/")
    assert Round.objects.count() == 1
    assert services is not None


def test_declined_application_says_once_how_to_appeal(db: None) -> None:
    story = story_in("declined")
    Programme.objects.update(contact="Demonstration office", telephone="021-0000 0000")
    client = signed_in(story.signatory)

    page = client.get(desk(story)).text
    story.step("reopen", story.appeal, reason="Heard")
    story.step("decline", story.manager, reason="Still no")

    assert "You can appeal once, in writing, until " in page
    assert "Demonstration office 021-0000 0000" in page
    assert "You can appeal" not in client.get(desk(story)).text
    notice = Notice.objects.filter(kind="incentives.declined", channel="email").latest("pk")
    assert notice.context["contact"] == "Demonstration office, 021-0000 0000"
