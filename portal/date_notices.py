"""What people are told when the holidays move a date of theirs: one message a person and thing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils import translation
from django.utils.translation import pgettext_lazy

from portal import local_form
from portal.models import RecountItem, User
from portal.notices import Message
from portal.recounting import Dates, Text


@dataclass(frozen=True)
class Moved:
    """What happened to one thing.

    Args:
        item: the row that was worked on.
        obj: the thing.
        dates: what its app says of its deadlines.
        moves: the dates that people were told, each with the moment before and after.
    """

    item: RecountItem
    obj: Any
    dates: Dates
    moves: list[tuple[Text, datetime, datetime]]


_FROM_TO = pgettext_lazy("a date moved", "%(what)s: %(was)s → %(now)s")


def _lines(change: Moved) -> dict[str, str]:
    """Write the dates in both languages."""
    found = {}
    for side, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            lines = [
                str(_FROM_TO) % {"what": label, "was": local_form.day(was), "now": local_form.day(now)}
                for label, was, now in change.moves
            ]
        found[side] = "\n".join(dict.fromkeys(lines))
    return found


class DatesMoved(Message):
    """To the people outside: a date that they were told moved."""

    kind: ClassVar[str] = "portal.dates_moved"

    def recipients(self, change: Moved) -> Iterable[User]:
        """Tell those whom the app names."""
        return change.dates.told(change.obj)

    def context(self, change: Moved) -> Mapping[str, Any]:
        """Say what the thing is called, and each date before and after."""
        return {"title": dict(change.dates.title(change.obj)), "lines": _lines(change)}

    def page(self, change: Moved) -> tuple[str, dict[str, Any]] | None:
        """Lead to the thing."""
        return change.dates.page(change.obj) if change.dates.page else None

    def event(self, change: Moved) -> str:
        """Once for each count, thing and date that it comes to."""
        _label, _was, now = change.moves[0]
        return f"{self.kind}:{change.item.pk}:{now:%Y%m%d}"


class DatesMovedForStaff(DatesMoved):
    """To the staff who work on it: the same, leading to the workplace."""

    kind: ClassVar[str] = "portal.dates_moved_for_staff"

    def recipients(self, change: Moved) -> Iterable[User]:
        """Tell the staff whom the app names."""
        return change.dates.staff(change.obj)

    def page(self, change: Moved) -> tuple[str, dict[str, Any]] | None:
        """Lead to its page in the workplace."""
        opts = change.obj._meta
        return f"admin:{opts.app_label}_{opts.model_name}_change", {"object_id": change.obj.pk}
