"""What is promised of inquiries and of opportunities that wait for publication, for the service standard."""

from django.utils.translation import gettext_lazy as _

from investors import promises
from investors.lifecycle import REVIEW_DAYS
from investors.models import Commitment, Inquiry, Opportunity
from portal.standards import Course, Promise

_RECEIVED, _ACKNOWLEDGED = Inquiry.Status.RECEIVED, Inquiry.Status.ACKNOWLEDGED
ANSWERED = "inquiry_answered"
"""The promise that senders read the usual time of."""

_TOPICS = {topic.value: topic.label for topic in Inquiry.Topic}

PROMISES = (
    Promise(
        key="inquiry_acknowledged",
        name=_("Inquiry: receipt confirmed by a named officer"),
        starts=_("The inquiry is received."),
        stops=_("An officer confirms the receipt, or answers."),
        course=Course(
            model=Inquiry,
            running=(_RECEIVED,),
            starts=("receive",),
            voids=("withdraw", "merge"),
            deadline="escalate_acknowledge",
            part="topic",
        ),
        days=promises.acknowledge_days,
        page="investors:new_inquiry",
        parts=_TOPICS,
        order=10,
    ),
    Promise(
        key=ANSWERED,
        name=_("Inquiry: answered"),
        starts=_("The inquiry is received, or opened again by a reply to the answer."),
        stops=_("An officer answers."),
        course=Course(
            model=Inquiry,
            running=(_RECEIVED, _ACKNOWLEDGED),
            paused=(Inquiry.Status.WAITING,),
            starts=("receive",),
            voids=("withdraw", "merge", "close_unanswered"),
            deadline="escalate_answer",
            part="topic",
        ),
        days=promises.answer_days,
        page="investors:new_inquiry",
        parts=_TOPICS,
        order=11,
    ),
    Promise(
        key="opportunity_moderated",
        name=_("Opportunity: looked at before it is published"),
        starts=_("A member submits it."),
        stops=_("An officer publishes it, or returns it with reasons."),
        course=Course(
            model=Opportunity,
            running=(Opportunity.Status.SUBMITTED,),
            voids=("withdraw",),
            deadline="escalate_review",
        ),
        days=lambda: [REVIEW_DAYS],
        page="investors:opportunities",
        order=40,
    ),
    Promise(
        key="commitment_kept",
        name=_("Commitment of the district to an investor or firm: kept"),
        starts=_("An officer records what was promised in writing, and its day."),
        stops=_("The officer who answers for it says that it was kept. What is not kept counts as missed."),
        course=Course(
            model=Commitment,
            running=(Commitment.Status.OPEN,),
            starts=("make",),
            voids=("release",),
            misses=("break",),
            deadline="escalate",
        ),
        by=_("the day that each commitment names"),
        order=50,
    ),
)
