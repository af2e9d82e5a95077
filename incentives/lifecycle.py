"""The lives of applications, objections and publications: every step, actor, guard, effect and notice."""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from incentives import (
    conditions,
    effects,
    lapsing,
    letters,
    notices,
    objection_notices,
    programme_notices,
    publishing,
    review_notices,
    rules,
)
from incentives.appeal_lifecycle import APPEAL
from incentives.models import Appeal, Application, Letter, Objection, Publication
from portal.lifecycle import SYSTEM, Change, Lifecycle, Step, by_system

S = Application.Status
IN_WORK: set[str] = {S.SUBMITTED, S.UNDER_REVIEW, S.RECOMMENDED, S.FIRST_APPROVED}


def end(change: Change) -> None:
    """End the application, and with it the objections to its public notice, which then have nothing to stop."""
    effects.end(change)
    _end_objections(change)


def decline(change: Change) -> None:
    """Decline the application, which ends the objections to its public notice as well."""
    effects.decline(change)
    _end_objections(change)


def _end_objections(change: Change) -> None:
    for objection in change.obj.objections.waiting():
        OBJECTION.apply(objection, "end", by=SYSTEM, application=change.target)


def uphold(change: Change) -> None:
    """Uphold the open objections, give back the money, begin the review again."""
    approval = conditions.current_approval(change.obj)
    for objection in change.obj.objections.filter(approval=approval, status=Objection.Status.OPEN):
        OBJECTION.apply(objection, "uphold", by=SYSTEM, reason=change.reason)
    effects.end(change)
    effects.reopen(change)


def reopen(change: Change) -> None:
    """Uphold the appeal, where there is one here, and begin the review again."""
    for appeal in Appeal.objects.filter(application=change.obj):
        APPEAL.apply(appeal, "uphold", by=SYSTEM, reason=change.reason)
    effects.reopen(change)


# fmt: off -- a row a step, so that the table stays on one screen
APPLICATION = Lifecycle(
    Application,
    {S.DRAFT},
    Step(
        "submit",
        {S.DRAFT, S.RETURNED},
        S.SUBMITTED,
        may=rules.signs,
        label=_("Submit"),
        guard=conditions.ready_to_submit,
        do=effects.submit,
        after=letters.issue(Letter.Kind.RECEIPT),
        tell=(notices.Received, notices.ToScreen),
    ),
    Step(
        "return",
        {S.SUBMITTED},
        S.RETURNED,
        may=rules.screens,
        label=_("Return for changes"),
        do=effects.give_back,
        after=letters.issue(Letter.Kind.RETURN),
        tell=(notices.Returned,),
    ),
    Step(
        "accept",
        {S.SUBMITTED},
        S.UNDER_REVIEW,
        may=rules.screens,
        label=_("Accept for review"),
        do=effects.accept,
        tell=(notices.InReview, notices.ToReview),
    ),
    Step(
        "recommend",
        {S.UNDER_REVIEW},
        S.RECOMMENDED,
        may=rules.recommends,
        label=_("Recommend"),
        guard=conditions.reviews_enough,
        do=effects.recommend,
        tell=(notices.ToApprove,),
        needs_reason=True,
    ),
    Step(
        "send_back",
        {S.RECOMMENDED, S.FIRST_APPROVED},
        S.UNDER_REVIEW,
        may=rules.sends_back,
        label=_("Send back"),
        do=effects.send_back,
        tell=(notices.ToManage,),
        needs_reason=True,
    ),
    Step(
        "first_approve",
        {S.RECOMMENDED},
        S.FIRST_APPROVED,
        may=rules.approves,
        label=_("Give the first approval"),
        guard=conditions.needs_first_approval,
        do=effects.first_approve,
        tell=(notices.ToApprove,),
    ),
    Step(
        "approve",
        {S.RECOMMENDED, S.FIRST_APPROVED},
        S.PUBLIC_NOTICE,
        may=rules.approves,
        label=_("Approve"),
        guard=conditions.ready_to_approve,
        do=effects.approve,
        after=letters.issue(Letter.Kind.DECISION),
        tell=(notices.NoticeBegins,),
    ),
    Step(
        "uphold_objection",
        {S.PUBLIC_NOTICE},
        S.UNDER_REVIEW,
        may=rules.hears_objections,
        label=_("Uphold the objection"),
        guard=conditions.has_open_objection,
        do=uphold,
        after=letters.issue(Letter.Kind.OBJECTION),
        tell=(notices.ObjectionUpheld, notices.ToManage),
        needs_reason=True,
    ),
    Step(
        "confirm",
        {S.PUBLIC_NOTICE},
        S.OFFERED,
        may=by_system,
        label=_("Make the offer"),
        guard=conditions.notice_ended,
        do=effects.confirm,
        after=letters.issue(Letter.Kind.OFFER),
        tell=(notices.Offered,),
    ),
    Step(
        "accept_offer",
        {S.OFFERED},
        S.ACTIVE,
        may=rules.signs,
        label=_("Accept the offer"),
        guard=conditions.offer_open,
        do=effects.accept_offer,
        after=letters.issue(Letter.Kind.AWARD),
        tell=(notices.Awarded, notices.ToPay),
    ),
    Step(
        "decline",
        {S.SUBMITTED, S.UNDER_REVIEW, S.RECOMMENDED, S.FIRST_APPROVED, S.PUBLIC_NOTICE},
        S.DECLINED,
        may=rules.declines,
        label=_("Decline"),
        do=decline,
        after=letters.issue(Letter.Kind.DECLINE),
        tell=(notices.Declined,),
        needs_reason=True,
    ),
    Step(
        "reopen",
        {S.DECLINED},
        S.UNDER_REVIEW,
        may=rules.reopens,
        label=_("Reopen after appeal"),
        guard=conditions.may_be_reopened,
        do=reopen,
        after=letters.issue(Letter.Kind.APPEAL),
        tell=(notices.Reopened, notices.ToReview, notices.ToManage),
        needs_reason=True,
    ),
    Step(
        "withdraw",
        {S.DRAFT, S.RETURNED, *IN_WORK, S.PUBLIC_NOTICE, S.OFFERED},
        S.WITHDRAWN,
        may=rules.signs,
        label=_("Withdraw"),
        do=end,
        after=letters.issue(Letter.Kind.WITHDRAWAL),
        tell=(notices.Withdrawn,),
    ),
    Step(
        "lapse",
        {S.DRAFT, S.RETURNED, S.OFFERED},
        S.LAPSED,
        may=by_system,
        label=_("Let it lapse"),
        guard=conditions.time_is_up,
        do=effects.end,
        tell=(notices.Lapsed,),
    ),
    Step(
        Application.REMINDER,
        set(lapsing.REMINDED_BEFORE),
        None,
        may=by_system,
        label=_("Remind the applicant"),
        guard=conditions.time_is_left,
        tell=(notices.LapsesSoon,),
    ),
    Step("remind", IN_WORK, None, may=rules.reminds, label=_("Remind"), tell=(notices.Overdue,)),
    Step("escalate", IN_WORK, None, may=by_system, label=_("Report to the head"), tell=(review_notices.Escalated,)),
    Step(Application.APPEAL_PERIOD, {S.DECLINED}, None, may=by_system, label=_("End the appeal period")),
)
# fmt: on
pgtrigger.register(APPLICATION.trigger())(Application)

OBJECTION = Lifecycle(
    Objection,
    {Objection.Status.OPEN},
    Step(
        "dismiss",
        {Objection.Status.OPEN},
        Objection.Status.DISMISSED,
        may=rules.dismisses,
        label=_("Dismiss"),
        tell=(objection_notices.ObjectionDecided,),
        needs_reason=True,
    ),
    Step(
        "uphold",
        {Objection.Status.OPEN},
        Objection.Status.UPHELD,
        may=by_system,
        label=_("Uphold"),
        tell=(objection_notices.ObjectionDecided,),
    ),
    Step(
        "end",
        {Objection.Status.OPEN},
        Objection.Status.DISMISSED,
        may=by_system,
        label=_("End with the application"),
        tell=(objection_notices.ObjectionEnded,),
    ),
    Step(
        "remind",
        {Objection.Status.OPEN},
        None,
        may=by_system,
        label=_("Remind"),
        tell=(objection_notices.ObjectionOverdue,),
    ),
    Step(
        "escalate",
        {Objection.Status.OPEN},
        None,
        may=by_system,
        label=_("Report to the head"),
        tell=(objection_notices.ObjectionEscalated,),
    ),
)
pgtrigger.register(OBJECTION.trigger())(Objection)

P = Publication.Status
PUBLICATION = Lifecycle(
    Publication,
    {P.PROPOSED},
    Step("propose", {P.PROPOSED}, None, may=rules.proposed, label=_("Propose for publication"),
         tell=(programme_notices.ToPublish,)),
    Step("publish", {P.PROPOSED}, P.PUBLISHED, may=rules.publishes, label=_("Publish"),
         guard=publishing.still_stands, do=publishing.publish, tell=(programme_notices.ProgrammePublished,)),
    Step("refuse", {P.PROPOSED}, P.REFUSED, may=rules.publishes, label=_("Refuse the publication"),
         do=publishing.decide, tell=(programme_notices.PublicationRefused,), needs_reason=True),
    Step("withdraw", {P.PROPOSED}, P.WITHDRAWN, may=rules.proposed, label=_("Withdraw the proposal"),
         do=publishing.decide),
)  # fmt: skip
pgtrigger.register(PUBLICATION.trigger())(Publication)
