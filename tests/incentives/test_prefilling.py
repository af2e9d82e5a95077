"""Answers that the profile gives: which, with what source and date, and what becomes of them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from firms.models import Certificate, YearlyFigure
from incentives import services
from incentives.models import Question, Section, SectionAnswers
from incentives.profile_answers import from_profile
from incentives.records import content_of
from portal.roles import Role
from tests.editing import save
from tests.incentives import asking, make
from tests.incentives.stories import Story

pytestmark = pytest.mark.django_db

LAST_YEAR = timezone.localdate().year - 1
ASKED = {
    "team": ("number", "staff"),
    "capital": ("money", "registered_capital"),
    "since": ("date", "founded"),
    "site": ("text", "website"),
    "does": ("long", "description_en"),
    "turnover": ("money", "revenue"),
    "research": ("money", "rd_spend"),
    "papers": ("text", "certificates"),
}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def story() -> Story:
    programme = make.programme()
    section = programme.sections.get()
    for slug, (kind, fact) in ASKED.items():
        asking.question(section, slug, kind, filled_from=fact, required=False)
    story = Story(opened=make.round_of(programme))
    firm = story.firm
    firm.registered_capital, firm.website, firm.description_en = Decimal("5000000.50"), "https://demo.example/", "Makes"
    firm.save()
    Certificate.objects.filter(organisation=firm).update(number="GR202531000001")
    YearlyFigure.objects.create(
        organisation=firm,
        year=LAST_YEAR,
        revenue=30_000_000,
        source="member",
        source_date=date(2026, 3, 2),
        entered_by=story.editor,
    )
    return story


def page(story: Story, language: str = "en") -> str:
    return f"/{language}/desk/applications/{story.application.uid}/sections/project/"


def test_profile_answers_with_source_and_date(story: Story) -> None:
    found = from_profile(story.firm, [fact for _kind, fact in ASKED.values()], on=timezone.localdate())

    assert {fact: (answer.value, str(answer.source)) for fact, answer in found.items()} == {
        "staff": (60, "registry, as of 31 January 2026"),
        "registered_capital": ("5000000.50", "registry, as of 31 January 2026"),
        "founded": ("2020-05-01", "registry, as of 31 January 2026"),
        "website": ("https://demo.example/", "registry, as of 31 January 2026"),
        "description_en": ("Makes", "registry, as of 31 January 2026"),
        "revenue": ("30000000", f"year {LAST_YEAR}: yearly figures, stated by the organisation, as of 2 March 2026"),
        "certificates": ("GR202531000001", "示例机构"),
    }


def test_nothing_is_said_of_another_year_or_by_an_expired_certificate(story: Story) -> None:
    YearlyFigure.objects.filter(organisation=story.firm).update(year=LAST_YEAR - 1)
    Certificate.objects.filter(organisation=story.firm).update(expires=timezone.localdate() - timedelta(days=1))

    assert from_profile(story.firm, ["revenue", "certificates"], on=timezone.localdate()) == {}


@pytest.mark.parametrize(
    ("language", "mark"),
    [
        ("en", "Taken from your profile (registry, as of 31 January 2026). Check that it still holds."),
        ("zh-hans", "取自贵单位的机构资料（registry，截至2026年1月31日），请核实是否仍然准确。"),
    ],
)
def test_section_is_filled_in_and_marked_until_it_is_changed(story: Story, language: str, mark: str) -> None:
    client = signed_in(story.editor)
    address = page(story, language)

    first = client.get(address)
    shown = {name: first.context["form"].initial.get(name) for name in ASKED}
    assert shown == {
        "team": 60,
        "capital": "5000000.50",
        "since": "2020-05-01",
        "site": "https://demo.example/",
        "does": "Makes",
        "turnover": "30000000",
        "research": None,
        "papers": "GR202531000001",
    }
    assert first.text.count(mark) == 5
    assert not SectionAnswers.objects.exists()

    typed = {"aim": "x", "version": "0", "done": "1"} | {name: str(value or "") for name, value in shown.items()}
    client.post(address, typed | {"team": "61", "capital": "5,000,000.50"})
    assert SectionAnswers.objects.get().answers["team"] == 61
    assert client.get(address).text.count(mark) == 4


def test_check_before_submission_shows_what_the_profile_says(story: Story) -> None:
    form = signed_in(story.editor).get(page(story) + "?check=1").context["form"]

    assert (form["team"].value(), sorted(form.errors)) == (60, ["aim"])
    assert "Taken from your profile" in form.fields["team"].help_text


def test_what_the_profile_does_not_say_comes_from_the_last_submission(story: Story) -> None:
    asked = {"aim": "To build", "team": 12, "research": "900000"}
    services.save_section(
        application=story.application, section="project", answers=asked, complete=True, version=0, by=story.editor
    )
    story.fill_rest().submit().decline()
    again = services.start_application(
        round=make.round_of(story.round.programme), organisation=story.firm, by=story.editor
    )

    form = signed_in(story.editor).get(f"/en/desk/applications/{again.uid}/sections/project/").context["form"]
    said = {name: (form.initial[name], form.fields[name].help_text.split("(")[0]) for name in asked}
    before = f"Taken from your application {story.application.number} of "
    assert said["team"] == (60, "Taken from your profile ")
    assert (said["research"][0], said["research"][1].startswith(before)) == ("900000", True)
    assert (said["aim"][0], said["aim"][1].startswith(before)) == ("To build", True)


def test_fact_that_does_not_answer_its_kind_is_refused_by_the_database(story: Story) -> None:
    with pytest.raises(DatabaseError, match="question_filled_from_what_fits"), transaction.atomic():
        Question.objects.filter(slug="team").update(filled_from="website")
    with pytest.raises(DatabaseError, match="question_filled_from_what_fits"), transaction.atomic():
        Question.objects.filter(slug="team").update(filled_from="password")


def test_manager_chooses_the_fact_of_a_question(story: Story, settings: Any) -> None:
    settings.DEMONSTRATION = True  # the second factor is not the subject
    client, question = signed_in(make.person(role=Role.MANAGER)), Question.objects.get(slug="team")
    url = f"/admin/incentives/question/{question.pk}/change/"
    data = {"label_en": "Staff", "label_zh": "职工", "slug": "team", "kind": "number", "position": "1"}

    assert save(client, url, data | {"filled_from": "website"}).status_code == 200  # no choice of this kind
    assert save(client, url, data | {"filled_from": ""}).status_code == 302
    assert "filled_from" not in Question.objects.get(pk=question.pk).as_data()
    assert save(client, url, data | {"filled_from": "staff"}).status_code == 302
    assert Question.objects.get(pk=question.pk).as_data()["filled_from"] == "staff"
    assert save(client, url, data | {"filled_from": "staff", "kind": "text"}).status_code == 302  # no text answers it
    assert Question.objects.get(pk=question.pk).filled_from == ""


def test_versions_published_before_are_as_they_were() -> None:
    made = make.programme()
    Section.objects.get(programme=made)

    (section,) = content_of(made)["sections"]
    assert sorted(section["questions"][0]) == [
        "help_en",
        "help_zh",
        "kind",
        "label_en",
        "label_zh",
        "maximum_length",
        "required",
        "slug",
    ]
