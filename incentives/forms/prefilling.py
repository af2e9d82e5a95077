"""Answers taken over from an earlier application, and marked as such until they are changed."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives import conditions, questions
from incentives.facts import date_in_language
from incentives.forms.applying import SectionForm
from incentives.models import Application, SectionAnswers, Snapshot


def earlier_submission(application: Application) -> Snapshot | None:
    """Return what the organisation submitted last in another application to the same programme."""
    others = Snapshot.objects.filter(
        application__organisation=application.organisation_id,
        application__round__programme=application.round.programme_id,
    )
    return others.exclude(application=application).select_related("application").order_by("-id").first()


def prefill(form: SectionForm, section: str, saved: SectionAnswers | None, earlier: Snapshot | None) -> None:
    """Fill in what was answered before and still fits, and say where it is from for as long as it is unchanged.

    Amounts are not taken over: what is asked for is of each application.

    Args:
        form: not bound.
        section: its key.
        saved: what is saved; nothing is filled in over it.
        earlier: the submission to take from.
    """
    if earlier is None or section == conditions.FUNDING:
        return
    answers: Mapping[str, Any] = earlier.content["answers"].get(section, {})
    mark = format_lazy(
        _("Taken from your application {number} of {day}. Check that it still holds."),
        number=earlier.application.number,
        day=date_in_language(earlier.at),
    )
    for name, value in answers.items():
        if name not in form.fields or value in questions.NOTHING or not _fits(form, name, value):
            continue
        if saved is None:
            form.initial[name] = value
        if form.initial.get(name) == value:
            hint = form.fields[name].help_text
            form.fields[name].help_text = format_lazy("{hint} {mark}", hint=hint, mark=mark) if hint else mark


def _fits(form: SectionForm, name: str, value: Any) -> bool:
    try:
        form.fields[name].clean(value)
    except (ValidationError, TypeError, ValueError):
        return False
    return not form.asks_for_file(name)
