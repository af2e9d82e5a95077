"""The life of a flag: open, in somebody's hands, resolved."""

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from incentives import rules
from incentives.models import Flag
from portal.lifecycle import Change, Lifecycle, Step, StepClosed
from portal.models import User

S = Flag.Status
_LONGEST = 2000


def resolve(change: Change) -> None:
    """Keep who resolved it and how; it was theirs if it was nobody's."""
    owner = change.obj.owner or change.by
    values = {"owner": owner, "resolution": change.reason[:_LONGEST], "resolved_by": change.by}
    change.set(**values, resolved_at=timezone.now())


def give(change: Change) -> None:
    """Put it into somebody's hands."""
    owner = change.data.get("owner")
    if not isinstance(owner, User) or not rules.may_settle(owner, change.obj.application):
        raise StepClosed(_("Choose somebody who may resolve it."))
    change.set(owner=owner)


# fmt: off -- a row a step, so that the table stays on one screen
FLAG = Lifecycle(
    Flag,
    {S.OPEN},
    Step("give", {S.OPEN}, None, may=rules.settles, label=_("Give to"), do=give),
    Step("resolve", {S.OPEN}, S.RESOLVED, may=rules.settles, label=_("Resolve"), do=resolve, needs_reason=True),
)
# fmt: on
pgtrigger.register(FLAG.trigger())(Flag)
