"""Writing an opportunity: saved by itself, by two people, with what is missing and what would disclose an invention."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from investors import disclosing
from investors.completeness import missing
from investors.models import Opportunity
from investors.models.fact_rules import FACTS
from investors.models.facts import Kind
from investors.services.opportunities import change_opportunity
from tests.investors.conftest import TECHNOLOGY
from tests.investors.test_pages import browser
from tests.scripting import saved_by_itself

type Make = Callable[..., Opportunity]

pytestmark = pytest.mark.usefixtures("staff_without_second_factor")

OFFER = {
    "title_en": "A gripper", "summary_en": "It grips.", "text_en": "It grips what others drop.", "object_kind": "patent",
    "legal_status": "granted", "object_number": "ZL 1", "jurisdiction": "CN", "trl": "6", "trl_evidence_en": "A trial.",
    "modes": ["transfer", "service"], "price_kind": "negotiable", "export_declaration": "free",
    "disclosure_checked": "on", "expires_on": "",
}  # fmt: skip


def save(client: Client, opportunity: Opportunity, *, by_itself: bool = True, **values: Any) -> Any:
    """Send the form, as the script or as a browser without one does."""
    path = f"/en/desk/opportunities/{opportunity.slug}/"
    fields = {**OFFER, "version": opportunity.version, **values}
    return saved_by_itself(client, path, fields) if by_itself else client.post(path, fields)


@pytest.fixture
def draft(make_opportunity: Make) -> Opportunity:
    return make_opportunity("draft", kind="technology_offered")


def test_draft_saves_itself_over_its_own_version_only(people: SimpleNamespace, draft: Opportunity) -> None:
    first, second = browser(people.editor), browser(people.signatory)

    answers = [save(first, draft), save(second, draft, title_en="Another"), save(first, draft, version=2, trl="7")]

    draft.refresh_from_db()
    assert [answer.status_code for answer in answers] == [200, 409, 200]
    assert [answer.json().get("version") for answer in answers] == [2, 2, 3]
    assert (draft.title_en, draft.trl, draft.modes) == ("A gripper", 7, ["transfer", "service"])


def test_what_cannot_be_kept_is_named_and_nothing_saved(people: SimpleNamespace, draft: Opportunity) -> None:
    answer = save(browser(people.editor), draft, trl="12", royalty_percent="1e3")

    draft.refresh_from_db()
    assert (answer.status_code, draft.version) == (422, 1)
    assert answer.json() == {
        "words": "Not saved: look again at Technology readiness level (1-9), Royalty (per cent of sales)."
    }


def test_newest_version_is_told_to_members_alone(people: SimpleNamespace, draft: Opportunity) -> None:
    path = f"/en/desk/opportunities/{draft.slug}/version/"

    answers = [browser(who).get(path) for who in (people.viewer, people.stranger, people.officer)]

    assert [answer.status_code for answer in answers] == [200, 404, 404]
    assert 'data-version="1"' in answers[0].text


def test_without_a_script_one_text_is_chosen_for_each_field(people: SimpleNamespace, draft: Opportunity) -> None:
    client = browser(people.editor)
    change_opportunity(
        by=people.signatory, opportunity=draft, values={"title_en": "Theirs", "trl": 8}, clusters=[], version=1
    )

    page = save(client, draft, by_itself=False)
    choices = {"version": 2, "keep-title_en": "theirs", "keep-trl": "mine"}
    saved = save(client, draft, by_itself=False, **choices)

    draft.refresh_from_db()
    assert (page.status_code, saved.status_code) == (409, 302)
    assert [choice in page.text for choice in ("keep-title_en", "keep-trl", "keep-price_kind")] == [True, True, False]
    assert (draft.title_en, draft.trl, draft.version) == ("Theirs", 6, 3)


def test_what_is_missing_is_linked_to_its_field(people: SimpleNamespace, draft: Opportunity) -> None:
    gone = {"trl": "", "object_number": "", "disclosure_checked": "", "submit": "1"}

    page = save(browser(people.editor), draft, by_itself=False, **gone)

    draft.refresh_from_db()
    assert (page.status_code, draft.status, draft.version) == (422, "draft", 2)
    assert [each.field for each in missing(draft)] == ["object_number", "trl", "disclosure_checked", "expires_on"]
    assert all(f'href="#id_{each.field}"' in page.text for each in missing(draft))
    assert 'name="version" value="2"' in page.text


def test_unfiled_invention_is_confirmed_for_the_text_as_it_stands(people: SimpleNamespace, draft: Opportunity) -> None:
    client, end = browser(people.editor), "2027-05-01"
    telling = {"legal_status": "unfiled", "text_zh": "加热至80摄氏度后混合。", "expires_on": end, "submit": "1"}

    warned = save(client, draft, by_itself=False, **telling)
    draft.refresh_from_db()
    seal = disclosing.seal(draft)
    changed = {**telling, "text_zh": "加热至90摄氏度后混合。", "version": 2, "telling": seal}
    again = save(client, draft, by_itself=False, **changed)
    draft.refresh_from_db()
    last = save(client, draft, by_itself=False, **changed | {"version": 3, "telling": disclosing.seal(draft)})

    draft.refresh_from_db()
    assert [answer.status_code for answer in (warned, again, last)] == [422, 422, 302]
    assert "加热至" in warned.text
    assert draft.status == "submitted"


def test_step_of_submission_is_not_taken_around_the_form(people: SimpleNamespace, make_opportunity: Make) -> None:
    draft = make_opportunity("draft", kind="technology_offered", legal_status="unfiled", text_en="Heated to 80 °C.")

    browser(people.signatory).post(f"/en/desk/opportunities/{draft.slug}/submit/")

    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"legal_status": "granted", "text_en": "It consists of resin."}, []),
        ({"legal_status": "unfiled", "text_en": "It holds for a week."}, []),
        ({"legal_status": "unfiled", "text_en": "It consists of resin."}, [("text_en", "consists of")]),
        ({"legal_status": "unfiled", "title_zh": "树脂配方"}, [("title_zh", "配方")]),
        ({"legal_status": "unfiled", "summary_zh": "通过两次涂覆实现"}, [("summary_zh", "通过两次涂覆实现")]),
        ({"legal_status": "unfiled", "confidential_en": "It consists of resin."}, []),
    ],
)
def test_words_that_tell_how_it_works(values: dict[str, str], found: list[tuple[str, str]]) -> None:
    opportunity = Opportunity(kind="technology_offered", **values)

    assert [tuple(each) for each in disclosing.telling(opportunity)] == found


@pytest.mark.parametrize("kind", list(Kind))
def test_form_of_each_kind_asks_for_its_facts_and_no_other(
    people: SimpleNamespace, make_opportunity: Make, kind: Kind
) -> None:
    page = browser(people.editor).get(f"/zh-hans/desk/opportunities/{make_opportunity('draft', kind=kind).slug}/").text

    every = {name for facts in FACTS.values() for name in facts}
    assert {name for name in every if f'id="div_id_{name}"' in page} == set(FACTS[kind])
    assert 'id="div_id_confidential_zh"' in page


def test_confidential_part_is_on_no_page_but_the_form(people: SimpleNamespace, make_opportunity: Make) -> None:
    shown = make_opportunity("published", kind="technology_offered", confidential_en="SECRET-WORD", **TECHNOLOGY)
    admin = f"/admin/investors/opportunity/{shown.pk}/change/"
    paths = [
        f"/en/opportunities/{shown.slug}/",
        "/en/opportunities/?q=SECRET-WORD",
        f"/en/desk/opportunities/{shown.slug}/",
    ]

    pages = [browser(people.signatory).get(path).text for path in paths] + [browser(people.officer).get(admin).text]

    assert [page.count("SECRET-WORD</") for page in pages] == [0, 0, 0, 0]
