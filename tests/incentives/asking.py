"""A programme that asks a question of each kind, answers to them, and the page on which they are typed."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incentives import services
from incentives.models import Option, Programme, Question, Section, SectionAnswers, TableColumn
from tests.incentives import make
from tests.incentives.stories import PDF, Story

ANSWERS = {
    "aim": "To build",
    "cost": "1,250,000.50",
    "stage": "trial",
    "needs": ["people", "data"],
    "staff.0.name": "Li 李",
    "staff.0.years": "12",
    "staff.0.pay": "300,000.00",
    "staff.0.from": "2027-01-15",
    "partner": "no",
}
"""What somebody types who answers everything that is asked, without a partner."""

KEPT = {
    "aim": "To build",
    "cost": "1250000.50",
    "stage": "trial",
    "needs": ["data", "people"],
    "staff": [{"name": "Li 李", "years": 12, "pay": "300000.00", "from": "2027-01-15"}],
    "partner": "no",
}


def question(section: Section, slug: str, kind: str, **fields: Any) -> Question:
    options, columns = fields.pop("options", []), fields.pop("columns", [])
    place = section.questions.count()
    values = {"label_en": f"{slug}?", "label_zh": f"问题 {slug}？", "position": place}
    made = Question.objects.create(section=section, slug=slug, kind=kind, **values | fields)
    for position, key in enumerate(options):
        Option.objects.create(question=made, slug=key, label_en=key.title(), label_zh=f"选项 {key}", position=position)
    for position, (key, of_kind) in enumerate(columns):
        TableColumn.objects.create(
            question=made, slug=key, kind=of_kind, label_en=key.title(), label_zh=f"列 {key}", position=position
        )
    return made


def programme(**fields: Any) -> Programme:
    """Return one whose first section asks every kind; the agreement only where there is a partner."""
    made = make.programme(**fields)
    section = made.sections.get()
    question(section, "cost", "money")
    question(section, "stage", "choice", options=["research", "trial"])
    question(section, "needs", "choice", options=["computing", "data", "people"], several=True)
    columns = [("name", "text"), ("years", "number"), ("pay", "money"), ("from", "date")]
    question(section, "staff", "table", columns=columns, rows_most=5)
    partner = question(section, "partner", "yes_no")
    question(section, "agreement", "file", condition_question=partner, condition_answers=["yes"])
    return made


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(story: Story, tail: str = "sections/project/", language: str = "en") -> str:
    return f"/{language}/desk/applications/{story.application.uid}/{tail}"


def send(story: Story, how: str = "done", **changes: Any) -> Any:
    """Fill in the section, with these changes, over what is saved now."""
    row = SectionAnswers.objects.filter(application=story.application, section="project").first()
    data = {**ANSWERS, "version": str(row.version if row else 0), how: "1"}
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return signed_in(story.editor).post(page(story), data)


def kept() -> Any:
    return SectionAnswers.objects.get(section="project").answers


def hand_in(story: Story, name: str = "agreement.pdf") -> None:
    upload = SimpleUploadedFile(name, PDF)
    services.add_document(application=story.application, slug="project.agreement", upload=upload, by=story.editor)
