"""One table holds a thing's life: each step with its actor, guard, effect and notices."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import deadlines
from portal.models import StepTaken, User
from portal.notices import Message

type Text = str | Promise
type May = Callable[[User | None, Any], bool]
type Guard = Callable[[Any], Iterable[Text]]

SYSTEM = None  # who acts when no person does


class StepClosed(Exception):  # noqa: N818 -- reads as the sentence it is
    """A step that cannot be taken now; ``reasons`` say why, in the reader's language."""

    def __init__(self, *reasons: Text) -> None:
        self.reasons = reasons
        super().__init__("; ".join(str(reason) for reason in reasons))


class NotAllowed(StepClosed):
    """A step that this person may not take."""


def by_system(user: User | None, obj: Any) -> bool:
    """Only the system takes this step: a deadline's sweep, or another step's effect."""
    return user is SYSTEM


@dataclass
class Change:
    """One step being taken: what the effect works on and what the notices speak of."""

    obj: Any
    step: "Step"
    by: User | None
    source: str
    target: str
    reason: str
    data: Mapping[str, Any]
    fields: set[str] = field(default_factory=set)
    taken: StepTaken | None = None

    def set(self, **values: Any) -> None:
        """Set fields of the object; they are saved with its status."""
        for name, value in values.items():
            setattr(self.obj, name, value)
            self.fields.add(name)


@dataclass(frozen=True)
class Step:
    """One row of the table.

    Args:
        name: the step's word, used in code, history, deadlines and URLs.
        sources: statuses it leaves from.
        target: status it arrives at; None keeps the status (a reminder).
        may: predicate over user and object; ``by_system`` for the system's own steps.
        label: the button's words.
        guard: yields the reasons that close the step now; none means open.
        do: effect, run in the step's transaction; raises ``StepClosed`` to refuse.
        after: run in the step's transaction once its row is written: what names that row.
        tell: the messages that the step causes.
        needs_reason: whether a written reason must be given.
    """

    name: str
    sources: frozenset[str] | set[str]
    target: str | None
    may: May
    label: Text
    guard: Guard | None = None
    do: Callable[[Change], None] | None = None
    after: Callable[[Change], None] | None = None
    tell: tuple[type[Message], ...] = ()
    needs_reason: bool = False

    def reasons(self, obj: Any) -> tuple[Text, ...]:
        """Return why the step is closed for the object now."""
        return tuple(self.guard(obj)) if self.guard else ()


@dataclass(frozen=True)
class Door:
    """A step as a page shows it: open, or closed with the reasons."""

    step: Step
    reasons: tuple[Text, ...]

    @property
    def is_open(self) -> bool:
        """Whether the step can be taken now."""
        return not self.reasons


class Lifecycle:
    """The steps of one model's ``status``; the only thing that changes it.

    Args:
        model: the model; it has a ``status`` with ``TextChoices``.
        initial: statuses a new row may have.
        steps: the table.
    """

    def __init__(self, model: type[models.Model], initial: set[str], *steps: Step) -> None:
        self.model = model
        self.initial = initial
        self.steps = {step.name: step for step in steps}
        if len(self.steps) != len(steps):
            message = f"two steps of {model.__name__} have one name"
            raise ValueError(message)
        _lifecycles[model] = self

    def allowed(self, user: User | None, obj: Any) -> list[Door]:
        """Return the steps that this person may take from the object's status, open or closed."""
        return [
            Door(step, step.reasons(obj))
            for step in self.steps.values()
            if obj.status in step.sources and step.may(user, obj)
        ]

    def can(self, user: User | None, name: str, obj: Any) -> bool:
        """Return whether this person may take the step now."""
        return any(door.is_open and door.step.name == name for door in self.allowed(user, obj))

    def apply(self, obj: Any, name: str, *, by: User | None, reason: str = "", **data: Any) -> Change:
        """Take a step: check, run its effect, write status, history and notices, all or nothing.

        Args:
            obj: the object; its row is locked and read anew.
            name: the step.
            by: who takes it; ``SYSTEM`` for the system.
            reason: the written reason, required where the step needs one.
            data: what the effect needs (an amount, a deadline); kept in the step's row when JSON.

        Returns:
            The change, with the locked object as saved.

        Raises:
            NotAllowed: this person may not take the step.
            StepClosed: the status or a guard closes it.
        """
        with transaction.atomic():
            locked: Any = self.model._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
            change = self.take(locked, name, by=by, reason=reason, **data)
        obj.status = locked.status
        return change

    def take(self, locked: Any, name: str, *, by: User | None, reason: str = "", **data: Any) -> Change:
        """Take a step, as ``apply`` does, of an object whose row the transaction under way has read and locked.

        Who catches its errors rolls that transaction back. A step that leaves the status and sets no field writes no
        row: what PostgreSQL derives from the row at each write stays as it is, unless ``do`` sets something.
        """
        step = self.steps[name]
        change = Change(locked, step, by, locked.status, step.target or locked.status, reason.strip(), data)
        self._check(change)
        if step.do:
            step.do(change)
        locked.status = change.target
        if change.fields or change.source != change.target:
            locked.save(update_fields=["status", *change.fields])
        change.taken = _write(change)
        if change.source != change.target:
            deadlines.close(locked, while_status=change.source)
        if step.after:
            step.after(change)
        for message in step.tell:
            message().tell(change)
        return change

    def _check(self, change: Change) -> None:
        step = change.step
        if not step.may(change.by, change.obj):
            raise NotAllowed(_("You may not take this step."))
        if change.source not in step.sources:
            label = change.obj.get_status_display()
            raise StepClosed(_("Someone was quicker: the status is now “%(status)s”.") % {"status": label})
        reasons = list(step.reasons(change.obj))
        if step.needs_reason and not change.reason:
            reasons.append(_("Give the reasons."))
        if reasons:
            raise StepClosed(*reasons)

    def trigger(self) -> pgtrigger.Trigger:
        """Return the database trigger that refuses every other change of status."""
        moves = sorted({(s, step.target) for step in self.steps.values() if step.target for s in step.sources})
        pairs = ", ".join(f"('{source}', '{target}')" for source, target in moves)
        initial = ", ".join(f"'{status}'" for status in sorted(self.initial))
        return pgtrigger.Trigger(
            name="lifecycle",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
            func=f"""
                IF TG_OP = 'INSERT' AND NEW.status NOT IN ({initial}) THEN
                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.status USING ERRCODE = 'check_violation';
                END IF;
                IF TG_OP = 'UPDATE' AND NEW.status <> OLD.status
                   AND (OLD.status, NEW.status) NOT IN ({pairs}) THEN
                    RAISE EXCEPTION '% has no step from % to %', TG_TABLE_NAME, OLD.status, NEW.status
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            """,
        )

    def diagram(self) -> str:
        """Return the table as a Mermaid state diagram for the documentation."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {status}" for status in sorted(self.initial))]
        for step in self.steps.values():
            lines += [f"    {source} --> {step.target or source}: {step.name}" for source in sorted(step.sources)]
        return "\n".join(lines)


_lifecycles: dict[type[models.Model], Lifecycle] = {}


def lifecycle_of(obj: models.Model) -> Lifecycle:
    """Return the lifecycle of an object's model.

    Raises:
        KeyError: the model has none.
    """
    return _lifecycles[type(obj)]


def all_lifecycles() -> list[Lifecycle]:
    """Return every lifecycle of the portal, by the name of its model."""
    return sorted(_lifecycles.values(), key=lambda table: table.model._meta.label)


def _write(change: Change) -> StepTaken:
    plain = (str, int, float, bool, type(None))
    return StepTaken.objects.create(
        subject_type=ContentType.objects.get_for_model(change.obj),
        subject_id=change.obj.pk,
        step=change.step.name,
        source=change.source,
        target=change.target,
        by=change.by,
        reason=change.reason,
        data={key: value if isinstance(value, plain) else str(value) for key, value in change.data.items()},
        at=timezone.now(),
    )
