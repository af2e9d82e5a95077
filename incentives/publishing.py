"""Publishing a programme: what it lacks, what is proposed, and the version that publishing writes."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models import (
    Criterion,
    Option,
    Programme,
    ProgrammeVersion,
    Publication,
    Question,
    RubricItem,
    TableColumn,
    WantedDocument,
)
from incentives.models.parameters import RESTRICTING, check_parameters
from incentives.question_checks import unsound
from incentives.records import COLUMNS, content_of, digest_of_version
from portal.lifecycle import Change, StepClosed, Text


def as_it_stands(programme: Programme) -> ProgrammeVersion:
    """Return the version, not saved, that a programme would be published as now, read as the database has it."""
    programme = Programme.objects.get(pk=programme.pk)
    columns = {name: getattr(programme, name) for name in COLUMNS}
    number = (latest.number if (latest := latest_version(programme)) else 0) + 1
    version = ProgrammeVersion(programme=programme, number=number, content=content_of(programme), **columns)
    version.sha256 = digest_of_version(version)
    return version


def latest_version(programme: Programme) -> ProgrammeVersion | None:
    """Return what the public sees of a programme."""
    return programme.versions.order_by("-number").first()


def what_is_missing(programme: Programme) -> Iterator[Text]:
    """Yield what must be written before a programme can be published."""
    if not programme.legal_basis:
        yield _("Give the legal basis.")
    if not programme.fair_competition_reference or not programme.fair_competition_date:
        yield _("Give the reference and date of the fair-competition review.")
    if not programme.exception_basis:
        for warning in what_is_doubtful(programme):
            yield format_lazy(_("{warning} Give the legal basis of the exception."), warning=warning)
    for criterion in programme.criteria.all():
        try:
            check_parameters(criterion.kind, criterion.parameters)
        except ValidationError:
            yield _("The parameters of “%(title)s” are wrong.") % {"title": criterion}
    yield from unsound(content_of(programme))
    weights = [item.weight for item in programme.rubric.all()]
    if programme.reviewers_needed and sum(weights) != 100:  # noqa: PLR2004 -- per cent
        yield _("The weights of the rubric must add up to 100.")


def what_is_doubtful(programme: Programme) -> Iterator[Text]:
    """Yield what fair-competition rules allow only by an exception: criteria by place, ownership, tax or name."""
    for criterion in programme.criteria.all():
        if ground := RESTRICTING.get(criterion.kind):
            yield format_lazy(_("“{criterion}” favours firms by {ground}."), criterion=str(criterion), ground=ground)


def differences(programme: Programme) -> list[tuple[str, str, str]]:
    """Return what publishing a programme now would change for the public: where, as it is, as it would be."""
    latest = latest_version(programme)
    before, after = (_flat(_all_of(version)) if version else {} for version in (latest, as_it_stands(programme)))
    places = dict.fromkeys([*before, *after])
    return [
        (place, before.get(place, ""), after.get(place, ""))
        for place in places
        if before.get(place, "") != after.get(place, "")
    ]


def _all_of(version: ProgrammeVersion) -> dict[str, Any]:
    return {**version.content, **{name: str(getattr(version, name)) for name in COLUMNS}}


def _flat(value: Any, *path: str) -> dict[str, str]:
    """Write nested content as one text for each place; items of lists are named by their key."""
    if isinstance(value, dict):
        pairs = [(_label(str(key)), part) for key, part in value.items()]
    elif isinstance(value, list) and any(isinstance(part, dict) for part in value):
        pairs = [(str(part.get("slug") or part.get("key") or place), part) for place, part in enumerate(value, 1)]
    else:
        text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        return {" › ".join(path): text}
    return {place: text for name, part in pairs for place, text in _flat(part, *path, name).items()}


def _label(name: str) -> str:
    """Return a part of the content in the words of the form where it is written."""
    if name in _PARTS:
        return str(_PARTS[name])
    for model in (Programme, Criterion, Question, Option, TableColumn, WantedDocument, RubricItem):
        if any(field.name == name for field in model._meta.concrete_fields):
            return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return name


_PARTS: dict[str, Text] = {
    "criteria": _("criteria"),
    "sections": _("sections"),
    "questions": _("questions"),
    "options": _("answers to choose from"),
    "columns": _("columns"),
    "only_if": _("asked only if"),
    "section": pgettext_lazy("application form", "section"),
    "question": _("question"),
    "any_of": _("has the answer"),
    "documents": _("wanted documents"),
    "rubric": _("rubric"),
}


# --- The steps of a publication ---------------------------------------------------------


def still_stands(publication: Publication) -> Iterator[Text]:
    """Close the step where the programme is no longer as it was proposed, or lacks something."""
    if as_it_stands(publication.programme).sha256 != publication.sha256:
        yield _("The programme was changed since it was proposed. Withdraw the proposal and propose it again.")
    yield from what_is_missing(publication.programme)


def publish(change: Change) -> None:
    """Write the version that was proposed, and show it to the public."""
    programme = Programme.objects.select_for_update().get(pk=change.obj.programme_id)
    version = as_it_stands(programme)
    if version.sha256 != change.obj.sha256:
        raise StepClosed(*still_stands(change.obj))
    version.published_by = change.by
    version.save()
    programme.status = Programme.Status.PUBLISHED
    programme.save(update_fields=["status"])
    change.set(version=version)
    decide(change)


def decide(change: Change) -> None:
    """Keep who decided, and when."""
    change.set(decided_by=change.by, decided_at=timezone.now())
