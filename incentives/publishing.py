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
    PlannedTranche,
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

WHOLE = 100
"""Per cent: what weights and shares add up to."""


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
    if not programme.contact and not programme.telephone:
        yield _("Give a contact or a telephone number.")
    if programme.cap_award > programme.cap_firm:
        yield _("One award may be higher than all awards of a firm together: correct the caps.")
    yield from _sums(programme)
    yield from _in_one_language(programme)


def _sums(programme: Programme) -> Iterator[Text]:
    """Ask for weights and shares that add up to the whole, as the database does of a version."""
    weights = [item.weight for item in programme.rubric.all()]
    if programme.reviewers_needed and not weights:
        yield _("Write the rubric by which reviewers score.")
    elif weights and sum(weights) != WHOLE:
        yield format_lazy(_("The weights of the rubric add up to {sum}, not to 100."), sum=sum(weights))
    shares = [tranche.share for tranche in programme.tranches.all()]
    if not shares:
        yield _("Write the tranche plan: at least one instalment.")
    elif sum(shares) != WHOLE:
        yield format_lazy(_("The shares of the tranche plan add up to {sum}, not to 100."), sum=sum(shares))


def _in_one_language(programme: Programme) -> Iterator[Text]:
    """Yield each optional text that is there in one language only."""
    questions = Question.objects.filter(section__programme=programme)
    rows: list[tuple[Any, str]] = [(programme, "text")]
    rows += [(row, name) for row in programme.criteria.all() for name in ("title", "evidence")]
    rows += [(row, "help") for row in questions]
    rows += [(row, "evidence") for row in programme.tranches.all()]
    for row, name in rows:
        written = {side: bool(getattr(row, f"{name}_{side}")) for side in ("en", "zh")}
        if written["en"] != written["zh"]:
            lacking = row._meta.get_field(f"{name}_{'zh' if written['en'] else 'en'}").verbose_name
            yield format_lazy(_("“{row}” lacks a text: {field}."), row=str(row), field=lacking)


def what_is_forgotten(programme: Programme) -> Iterator[Text]:
    """Yield what stops no publication, but without which nobody could apply, or everybody."""
    if not programme.criteria.exists():
        yield _("There is no criterion: every firm could apply.")
    if not Question.objects.filter(section__programme=programme).exists():
        yield _("The application form asks no question.")
    if not programme.rounds.exists():
        yield _("There is no round: nobody could apply.")
    for opened in programme.rounds.filter(closes_at__gt=timezone.now()).select_related("budget"):
        if not hasattr(opened, "budget") or not opened.budget.allocated:
            yield format_lazy(_("The round “{round}” has no money allocated to it yet."), round=opened)


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
    for model in (Programme, Criterion, Question, Option, TableColumn, WantedDocument, PlannedTranche, RubricItem):
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
    "tranches": _("tranche plan"),
    "rubric": _("rubric"),
    "words_en": _("in words, in English"),
    "words_zh": _("in words, in Chinese"),
    "choices_en": _("choices, in English"),
    "choices_zh": _("choices, in Chinese"),
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
