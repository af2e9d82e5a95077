"""Answers taken over from the profile, an earlier application or the public check, marked until they are changed."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives import conditions, questions
from incentives.facts import Text, date_in_language
from incentives.forms.applying import QuestionsForm, SectionForm
from incentives.kept_answers import Kept
from incentives.models import Application, ProfileFact, SectionAnswers, Snapshot
from incentives.profile_answers import from_profile
from portal import clock
from portal.local_form import in_a_row


class _Known(NamedTuple):
    """An answer to a question that is known before anybody types, and the words that say from where."""

    name: str
    value: Any
    mark: Text


_ASKED_IN_THE_CHECK: dict[str, str] = {
    ProfileFact.CODE: "firm",
    ProfileFact.FOUNDED: "age",
    ProfileFact.STAFF: "staff",
    ProfileFact.CAPITAL: "capital",
}
"""By the fact that answers a question, what the public check asks for it."""


def prefill(
    form: SectionForm, application: Application, section: str, saved: SectionAnswers | None, kept: Kept | None = None
) -> None:
    """Fill in what is known and fits, and say where it is from for as long as it is unchanged.

    A question that names a fact of the profile is answered by that; one of which the profile says nothing, and every
    other, by what the organisation submitted last; where that says nothing, by kept answers of the public check. How
    much is asked for is not taken over: it is of each application. What the project costs is, from the check alone.

    Args:
        form: not bound.
        application: whose section it is.
        section: its key.
        saved: what is saved; nothing is filled in over it.
        kept: the answers of the public check that the person kept, where they are about the applicant.
    """
    filled = set()
    for known in _known(form, application, section, kept):
        if known.name in filled or not _fits(form, known.name, known.value):
            continue
        filled.add(known.name)
        if saved is None:
            form.initial[known.name] = known.value
        if _is_same(form, known.name, known.value):
            form.fields[known.name].help_text = in_a_row(form.fields[known.name].help_text, known.mark)


def _known(form: SectionForm, application: Application, section: str, kept: Kept | None) -> Iterator[_Known]:
    if section != conditions.FUNDING:
        yield from _of_the_profile(form, application)
        yield from _of_the_last_submission(application, section)
    if kept:
        yield from _of_the_check(form, section, kept)


def _of_the_check(form: SectionForm, section: str, kept: Kept) -> Iterator[_Known]:
    words = _("Taken from your answers of the public check of {day}. Check that it still holds.")
    mark = format_lazy(words, day=date_in_language(kept.on))
    asked = form.asked if isinstance(form, QuestionsForm) else {}
    named = {name: _ASKED_IN_THE_CHECK.get(question.get("filled_from", ""), "") for name, question in asked.items()}
    for name, answered in (named if section != conditions.FUNDING else {"project_cost": "costs"}).items():
        if answered in kept.answers:
            yield _Known(name, kept.answers[answered], mark)


def _of_the_profile(form: SectionForm, application: Application) -> Iterator[_Known]:
    asked = form.asked if isinstance(form, QuestionsForm) else {}
    named = {name: question["filled_from"] for name, question in asked.items() if "filled_from" in question}
    today = timezone.localdate(timezone=clock.SHANGHAI)
    found = from_profile(application.organisation, named.values(), on=today)
    for name, fact in named.items():
        if fact in found:
            words = _("Taken from your profile ({source}). Check that it still holds.")
            yield _Known(name, found[fact].value, format_lazy(words, source=found[fact].source))


def _of_the_last_submission(application: Application, section: str) -> Iterator[_Known]:
    """Yield what the organisation submitted last in another application to the same programme."""
    others = Snapshot.objects.filter(
        application__organisation=application.organisation_id,
        application__round__programme=application.round.programme_id,
    )
    earlier = others.exclude(application=application).select_related("application").order_by("-id").first()
    if earlier is None:
        return
    words = _("Taken from your application {number} of {day}. Check that it still holds.")
    mark = format_lazy(words, number=earlier.application.number, day=date_in_language(earlier.at))
    for name, value in earlier.content["answers"].get(section, {}).items():
        yield _Known(name, value, mark)


def _fits(form: SectionForm, name: str, value: Any) -> bool:
    """Whether this answers the question as it is asked now."""
    if name not in form.fields or value in questions.NOTHING or form.asks_for_file(name):
        return False
    return _cleaned(form, name, value) is not None


def _is_same(form: SectionForm, name: str, value: Any) -> bool:
    """Whether the field shows what is known, however it is written."""
    return bool(_cleaned(form, name, form.initial.get(name)) == _cleaned(form, name, value))


def _cleaned(form: SectionForm, name: str, value: Any) -> Any:
    try:
        return form.fields[name].clean(value)
    except (ValidationError, TypeError, ValueError):
        return None
