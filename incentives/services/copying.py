"""Copying a programme: a draft with the same words, rules and questions, to be changed into another."""

from typing import Any

from django.db import transaction
from django.db.models import Model

from incentives.models import Programme, Question

_MOST_SLUG = 80


@transaction.atomic
def copy_programme(*, programme: Programme) -> Programme:
    """Return a draft like a programme, with all but its rounds, versions and clearance.

    The fair-competition review was of the other programme: its reference and date are left out.
    """
    source = Programme.objects.get(pk=programme.pk)
    copy = Programme.objects.get(pk=programme.pk)
    copy.slug, copy.status = _free_slug(source.slug), Programme.Status.DRAFT
    copy.fair_competition_reference, copy.fair_competition_date = "", None
    _as_new(copy)
    copy.clusters.set(source.clusters.all())
    for rows in (source.criteria, source.wanted_documents, source.rubric, source.tranches):
        for row in rows.all():
            _as_new(row, programme=copy)
    _copy_questions(source, copy)
    return copy


def _copy_questions(source: Programme, copy: Programme) -> None:
    """Copy sections with their questions; a condition names the copy of the question that it named."""
    copies: dict[int, Question] = {}
    conditions: list[tuple[Question, int, list[str]]] = []
    for section in source.sections.prefetch_related("questions__options", "questions__columns"):
        questions = list(section.questions.all())
        _as_new(section, programme=copy)
        for question in questions:
            key, earlier, answers = question.pk, question.condition_question_id, question.condition_answers
            parts = [*question.options.all(), *question.columns.all()]
            _as_new(question, section=section, condition_question=None, condition_answers=[])
            copies[key] = question
            conditions += [(question, earlier, answers)] if earlier else []
            for part in parts:
                _as_new(part, question=question)
    for question, earlier, answers in conditions:
        question.condition_question, question.condition_answers = copies[earlier], answers
        question.save()


def _as_new(row: Model, **fields: Any) -> None:
    """Save a row that was read as another one."""
    row.pk = None
    row._state.adding = True
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def _free_slug(slug: str) -> str:
    for number in range(2, 1000):
        ending = f"-{number}"
        if not Programme.objects.filter(slug=(wanted := slug[: _MOST_SLUG - len(ending)] + ending)).exists():
            return wanted
    message = f"a thousand copies of {slug}"
    raise ValueError(message)
