"""What hangs on an organisation, and what would clash on another: found in the models, so that no app is forgotten."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import ForeignKey, Model, Q, QuerySet, UniqueConstraint
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation, SearchEntry
from firms.models.merged import STAYING
from portal import deadlines
from portal.lifecycle import Text
from portal.models import Document
from portal.triggers import AppendOnly

DERIVED: tuple[type[Model], ...] = (SearchEntry,)
"""Rows worked out from the organisation: they go with it."""


@dataclass(frozen=True)
class Finding:
    """Something to know before two organisations are merged.

    Args:
        text: a sentence in the reader's language.
        about: the row to open, if there is one.
        stops: whether it must be settled first; otherwise it is told.
    """

    text: Text
    about: Model | None = None
    stops: bool = True


def _nothing(kept: Model, gone: Model) -> Text:
    return ""


def _no_fields(kept: Model, gone: Model) -> Collection[str]:
    return ()


@dataclass(frozen=True)
class Fold:
    """How two rows of which a constraint allows one become one.

    Args:
        refuses: returns why they cannot, given the row of the survivor and the other; empty where they can.
        take: sets on the first what it takes from the second, which is deleted then; returns the fields to save.
    """

    refuses: Callable[[Any, Any], Text] = _nothing
    take: Callable[[Any, Any], Collection[str]] = _no_fields


type Check = Callable[[Organisation, Organisation], Iterable[Finding]]
_checks: list[Check] = []
_folds: dict[type[Model], Fold] = {}


def contribute_check(check: Check) -> None:
    """Let an app say what stands in the way of a merge: it is given the survivor and the one that goes."""
    _checks.append(check)


def contribute_fold(model: type[Model], fold: Fold) -> None:
    """Let an app say how two rows of its model that clash become one, or in which words that they cannot."""
    _folds[model] = fold


class Clash(NamedTuple):
    """Two rows, one of each organisation, of which a constraint allows one."""

    kept: Model
    gone: Model


@dataclass(frozen=True)
class Link:
    """A foreign key to an organisation."""

    model: type[Model]
    field: ForeignKey[Any, Any]

    @property
    def label(self) -> Text:
        """What its rows are called; where a kind of row names organisations twice, in which part."""
        kind = self.model._meta.verbose_name_plural or ""
        is_alone = sum(link.model is self.model for link in links()) == 1
        return kind if is_alone else format_lazy("{kind} ({part})", kind=kind, part=self.field.verbose_name)

    @property
    def follows(self) -> bool:
        """Whether its rows follow a merged organisation; what is append-only stays where it is, as history does."""
        triggers = getattr(self.model._meta, "triggers", [])
        is_fixed = self.model._meta.db_table in STAYING or any(isinstance(item, AppendOnly) for item in triggers)
        return not is_fixed and self.model not in DERIVED

    def rows(self, *organisations: Organisation) -> QuerySet[Any]:
        """Return the rows of organisations."""
        return self.model._base_manager.filter(**{f"{self.field.name}__in": [one.pk for one in organisations]})

    def clashes(self, survivor: Organisation, going: Organisation) -> list[Clash]:
        """Return the rows that could not both hang on the survivor."""
        found: dict[Any, Clash] = {}
        for names, condition, nulls_distinct in self._unique():
            kept = {self._key(row, names, survivor, going): row for row in self.rows(survivor).filter(condition)}
            for row in self.rows(going).filter(condition):
                key = self._key(row, names, survivor, going)
                if key in kept and not (nulls_distinct and None in key):
                    found.setdefault(row.pk, Clash(kept[key], row))
        return list(found.values())

    def _unique(self) -> Iterator[tuple[tuple[str, ...], Q, bool]]:
        """Yield what may exist once: the other columns, for which rows, and whether NULLs differ."""
        if self.field.unique:
            yield (), Q(), True
        for fields in self.model._meta.unique_together:
            if self.field.name in fields:
                yield self._others(fields), Q(), True
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and self.field.name in constraint.fields:
                yield (
                    self._others(constraint.fields),
                    constraint.condition or Q(),
                    constraint.nulls_distinct is not False,
                )

    def _others(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name != self.field.name)

    def _key(self, row: Model, names: Iterable[str], survivor: Organisation, going: Organisation) -> tuple[Any, ...]:
        """Return the other columns, as they will be: they may name an organisation too."""
        fields = [row._meta.get_field(name) for name in names]
        values = [(field, getattr(row, field.attname)) for field in fields]  # type: ignore[union-attr]
        is_going = [field.related_model is Organisation and value == going.pk for field, value in values]
        return tuple(survivor.pk if goes else value for goes, (_field, value) in zip(is_going, values, strict=True))


def links() -> list[Link]:
    """Return every foreign key to an organisation, of whatever app."""
    relations = Organisation._meta.get_fields(include_hidden=True)
    found = [
        Link(relation.related_model, relation.field)  # type: ignore[union-attr, arg-type]
        for relation in relations
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    return sorted(found, key=lambda link: (link.model._meta.label, link.field.name))


def following() -> list[Link]:
    """Return the foreign keys whose rows follow a merged organisation to its survivor."""
    return [link for link in links() if link.follows]


class Attached(NamedTuple):
    """How many rows of a kind hang on each of two organisations."""

    label: Text
    first: int
    second: int


def attached(first: Organisation, second: Organisation) -> list[Attached]:
    """Return what hangs on two organisations, by kind; kinds of which neither has any are left out."""
    counted = [
        Attached(link.label, link.rows(first).count(), link.rows(second).count())
        for link in following()
        if link.model is not Organisation
    ]
    predecessors = Attached(_("organisations merged into it"), first.predecessors.count(), second.predecessors.count())
    documents = [Document.objects.about(one).count() for one in (first, second)]
    counted += [predecessors, Attached(Document._meta.verbose_name_plural or "", *documents)]
    return [row for row in counted if row.first or row.second]


def findings(survivor: Organisation, going: Organisation) -> list[Finding]:
    """Return what stands in the way of a merge, and what is to be known before; what stops it comes first."""
    found = [finding for check in _checks for finding in check(survivor, going)]
    told = [finding.about for finding in found]
    for link in following():
        found += [finding for finding in _refused(link, survivor, going) if finding.about not in told]
    return sorted(found, key=lambda finding: not finding.stops)


def _refused(link: Link, survivor: Organisation, going: Organisation) -> Iterator[Finding]:
    for kept, gone in link.clashes(survivor, going):
        fold = _folds.get(link.model)
        kind = link.model._meta.verbose_name or ""
        words = (
            fold.refuses(kept, gone)
            if fold
            else format_lazy(
                _("{kind}: both have one where only one may be: {kept} / {gone}."),
                kind=kind,
                kept=str(kept),
                gone=str(gone),
            )
        )
        if words:
            yield Finding(words, gone)


def fold(clash: Clash) -> None:
    """Make two rows one: the survivor's takes what is to be kept of the other."""
    names = _folds[type(clash.kept)].take(clash.kept, clash.gone)
    deadlines.close(clash.gone)
    clash.gone.delete()
    if names:
        clash.kept.save(update_fields=list(names))
