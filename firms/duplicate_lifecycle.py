"""The life of a possible duplicate: each step, actor, guard and effect."""

from collections.abc import Iterator

import pgtrigger
from django.utils.translation import gettext_lazy as _

from firms import rules
from firms.lifecycle import record_decision
from firms.models import Duplicate
from portal.lifecycle import Change, Lifecycle, Step, Text, by_system

OPEN, SETTLED, DISMISSED, GONE = Duplicate.Status


def one_is_the_others(duplicate: Duplicate) -> Iterator[Text]:
    """Close the step until one of the two was merged into the other."""
    first, second = duplicate.first, duplicate.second
    if second.pk != first.merged_into_id and first.pk != second.merged_into_id:
        yield _("Compare the two organisations and choose the one that stays.")


def both_live(duplicate: Duplicate) -> Iterator[Text]:
    """Close the step once one of the two was merged."""
    if duplicate.first.is_merged or duplicate.second.is_merged:
        yield _("One of the two was merged into another organisation.")


def take_decision_back(change: Change) -> None:
    """Forget the decision; history and the steps taken keep it."""
    change.set(decided_at=None, decided_by=None, reason="")


DUPLICATE = Lifecycle(
    Duplicate,
    {OPEN},
    Step("merge", {OPEN}, SETTLED, may=rules.settles_duplicate, label=_("Merge the two"), guard=one_is_the_others,
         do=record_decision, needs_reason=True),
    Step("dismiss", {OPEN}, DISMISSED, may=rules.settles_duplicate, label=_("Not duplicates"), guard=both_live,
         do=record_decision, needs_reason=True),
    Step("reopen", {DISMISSED, GONE}, OPEN, may=rules.settles_duplicate, label=_("Look again"), guard=both_live,
         do=take_decision_back),
    Step("find", {GONE}, OPEN, may=by_system, label=_("Found again"), guard=both_live),
    Step("lapse", {OPEN}, GONE, may=by_system, label=_("No longer alike")),
)  # fmt: skip
pgtrigger.register(DUPLICATE.trigger())(Duplicate)
