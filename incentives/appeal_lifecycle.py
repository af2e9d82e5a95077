"""The life of an appeal: received, then rejected with reasons, or upheld by reopening the application."""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from incentives import appeal_notices, letters, rules
from incentives.models import Appeal, Letter
from portal.lifecycle import Lifecycle, Step, by_system

A = Appeal.Status
APPEAL = Lifecycle(
    Appeal,
    {A.RECEIVED},
    Step("receive", {A.RECEIVED}, None, may=rules.appealed, label=_("Appeal"),
         tell=(appeal_notices.AppealNoted, appeal_notices.ToHearAppeal)),
    Step("reject", {A.RECEIVED}, A.REJECTED, may=rules.hears_appeals, label=_("Reject the appeal"),
         after=letters.issue(Letter.Kind.APPEAL), tell=(appeal_notices.AppealRejected,), needs_reason=True),
    Step("uphold", {A.RECEIVED}, A.UPHELD, may=by_system, label=_("Uphold")),
    Step("remind", {A.RECEIVED}, None, may=by_system, label=_("Remind"), tell=(appeal_notices.AppealOverdue,)),
    Step("escalate", {A.RECEIVED}, None, may=by_system, label=_("Report to the head"),
         tell=(appeal_notices.AppealEscalated,)),
)  # fmt: skip
pgtrigger.register(APPEAL.trigger())(Appeal)
