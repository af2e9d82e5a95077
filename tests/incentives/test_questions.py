"""Each kind of question through form and page, bad input, and conditions: what is asked, required and kept."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incentives import questions, services
from incentives.conditions import ready_to_submit
from incentives.invariants import answers as wrongly_kept
from incentives.invariants import published_questions
from incentives.models import Application, Option, Question, SectionAnswers, Snapshot
from incentives.presenting import answers
from incentives.question_checks import unsound
from incentives.records import content_of
from portal.models import Document
from portal.roles import Role
from tests.editing import save
from tests.incentives import asking, make
from tests.incentives.stories import PDF, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story(opened=make.round_of(asking.programme()))


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(story: Story, tail: str = "sections/project/", language: str = "en") -> str:
    return f"/{language}/desk/applications/{story.application.uid}/{tail}"


def send(story: Story, how: str = "done", **changes: Any) -> Any:
    """Fill in the section, with these changes, over what is saved now."""
    row = SectionAnswers.objects.filter(application=story.application, section="project").first()
    data = {**asking.ANSWERS, "version": str(row.version if row else 0), how: "1"}
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return signed_in(story.editor).post(page(story), data)


def kept() -> Any:
    return SectionAnswers.objects.get(section="project").answers


def hand_in(story: Story, name: str = "agreement.pdf") -> None:
    upload = SimpleUploadedFile(name, PDF)
    services.add_document(application=story.application, slug="project.agreement", upload=upload, by=story.editor)


def test_every_kind_is_kept_as_json_without_floating_point(story: Story) -> None:
    assert send(story).status_code == 302

    row = SectionAnswers.objects.get()
    assert (row.answers, row.complete) == (asking.KEPT, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["CNY 1,250,000.50", "Trial", "<li>Data</li><li>People</li>", ">CNY 300,000</td>", "15 January 2027"],
        ),
        ("zh-hans", ["1,250,000.50元", "选项 trial", "<li>选项 data</li>", ">30万元</td>", "2027年1月15日"]),
    ],
)
def test_answers_are_read_in_words_and_typed_again_as_they_are(story: Story, language: str, words: list[str]) -> None:
    send(story)
    client = signed_in(story.editor)

    shown = client.get(page(story, "answers/", language)).text
    form = client.get(page(story, language=language)).text

    assert [text for text in words if text not in shown] == []
    assert 'name="staff.0.pay" id="id_staff-0-pay" value="300000.00"' in form
    assert re.search(r'value="people"[^>]*checked', form)


AMOUNTS = ["1_000", "１２", "1e1000", "NaN", "-0", "1.234", "0x1", "9" * 40, "1\x002", "=1+1"]
HOSTILE: dict[str, list[Any]] = {
    "cost": AMOUNTS,
    "stage": ["market", "\x00", "trial\u200b"],
    "needs": [["data", "9" * 99], ["\x00"]],
    "partner": ["maybe"],
    "staff.0.years": ["1_0", "٣", "-1", "1e9"],
    "staff.0.pay": AMOUNTS,
    "staff.0.from": ["0000-13-99", "10000-01-01", "29.02.2027"],
    "staff.0.name": ["a\x00b", "\u202ea", "\u200b\u200b", "x" * 301],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_value_gets_a_form_error_and_is_no_answer(story: Story, name: str) -> None:
    for value in HOSTILE[name]:
        response = send(story, **{name: value, "staff.1.name": "Still here"})
        assert (response.status_code, 'value="Still here"' in response.text) == (422, True), value
        if name.startswith("staff"):
            assert f"Row 1, “{name.rpartition('.')[2].title()}”: " in response.text
    saved = SectionAnswers.objects.get()
    assert (name.partition(".")[0] in saved.answers, saved.complete) == (False, False)


def test_text_that_could_be_markup_or_a_formula_is_shown_as_text(story: Story) -> None:
    texts = ["<script>alert(1)</script>", "{{ 7*7 }}{% x %}", "=1+1", "长" * 300, "𠀀"]
    rows = {
        f"staff.{place}.{key}": value
        for place in range(5)
        for key, value in (("years", "0"), ("pay", "0"), ("from", "2027-01-15"))
    }
    assert send(story, **{f"staff.{place}.name": text for place, text in enumerate(texts)}, **rows).status_code == 302

    shown = signed_in(story.editor).get(page(story, "answers/")).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    assert [row["name"] for row in kept()["staff"]] == texts


def test_rows_and_columns_that_the_form_does_not_have_are_not_kept(story: Story) -> None:
    strange = {"staff.5.name": "beyond", "staff.99.name": "a", "staff.9999999.name": "b", "staff.0.x": "c"}

    assert send(story, **strange, **{"staff.-1.name": "d", "staff.1.name": " ", "nothing": "e"}).status_code == 302
    assert kept() == asking.KEPT


def test_table_lacks_rows_and_cells_in_words(story: Story) -> None:
    Question.objects.filter(slug="staff").update(rows_least=2)
    story = Story(opened=make.round_of(story.round.programme))

    assert "Fill in at least 2 rows." in send(story).text
    assert "Row 2: fill in “Years”." in send(story, **{"staff.1.name": "Wang"}).text
    empty = {name: None for name in asking.ANSWERS if name.startswith("staff")}
    assert "Fill in the table." in send(story, **empty).text


def test_table_grows_without_a_script_and_loses_nothing(story: Story) -> None:
    typed = {"staff.1.name": "not yet", "staff.1.pay": "wrong", "aim": "<b>=1</b>"}

    grown = send(story, "add_row", add_row="staff", **typed)

    assert (grown.status_code, SectionAnswers.objects.exists()) == (200, False)
    assert 'name="staff.3.name"' in grown.text
    assert "field--error" not in grown.text
    assert [
        text
        for text in ('value="not yet"', 'value="wrong"', "&lt;b&gt;=1&lt;/b&gt;", 'value="1,250,000.50"')
        if text not in grown.text
    ] == []
    full = send(story, "add_row", add_row="staff", **{f"staff.{n}.name": "x" for n in range(5)})
    assert ('name="staff.4.name"' in full.text, 'name="add_row"' in full.text) == (True, False)
    assert send(story, "add_row", add_row="nothing").status_code == 200


def test_older_tab_chooses_where_the_newer_differs_and_keeps_its_table(story: Story) -> None:
    send(story)

    response = send(story, version="0", stage="research")

    assert response.status_code == 409
    assert response.text.count('<fieldset class="conflict">') == 1
    assert 'name="keep-stage" value="theirs"' in response.text
    assert 'name="staff.0.name" id="id_staff-0-name" value="Li 李"' in response.text
    assert kept() == asking.KEPT


# --- Files ------------------------------------------------------------------------------------


def test_file_is_added_on_its_page_and_submitted_with_its_digest(story: Story) -> None:
    client = signed_in(story.editor)
    asked = send(story, "file", file="agreement", partner="yes")
    assert asked.url == page(story, "sections/project/files/agreement/")
    assert "Add the file." in send(story, partner="yes").text

    assert client.post(asked.url, {"upload": SimpleUploadedFile("a.exe", PDF)}).status_code == 422
    added = client.post(asked.url, {"upload": SimpleUploadedFile("协议.pdf", PDF)})
    assert (added.url, send(story, partner="yes").status_code) == (page(story), 302)
    story.fill_rest().submit()

    document = Document.objects.get(purpose="application_project.agreement")
    snapshot = Snapshot.objects.get()
    file = {"name": "协议.pdf", "sha256": document.sha256, "uid": str(document.uid)}
    assert snapshot.content["answers"]["project"] == {**asking.KEPT, "partner": "yes", "agreement": file}
    assert [d["slug"] for d in snapshot.content["documents"]] == ["plan"]
    assert client.get(f"/documents/{document.uid}/").getvalue() == PDF
    assert signed_in(make.member(make.organisation())).get(f"/documents/{document.uid}/").status_code == 404


def test_file_that_is_not_clean_is_no_link_and_stops_the_submission(story: Story) -> None:
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    story.fill_rest()
    document = Document.objects.get(purpose="application_project.agreement")
    words = "The document “agreement.pdf” is still being checked, or was refused."
    for status in ("pending", "infected"):
        Document.objects.filter(pk=document.pk).update(status=status)
        for tail in ("answers/", "sections/project/", "sections/project/files/agreement/", "submit/"):
            shown = signed_in(story.editor).get(page(story, tail)).text
            assert ("agreement.pdf" in shown, f"/documents/{document.uid}/" in shown) == (True, False), tail
        assert [str(reason) for reason in ready_to_submit(story.application)] == [words]


def test_each_file_says_how_far_its_check_is(story: Story, settings: Any) -> None:
    settings.DEMONSTRATION = True  # the second factor is not the subject
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    story.fill_rest()
    files = Document.objects.filter(purpose__in=["application_project.agreement", "application_plan"])
    addresses = ("", "sections/project/", "sections/project/files/agreement/", "documents/plan/", "answers/")

    for change, words in [
        ({}, "type and size checked; no virus scanner is set"),
        ({"status": "pending"}, "being checked"),
        ({"status": "infected", "scanned_by": "ClamAV 1.4"}, "refused: malicious content"),
        ({"status": "clean"}, "checked for viruses"),
    ]:
        files.update(**change)
        said = [signed_in(story.editor).get(page(story, tail)).text.count(words) for tail in addresses]
        assert said == [1, 1, 1, 1, 2], words
    story.submit()
    shown = signed_in(story.screener).get(f"/admin/incentives/application/{story.application.pk}/change/").text
    assert shown.count("checked for viruses") == 2


def test_file_taken_back_is_asked_for_again(story: Story) -> None:
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    assert questions.unfinished(story.application) == set()

    response = signed_in(story.editor).post(page(story, "sections/project/files/agreement/"), {"remove": "1"})

    assert response.url == page(story)
    assert questions.unfinished(Application.objects.get(pk=story.application.pk)) == {"project"}
    for other in ("aim", "nothing", "agreement-2"):
        assert signed_in(story.editor).get(page(story, f"sections/project/files/{other}/")).status_code == 404
    story.fill_rest()
    assert "Complete the section “Project”." in [str(reason) for reason in ready_to_submit(story.application)]


# --- Conditions -------------------------------------------------------------------------------

FIRST = {"slug": "a", "kind": "yes_no"}
SEVERAL = {"slug": "b", "kind": "choice", "several": True, "options": [{"slug": "x"}, {"slug": "y"}]}
IF_YES = {"slug": "c", "kind": "text", "only_if": {"section": "s", "question": "a", "any_of": ["yes"]}}
IF_X_OR_Y = {"slug": "d", "kind": "text", "only_if": {"section": "s", "question": "b", "any_of": ["x", "y"]}}
CHAINED = {"slug": "e", "kind": "yes_no", "only_if": {"section": "s", "question": "a", "any_of": ["no"]}}
END = {"slug": "f", "kind": "text", "only_if": {"section": "t", "question": "e", "any_of": ["yes"]}}
CONTENT: dict[str, Any] = {
    "sections": [
        {"slug": "s", "questions": [FIRST, SEVERAL, IF_YES, IF_X_OR_Y]},
        {"slug": "t", "questions": [CHAINED, END]},
    ]
}


@pytest.mark.parametrize(
    ("given", "applying"),
    [
        ({}, "ab"),
        ({"s": {"a": "yes"}}, "abc"),
        ({"s": {"a": "no"}}, "abe"),
        ({"s": {"a": ""}}, "ab"),
        ({"s": {"a": ["yes"]}}, "abc"),
        ({"s": {"a": "YES"}}, "ab"),
        ({"s": {"b": ["y"]}}, "abd"),
        ({"s": {"b": []}}, "ab"),
        ({"s": {"b": ["z"]}}, "ab"),
        ({"s": {"a": {"yes": 1}, "b": 0}}, "ab"),
        ({"s": {"a": "no"}, "t": {"e": "yes"}}, "abef"),
        ({"s": {"a": "no"}, "t": {"e": "no"}}, "abe"),
        ({"s": {"a": "yes", "b": ["x"]}, "t": {"e": "yes"}}, "abcd"),
        ({"t": {"e": "yes", "a": "yes"}}, "ab"),
    ],
)
def test_which_questions_apply(given: questions.Given, applying: str) -> None:
    assert "".join(key for _section, key in questions.that_apply(CONTENT, given)) == applying


def test_submission_keeps_what_applies_and_nothing_else() -> None:
    given = {"s": {"a": "yes", "c": "kept", "d": "not asked"}, "t": {"e": "yes", "f": "nor this"}, "funding": {"z": 1}}

    assert questions.to_submit(CONTENT, given) == {"s": {"a": "yes", "c": "kept"}, "t": {}, "funding": {"z": 1}}


def test_question_that_does_not_apply_is_neither_required_nor_kept(story: Story) -> None:
    section = story.round.programme.sections.get()
    partner = section.questions.get(slug="partner")
    asking.question(section, "since", "date", condition_question=partner, condition_answers=["yes"])
    story = Story(opened=make.round_of(story.round.programme))

    assert send(story, since="no date").status_code == 302
    assert kept() == asking.KEPT
    assert send(story, partner="yes", since="no date").status_code == 422
    assert send(story, "draft", partner="yes", since="2026-02-28").status_code == 302
    assert kept() == {**asking.KEPT, "partner": "yes", "since": "2026-02-28"}
    form = signed_in(story.editor).get(page(story)).text
    assert "Answer only if you chose “Yes” for “partner?”." in form
    assert 'data-shown-if="partner" data-shown-for="yes"' in form


def test_answer_in_an_earlier_section_decides_what_a_later_one_asks(story: Story) -> None:
    made = story.round.programme
    later = made.sections.create(slug="later", title_en="Later", title_zh="后续", position=9)
    stage = made.sections.get(slug="project").questions.get(slug="stage")
    asking.question(later, "sales", "money", condition_question=stage, condition_answers=["trial"])
    asking.question(later, "note", "text", required=False)
    story = Story(opened=make.round_of(made))
    address, client = page(story, "sections/later/"), signed_in(story.editor)

    send(story, stage="research")
    assert 'name="sales"' not in client.get(address).text
    assert client.post(address, {"version": "0", "note": "x", "sales": "bad", "done": "1"}).status_code == 302
    send(story)
    assert questions.unfinished(Application.objects.get(pk=story.application.pk)) == {"later"}
    assert "In progress" in client.get(page(story, "")).text
    assert client.post(address, {"version": "1", "done": "1"}).status_code == 422
    assert client.post(address, {"version": "2", "sales": "0", "done": "1"}).status_code == 302
    send(story, stage="research")
    story.fill_rest().submit()

    assert Snapshot.objects.get().content["answers"]["later"] == {"note": ""}
    assert [[str(a) for _q, a in part.rows] for part in answers(story.application) if part.slug == "later"] == [
        ["not answered"]
    ]


def test_file_of_a_question_that_does_not_apply_is_left_out_and_stops_nothing(story: Story) -> None:
    send(story, "draft", partner="yes")
    hand_in(story)
    Document.objects.filter(purpose="application_project.agreement").update(status="infected")
    send(story)

    story.fill_rest().submit()

    assert Snapshot.objects.get().content["answers"]["project"] == asking.KEPT
    assert story.application.documents.get(slug="project.agreement").replaced is True
    assert list(wrongly_kept()) == []


# --- How staff write them ---------------------------------------------------------------------


def problems(made: Any) -> list[str]:
    return [str(text) for text in unsound(content_of(made))]


def test_what_is_not_sound_is_said_before_publishing() -> None:
    made = asking.programme()
    section = made.sections.get()
    assert problems(made) == []
    early = asking.question(
        section,
        "early",
        "text",
        position=0,
        condition_answers=["trial"],
        condition_question=section.questions.get(slug="stage"),
    )
    assert problems(made) == ["“early?”: its condition must be about a question that is asked before it."]
    Question.objects.filter(pk=early.pk).update(position=99, condition_answers=["gone"])
    assert problems(made) == ["“early?”: its condition names an answer that “stage?” does not offer."]
    early.delete()
    for slug, kind, fields in [
        ("version", "text", {}),
        ("one", "choice", {"options": ["only"]}),
        ("bare", "table", {}),
        ("wide", "table", {"rows_most": 30, "columns": [(f"c{n}", "text") for n in range(27)]}),
    ]:
        asking.question(section, slug, kind, **fields)
    assert problems(made) == [
        "“version?”: the form uses this key itself.",
        "“one?”: give at least two answers to choose from.",
        "“bare?”: give the table at least one column.",
        "“Project”: its tables have more than 800 cells together. Split the section.",
    ]


def test_database_keeps_conditions_whole_and_within_a_programme() -> None:
    made, other = asking.programme(), asking.programme()
    partner = other.sections.get().questions.get(slug="partner")
    own = made.sections.get().questions.get(slug="aim")
    for fields in (
        {"condition_question": partner, "condition_answers": ["yes"]},
        {"condition_question": own, "condition_answers": ["yes"]},
        {"condition_answers": ["yes"]},
        {"rows_least": 9, "rows_most": 3},
        {"kind": "essay"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Question.objects.filter(pk=own.pk).update(**fields)


def test_copy_of_a_programme_asks_the_same_under_its_own_conditions() -> None:
    made = asking.programme()

    copy = services.copy_programme(programme=made)

    assert content_of(copy)["sections"] == content_of(made)["sections"]
    agreement = copy.sections.get().questions.get(slug="agreement")
    assert agreement.condition_question.section.programme == copy
    assert list(published_questions()) == []


def data_of(question: Question, **changes: Any) -> dict[str, Any]:
    names = (
        "slug",
        "kind",
        "label_en",
        "label_zh",
        "help_en",
        "help_zh",
        "position",
        "rows_least",
        "rows_most",
        "maximum_length",
    )
    data = {name: str(getattr(question, name)) for name in names} | {"required": "on"}
    for prefix in ("options", "columns"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | changes


@pytest.fixture
def manager(settings: Any) -> Client:
    settings.DEMONSTRATION = True  # the second factor is not the subject
    return signed_in(make.person("wei", Role.MANAGER))


def admin_page(question: Question) -> str:
    return f"/admin/incentives/question/{question.pk}/change/"


def test_each_kind_shows_its_own_settings(manager: Client) -> None:
    section = asking.programme().sections.get()
    settings = {
        "maximum_length": "aim",
        "several": "needs",
        "rows_most": "staff",
        "options-TOTAL_FORMS": "stage",
        "columns-TOTAL_FORMS": "staff",
    }

    for slug in ("aim", "needs", "stage", "staff", "agreement"):
        shown = manager.get(admin_page(section.questions.get(slug=slug))).text
        offered = {name for name in settings if f'name="{name}"' in shown}
        expected = {
            "aim": {"maximum_length"},
            "needs": {"several", "options-TOTAL_FORMS"},
            "staff": {"rows_most", "columns-TOTAL_FORMS"},
        }
        expected["stage"] = expected["needs"]
        assert offered == expected.get(slug, set()), slug


def test_condition_is_chosen_among_earlier_answers(manager: Client) -> None:
    section = asking.programme().sections.get()
    stage, staff, partner = (section.questions.get(slug=slug) for slug in ("stage", "staff", "partner"))
    options = {"only_if": [f"{stage.pk}:trial"]}

    assert f'value="{partner.pk}:yes"' not in manager.get(admin_page(staff)).text
    assert save(manager, admin_page(staff), data_of(staff, **options)).status_code == 302
    staff.refresh_from_db()
    assert (staff.condition_question, staff.condition_answers) == (stage, ["trial"])
    for changes, message in [
        ({"only_if": [f"{partner.pk}:yes"]}, "Select a valid choice."),
        ({"only_if": ["x"]}, "Select a valid choice."),
        ({**options, "position": "0"}, "The question that it depends on must be asked before it."),
        ({**options, "rows_least": "9", "rows_most": "3"}, "The least number of rows is above the most."),
        ({**options, "rows_most": "31"}, "less than or equal to 30"),
        ({**options, "slug": "version"}, "The form uses this key itself. Choose another."),
    ]:
        answer = save(manager, admin_page(staff), data_of(staff, **changes))
        assert (answer.status_code, message in answer.text) == (200, True), message
    both = {"only_if": [f"{stage.pk}:trial", f"{section.questions.get(slug='needs').pk}:data"]}
    assert "Choose answers of one question only." in save(manager, admin_page(staff), data_of(staff, **both)).text
    assert "depends on the answers to it" in save(manager, admin_page(stage), data_of(stage, kind="text")).text
    assert save(manager, admin_page(staff), data_of(staff)).status_code == 302
    staff.refresh_from_db()
    assert (staff.condition_question, staff.condition_answers) == (None, [])


def test_answers_to_choose_are_written_in_both_languages(manager: Client) -> None:
    stage = asking.programme().sections.get().questions.get(slug="stage")
    row = {
        "slug": "market",
        "label_en": "On the market",
        "label_zh": "已上市",
        "position": "2",
        "question": str(stage.pk),
    }
    data = data_of(stage, **{"options-TOTAL_FORMS": "1"})

    assert "This field is required." in save(manager, admin_page(stage), data | {"options-0-slug": "market"}).text
    save(manager, admin_page(stage), data | {f"options-0-{name}": value for name, value in row.items()})

    assert list(Option.objects.filter(question=stage).values_list("slug", flat=True)) == ["research", "trial", "market"]


def test_only_managers_write_questions(settings: Any) -> None:
    settings.DEMONSTRATION = True
    stage = asking.programme().sections.get().questions.get(slug="stage")
    for role, status in ((Role.AUDITOR, 403), (Role.SCREENING, 403), (Role.REVIEWER, 403)):
        client = signed_in(make.person("p", role))
        assert client.post(admin_page(stage), data_of(stage, label_en="Changed")).status_code == status
    assert "Changed" not in Question.objects.get(pk=stage.pk).label_en


def test_preview_shows_every_question_with_its_condition(manager: Client) -> None:
    made = asking.programme()

    shown = manager.get(f"/en/incentives/{made.slug}/preview/").text

    assert "Answer only if you chose “Yes” for “partner?”." in shown
    assert "data-shown-if" not in shown
    assert re.search(r'name="project-staff\.0\.name"[^>]*disabled', shown)


def test_public_page_says_which_files_are_asked_for(story: Story) -> None:
    shown = Client().get(f"/en/incentives/{story.round.programme.slug}/").text

    assert re.search(r"agreement\? <span class=\"hint\">Answer only if you chose “Yes” for “partner\?”\.</span>", shown)


def test_staff_read_what_was_submitted(story: Story, settings: Any) -> None:
    settings.DEMONSTRATION = True
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    story.fill_rest().submit()
    send(story)  # too late

    shown = signed_in(story.screener).get(f"/admin/incentives/application/{story.application.pk}/change/").text

    assert [
        text
        for text in ("<td>Li 李</td>", "<li>Data</li>", "CNY 1,250,000.50", ">agreement.pdf</a>")
        if text not in shown
    ] == []


def test_same_submission_holds_the_same_answers(story: Story) -> None:
    send(story)
    story.fill_rest()
    key = uuid4()
    for _ in range(2):
        services.submit_application(application=story.application, by=story.signatory, key=key, declared=True)

    assert Snapshot.objects.get().content["answers"]["project"] == asking.KEPT


def test_section_page_leads_to_each_question_in_a_fixed_number_of_queries(manager: Client) -> None:
    section = asking.programme().sections.get()
    address = f"/admin/incentives/section/{section.pk}/change/"
    manager.get(address)
    counts = []
    for slugs in (["one"], ["two", "three", "four"]):
        for slug in slugs:
            asking.question(section, slug, "choice", options=["yes-please", "no-thanks"])
        with CaptureQueriesContext(connection) as read:
            shown = manager.get(address).text
        counts.append(len(read))

    assert counts[0] == counts[1]
    assert "asked only after an answer to “partner?”" in shown
    for question in section.questions.all():
        assert admin_page(question) in shown


def test_question_on_which_another_depends_is_not_deleted(manager: Client) -> None:
    section = asking.programme().sections.get()
    data = {
        "programme": str(section.programme_id),
        "slug": "project",
        "title_en": "P",
        "title_zh": "项目",
        "position": "0",
    }
    rows = list(section.questions.all())
    data |= {"questions-TOTAL_FORMS": str(len(rows)), "questions-INITIAL_FORMS": str(len(rows))}
    for place, question in enumerate(rows):
        row = {**data_of(question), "id": str(question.pk), "section": str(section.pk)}
        data |= {f"questions-{place}-{name}": value for name, value in row.items()}
    by_slug = {question.slug: place for place, question in enumerate(rows)}

    refused = save(
        manager,
        f"/admin/incentives/section/{section.pk}/change/",
        {**data, f"questions-{by_slug['partner']}-DELETE": "on"},
    )
    assert (refused.status_code, section.questions.filter(slug="partner").exists()) == (200, True)
    assert "agreement?" in refused.text
    save(
        manager,
        f"/admin/incentives/section/{section.pk}/change/",
        {**data, f"questions-{by_slug['agreement']}-DELETE": "on"},
    )
    assert section.questions.filter(slug="agreement").exists() is False


def test_file_page_is_for_those_who_write_while_the_application_is_open(story: Story) -> None:
    address = page(story, "sections/project/files/agreement/")
    viewer = signed_in(make.member(story.firm, "viewer"))
    upload = {"upload": SimpleUploadedFile("a.pdf", PDF)}

    assert viewer.post(address, upload).url == page(story, "")
    send(story)
    story.fill_rest().submit()
    assert signed_in(story.editor).post(address, upload).url == page(story, "")
    assert signed_in(story.editor).post(address, {"remove": "1"}).url == page(story, "")
    assert signed_in(make.member(make.organisation())).get(address).status_code == 404
    assert story.application.documents.filter(slug="project.agreement").exists() is False
