"""The lives of opportunities and inquiries: every status, step, actor, guard, effect and notice."""

from collections.abc import Iterator
from datetime import timedelta

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Organisation
from investors import effects, promises, snapshots
from investors.completeness import missing
from investors.effects import ENDED, keep_for_now, write
from investors.erasing import erase_thread
from investors.models import Announcement, Inquiry, MatchOrder, Opportunity, PublishedVersion
from investors.models.saved_searches import ANNOUNCEMENTS
from investors.notices.handling import (
    AnswerOverdue,
    AnswerOverdueHead,
    ConfirmationOverdue,
    ConfirmationOverdueHead,
    FollowUpDue,
    InquiryClosedWaiting,
    InquiryMerged,
    InquiryResumed,
    OfficerChanged,
    SenderAsked,
    SenderReminded,
    SenderWrittenTo,
)
from investors.notices.inquiries import (
    AnswerDueSoon,
    ConfirmationDueSoon,
    InquiryAcknowledged,
    InquiryAnswered,
    InquiryAssigned,
    InquiryClosed,
    InquiryReceived,
    InquiryReopened,
    InquiryReplied,
    InquiryWithdrawn,
)
from investors.notices.offers import InterestMatched, OfferGone
from investors.notices.opportunities import (
    OpportunityExpired,
    OpportunityExpiring,
    OpportunityPublished,
    OpportunityReturned,
    OpportunitySubmitted,
    ReviewDueSoon,
    ReviewOverdue,
)
from investors.rules import answers, edits_for_owner, hands_over, is_sender, moderates
from portal import deadlines, work
from portal.clock import end_of
from portal.lifecycle import SYSTEM, Change, Lifecycle, Step, StepClosed, Text, by_system
from portal.models import StepTaken
from portal.models.consents import ERASED

CONFIRMED_FOR = timedelta(days=180)
"""For how long a confirmation keeps it on the site."""

REVIEW_DAYS = 5
"""Within how many working days an opportunity is looked at; its owner sees the date."""

WARN_BEFORE = timedelta(days=14)
"""How long before its end the owner is asked."""

# --- Opportunities ---------------------------------------------------------------------


def complete(opportunity: Opportunity) -> Iterator[Text]:
    """Yield what is missing before the district can look at it."""
    for each in missing(opportunity):
        yield each.words


def publishable(opportunity: Opportunity) -> Iterator[Text]:
    """Yield what keeps staff from publishing it."""
    yield from complete(opportunity)
    if opportunity.owner.status != Organisation.Status.LISTED:
        yield _("The organisation is not listed in the directory.")


def has_ended(opportunity: Opportunity) -> Iterator[Text]:
    """Yield a reason until its last day is over."""
    if opportunity.expires_on and timezone.now() <= end_of(opportunity.expires_on):
        yield _("Its last day is not over.")


def review_is_late(opportunity: Opportunity) -> Iterator[Text]:
    """Yield a reason until the promised review is overdue."""
    promised = deadlines.open_deadline(opportunity, "escalate_review")
    if promised is None or timezone.now() <= promised.due_at:
        yield _("It is not due yet.")


def send_in(change: Change) -> None:
    """Keep when it was submitted, and promise a review."""
    change.set(submitted_at=timezone.now())
    start_review(change.obj)


def start_review(opportunity: Opportunity) -> None:
    """Set when the officers are reminded of the review and when the head hears."""
    for step, days in (("remind_review", REVIEW_DAYS - 1), ("escalate_review", REVIEW_DAYS)):
        deadlines.set_deadline(opportunity, step, working_days=days, while_status=SUBMITTED)


def show(change: Change) -> None:
    """Keep when it was published, and what; it leaves the site by itself, and those who wait for such are found."""
    assert change.by  # noqa: S101 -- a moderator publishes
    now = timezone.now()
    change.set(published_at=now)
    PublishedVersion.objects.create(
        opportunity=change.obj, content=snapshots.content_of(change.obj), by=change.by, at=now
    )
    MatchOrder.objects.create(opportunity=change.obj)
    work.wake("matches")
    Announcement.objects.create(opportunity=change.obj, published_at=now)
    work.wake(ANNOUNCEMENTS)
    _leave_by_itself(change.obj)


def prolong(change: Change) -> None:
    """Show it for longer from today."""
    change.set(expires_on=timezone.localdate() + CONFIRMED_FOR)
    _leave_by_itself(change.obj)


def _leave_by_itself(opportunity: Opportunity) -> None:
    assert opportunity.expires_on  # noqa: S101 -- the guard saw to it
    last = end_of(opportunity.expires_on)
    ends = {"remind": last - WARN_BEFORE, "expire": last}
    for step, due_at in ends.items():
        if step == "remind" and due_at <= timezone.now():
            continue
        deadlines.set_deadline_at(opportunity, step, due_at=due_at, while_status=Opportunity.Status.PUBLISHED)


DRAFT, SUBMITTED, PUBLISHED, RETURNED, WITHDRAWN, EXPIRED, MATCHED = Opportunity.Status

OPPORTUNITY = Lifecycle(
    Opportunity,
    {DRAFT},
    Step("submit", {DRAFT, RETURNED}, SUBMITTED, may=edits_for_owner, label=_("Submit for review"),
         guard=complete, do=send_in, tell=(OpportunitySubmitted,)),
    Step("publish", {SUBMITTED}, PUBLISHED, may=moderates, label=_("Publish"),
         guard=publishable, do=show, tell=(OpportunityPublished,)),
    Step("return", {SUBMITTED}, RETURNED, may=moderates, label=pgettext_lazy("opportunity", "Return for changes"),
         needs_reason=True, tell=(OpportunityReturned,)),
    Step("remind_review", {SUBMITTED}, None, may=by_system, label=_("Remind of the review"), tell=(ReviewDueSoon,)),
    Step("escalate_review", {SUBMITTED}, None, may=by_system, label=_("Escalate the missing review"),
         guard=review_is_late, tell=(ReviewOverdue,)),
    Step("take_down", {PUBLISHED}, RETURNED, may=moderates, label=_("Take off the site"),
         needs_reason=True, tell=(OpportunityReturned, OfferGone)),
    Step("confirm", {PUBLISHED}, None, may=edits_for_owner, label=_("Still current: show it for 180 days more"),
         do=prolong),
    Step("match", {PUBLISHED}, MATCHED, may=edits_for_owner, label=_("Mark as matched"),
         tell=(InterestMatched,)),
    Step("revise", {PUBLISHED, EXPIRED, WITHDRAWN}, DRAFT, may=edits_for_owner, label=_("Take back and revise"),
         tell=(OfferGone,)),
    Step("withdraw", {DRAFT, SUBMITTED, RETURNED, PUBLISHED}, WITHDRAWN, may=edits_for_owner, label=_("Withdraw"),
         tell=(OfferGone,)),
    Step("remind", {PUBLISHED}, None, may=by_system, label=_("Ask whether it still stands"),
         tell=(OpportunityExpiring,)),
    Step("expire", {PUBLISHED}, EXPIRED, may=by_system, label=_("Expire"),
         guard=has_ended, tell=(OpportunityExpired,)),
)  # fmt: skip

pgtrigger.register(OPPORTUNITY.trigger())(Opportunity)

# --- Inquiries -------------------------------------------------------------------------


def not_received_before(inquiry: Inquiry) -> Iterator[Text]:
    """Yield a reason when the receipt was given."""
    if StepTaken.objects.about(inquiry).filter(step="receive").exists():
        yield _("It was received already.")


def confirmation_is_late(inquiry: Inquiry) -> Iterator[Text]:
    """Yield a reason until the promised confirmation is overdue."""
    if timezone.now() <= inquiry.acknowledge_due:
        yield _("It is not due yet.")


def answer_is_late(inquiry: Inquiry) -> Iterator[Text]:
    """Yield a reason until the promised answer is overdue."""
    if timezone.now() <= inquiry.answer_due:
        yield _("It is not due yet.")


def not_rated(inquiry: Inquiry) -> Iterator[Text]:
    """Yield a reason when it was rated."""
    if inquiry.rating is not None:
        yield _("You have rated it already.")


def not_erased(inquiry: Inquiry) -> Iterator[Text]:
    """Yield a reason when its texts were erased."""
    if inquiry.erased_at:
        yield _("Its texts were erased.")


def rateable(inquiry: Inquiry) -> Iterator[Text]:
    """Yield what keeps the sender from rating the answer."""
    if inquiry.answered_at is None:
        yield _("It was not answered.")
    yield from not_rated(inquiry)
    yield from not_erased(inquiry)


def start_clocks(change: Change) -> None:
    """Set the reminders and escalations of both promises."""
    promises.set_clocks(change.obj, acknowledge=True, while_status=RECEIVED)


def acknowledge(change: Change) -> None:
    """Keep when; the answer's clock goes on."""
    change.set(acknowledged_at=timezone.now())
    deadlines.carry_over(change.obj, *promises.ANSWER_STEPS, while_status=ACKNOWLEDGED)


def reopen(change: Change) -> None:
    """Add the message and promise an answer anew, in the same number of working days."""
    write(change)
    due = promises.answer_due(timezone.now(), promises.promised(change.obj.topic))
    change.set(answer_due=due.at, due_estimated=due.estimated)
    promises.set_clocks(change.obj, acknowledge=False, while_status=ACKNOWLEDGED)


def rate(change: Change) -> None:
    """Keep the sender's rating."""
    rating = change.data["rating"]
    if rating not in range(1, 6):
        raise StepClosed(_("Choose a rating from 1 to 5."))
    change.set(rating=rating)
    keep_for_now(change)


def forget(change: Change) -> None:
    """Erase what it says, and what was merged into it; that it was asked, when and how fast it was answered stays."""
    erase_thread(change.obj)
    for step in ("forget", "follow_up"):
        deadlines.close(change.obj, step=step)
    for merged in change.obj.merged.filter(erased_at=None).order_by("pk"):
        INQUIRY.apply(merged, "forget", by=SYSTEM)
    change.set(subject=ERASED, text=ERASED, rating_comment="", firm="", erased_at=timezone.now())


RECEIVED, ACKNOWLEDGED, WAITING, ANSWERED, CLOSED, GIVEN_UP, MERGED = Inquiry.Status
OPEN: set[str] = {RECEIVED, ACKNOWLEDGED}
UNANSWERED: set[str] = {*OPEN, WAITING}

INQUIRY = Lifecycle(
    Inquiry,
    {RECEIVED},
    Step("receive", {RECEIVED}, None, may=is_sender, label=pgettext_lazy("inquiry", "Send"),
         guard=not_received_before, do=start_clocks, tell=(InquiryReceived, InquiryAssigned)),
    Step("acknowledge", {RECEIVED}, ACKNOWLEDGED, may=answers, label=_("Confirm receipt"),
         do=acknowledge, tell=(InquiryAcknowledged,)),
    Step("answer", UNANSWERED, ANSWERED, may=answers, label=_("Answer"), do=effects.answer, tell=(InquiryAnswered,)),
    Step("ask_back", OPEN, WAITING, may=answers, label=_("Ask the sender something"),
         do=effects.ask_back, tell=(SenderAsked,)),
    Step("reply", OPEN, None, may=is_sender, label=_("Add a message"), do=write, tell=(InquiryReplied,)),
    Step("resume", {WAITING}, ACKNOWLEDGED, may=is_sender, label=_("Reply"),
         do=effects.resume, tell=(InquiryResumed,)),
    Step("reopen", {ANSWERED, CLOSED}, ACKNOWLEDGED, may=is_sender, label=_("Reply"),
         guard=not_erased, do=reopen, tell=(InquiryReopened,)),
    Step("rate", {ANSWERED, CLOSED}, None, may=is_sender, label=_("Rate the answer"), guard=rateable, do=rate),
    Step("close", {ANSWERED}, CLOSED, may=lambda user, inquiry: is_sender(user, inquiry) or answers(user, inquiry),
         label=_("Close the inquiry"), do=effects.close, tell=(InquiryClosed,)),
    Step("withdraw", UNANSWERED, GIVEN_UP, may=is_sender, label=_("Withdraw the inquiry"),
         do=effects.end_unanswered, tell=(InquiryWithdrawn,)),
    Step("hand_over", UNANSWERED, None, may=hands_over, label=_("Hand over"),
         do=effects.hand_over, tell=(InquiryAssigned, OfficerChanged)),
    Step("reroute", UNANSWERED, None, may=by_system, label=_("Give to another officer"),
         do=effects.give_to, tell=(InquiryAssigned, OfficerChanged)),
    Step("merge", UNANSWERED, MERGED, may=answers, label=_("Merge into an earlier inquiry"),
         do=effects.merge, tell=(InquiryMerged,)),
    Step("note", {*UNANSWERED, ANSWERED, CLOSED}, None, may=answers, label=_("Add an internal note"),
         guard=not_erased, do=write),
    Step("write_again", {ANSWERED, CLOSED}, None, may=answers, label=_("Write to the sender again"),
         guard=not_erased, do=write, tell=(SenderWrittenTo,)),
    Step("plan_follow_up", {ANSWERED, CLOSED}, None, may=answers, label=_("Set when you are reminded to follow up"),
         guard=not_erased, do=effects.plan_follow_up),
    Step("follow_up", {ANSWERED, CLOSED}, None, may=by_system, label=_("Remind of the follow-up"),
         guard=not_erased, tell=(FollowUpDue,)),
    Step("remind_acknowledge", {RECEIVED}, None, may=by_system, label=_("Remind of the confirmation"),
         tell=(ConfirmationDueSoon,)),
    Step("escalate_acknowledge", {RECEIVED}, None, may=by_system,
         label=_("Escalate the missing confirmation to the deputy"),
         guard=confirmation_is_late, tell=(ConfirmationOverdue,)),
    Step("escalate_acknowledge_head", {RECEIVED}, None, may=by_system,
         label=_("Escalate the missing confirmation to the head"),
         guard=confirmation_is_late, tell=(ConfirmationOverdueHead,)),
    Step("remind_answer", OPEN, None, may=by_system, label=_("Remind of the answer"), tell=(AnswerDueSoon,)),
    Step("escalate_answer", OPEN, None, may=by_system, label=_("Escalate the missing answer to the deputy"),
         guard=answer_is_late, tell=(AnswerOverdue,)),
    Step("escalate_answer_head", OPEN, None, may=by_system, label=_("Escalate the missing answer to the head"),
         guard=answer_is_late, tell=(AnswerOverdueHead,)),
    Step("remind_sender", {WAITING}, None, may=by_system, label=_("Remind the sender"), tell=(SenderReminded,)),
    Step("close_unanswered", {WAITING}, CLOSED, may=by_system, label=_("Close: the sender did not reply"),
         do=effects.end_unanswered, tell=(InquiryClosedWaiting,)),
    Step("forget", ENDED, None, may=lambda user, inquiry: by_system(user, inquiry) or is_sender(user, inquiry),
         label=_("Erase its texts"), guard=not_erased, do=forget),
)  # fmt: skip

pgtrigger.register(INQUIRY.trigger())(Inquiry)
