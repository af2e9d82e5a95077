"""One step of several inquiries, each in a transaction of its own."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from portal.lifecycle import StepClosed, Text
from portal.models import User

STEPS = ("acknowledge", "hand_over", "close")
"""Steps that may be taken of several at once."""

MOST = 50
"""No more inquiries in one go: a page of the queue holds fewer."""


class Outcome(NamedTuple):
    """What became of one of them: done, or why not."""

    inquiry: Inquiry
    reasons: tuple[Text, ...]


def chosen(user: User, pks: Iterable[int]) -> list[Inquiry]:
    """Return those of the inquiries that the person may see."""
    found = Inquiry.objects.visible_to(user).filter(pk__in=list(pks)[:MOST])
    return list(found.select_related("sender", "officer").order_by("pk"))


def reasons_against(*, by: User, inquiry: Inquiry, step: str) -> tuple[Text, ...]:
    """Return why a step of an inquiry cannot be taken now; nothing where it can."""
    row = INQUIRY.steps[step]
    if inquiry.status not in row.sources:
        return (inquiry.get_status_display(),)
    return row.reasons(inquiry) if row.may(by, inquiry) else (row.label,)


def take_steps(*, by: User, inquiries: Iterable[Inquiry], step: str, data: dict[str, Any]) -> list[Outcome]:
    """Take a step of several inquiries; what cannot be done of one keeps none of the others back.

    Args:
        by: who takes it.
        inquiries: at most ``MOST``.
        step: one of ``STEPS``.
        data: what its effect needs, for all of them.
    """
    found = []
    for inquiry in inquiries:
        reasons: tuple[Text, ...] = ()
        try:
            INQUIRY.apply(inquiry, step, by=by, **data)
        except StepClosed as closed:
            reasons = closed.reasons
        found.append(Outcome(inquiry, reasons))
    return found
