"""How staff write questions: what is said before publishing, what the database keeps, the pages of the workplace."""

import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incentives import services
from incentives.invariants import published_questions
from incentives.models import Option, Question
from incentives.question_checks import unsound
from incentives.records import content_of
from portal.roles import Role
from tests.editing import save
from tests.incentives import asking, make
from tests.incentives.asking import signed_in

pytestmark = pytest.mark.django_db


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
