"""How opportunities and inquiries are shown: facts in words, tones of statuses, the course of an inquiry."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from investors import expecting, news
from investors.models import Inquiry, InquiryTopic, Officer, Opportunity
from investors.models.facts import Kind
from investors.stating import IN_SHORT, LABELLED, SHOWN
from portal import deadlines, local_form
from portal.models import StepTaken, User

type Text = str | Promise

ObjectKind = Opportunity.ObjectKind

OPPORTUNITY_TONES = {
    "draft": "grey", "submitted": "blue", "published": "green", "returned": "amber",
    "withdrawn": "grey", "expired": "grey", "matched": "green",
}  # fmt: skip
INQUIRY_TONES = {
    "received": "blue", "acknowledged": "blue", "waiting": "amber", "answered": "green", "closed": "grey",
    "withdrawn": "grey", "merged": "grey",
}  # fmt: skip


class Fact(NamedTuple):
    """A fact that the kind of an opportunity states, with its label; the value is empty where it is not stated."""

    name: str
    label: Text
    value: str


def every_fact_of(opportunity: Opportunity) -> list[Fact]:
    """Return every fact that the kind of an opportunity may state, whether it is stated or not."""
    return [Fact(name, SHOWN[name][0], SHOWN[name][1](opportunity)) for name in opportunity.fact_names if name in SHOWN]


def facts_of(opportunity: Opportunity) -> list[tuple[Text, str]]:
    """Return the facts of its kind, each with its label; those not stated are left out."""
    return [(fact.label, fact.value) for fact in every_fact_of(opportunity) if fact.value]


def in_short(opportunity: Opportunity) -> list[str]:
    """Return the two or three facts that a list shows."""
    return [text for name in IN_SHORT[opportunity.kind] if (text := _brief(name, opportunity))]


def _brief(name: str, opportunity: Opportunity) -> str:
    label, value = SHOWN[name][0], SHOWN[name][1](opportunity)
    if not value or name not in LABELLED:
        return value
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


class Group(NamedTuple):
    """Opportunities of one sort, as the page of their owner groups them."""

    label: Text
    rows: list[tuple[Opportunity, list[str]]]


_SORTS: tuple[tuple[Text, Callable[[Opportunity], bool]], ...] = (
    (gettext_lazy("Laboratory research"), lambda o: o.is_technology and o.object_kind == ObjectKind.RESEARCH),
    (gettext_lazy("Intellectual property"), lambda o: o.is_technology),
    (gettext_lazy("Joint laboratories"), lambda o: o.kind == Kind.LAB),
    (gettext_lazy("Talent programmes"), lambda o: o.kind == Kind.TALENT),
    (gettext_lazy("Premises"), lambda o: o.kind == Kind.PREMISES),
)


def sort_of(opportunity: Opportunity) -> Text:
    """Return of what sort an opportunity is: what is offered has sorts of its own, what is sought its kind."""
    return next((label for label, fits in _SORTS if fits(opportunity)), opportunity.get_kind_display())


def in_order(sorts: Iterable[str]) -> list[str]:
    """Return sorts as pages list them: what is offered, then what is sought."""
    order = [str(label) for label, _fits in _SORTS]
    return sorted(sorts, key=lambda sort: (order.index(sort) if sort in order else len(order), sort))


def grouped(opportunities: Iterable[Opportunity]) -> list[Group]:
    """Return opportunities by sort, in the order of the sorts."""
    groups: dict[str, Group] = {}
    for opportunity in opportunities:
        label = str(sort_of(opportunity))
        groups.setdefault(label, Group(label, [])).rows.append((opportunity, in_short(opportunity)))
    return [groups[label] for label in in_order(groups)]


class Moment(NamedTuple):
    """One line of an inquiry's course, as the component ``timeline`` shows it."""

    title: Text
    state: str = "done"
    at: datetime | None = None
    when: str = ""
    text: Text = ""


_COURSE: dict[str, Text] = {
    "receive": pgettext_lazy("inquiry", "Received"),
    "acknowledge": gettext_lazy("Receipt confirmed by the officer"),
    "answer": gettext_lazy("Answered"),
    "ask_back": gettext_lazy("We asked you something: the time for the answer stands still"),
    "resume": gettext_lazy("You replied: the time for the answer runs on"),
    "reopen": gettext_lazy("You replied: open again"),
    "hand_over": gettext_lazy("Given to another officer"),
    "reroute": gettext_lazy("Given to another officer"),
    "escalate_acknowledge": gettext_lazy("Confirmation overdue: reported to those who stand in for the officer"),
    "escalate_acknowledge_head": gettext_lazy("Confirmation overdue: reported to the head of service"),
    "escalate_answer": gettext_lazy("Answer overdue: reported to those who stand in for the officer"),
    "escalate_answer_head": gettext_lazy("Answer overdue: reported to the head of service"),
    "write_again": gettext_lazy("The officer wrote to you again"),
    "remind_sender": gettext_lazy("You were reminded of our question"),
    "close_unanswered": gettext_lazy("Closed without your reply; a reply opens it again"),
    "merge": gettext_lazy("Goes on in your earlier inquiry"),
    "close": pgettext_lazy("inquiry", "Closed"),
    "withdraw": pgettext_lazy("inquiry", "Withdrawn"),
    "forget": gettext_lazy("Texts and files erased"),
}


def course_of(inquiry: Inquiry) -> list[Moment]:
    """Return what happened to an inquiry, as far as the sender is told, and what comes next by when."""
    taken = StepTaken.objects.about(inquiry).filter(step__in=_COURSE)
    return [*(Moment(_COURSE[step.step], at=step.at) for step in taken), *_ahead(inquiry)]


def _ahead(inquiry: Inquiry) -> Iterator[Moment]:
    sentence = _("We are late. The deputy of the officer, and a working day later the head, are told of it.")
    late = sentence if inquiry.is_overdue else ""
    if inquiry.status == Inquiry.Status.RECEIVED:
        yield Moment(_("Confirmation by the officer"), "current", None, _by(inquiry.acknowledge_due), late)
        yield Moment(_("Answer"), "ahead", when=_by(inquiry.answer_due))
    if inquiry.status == Inquiry.Status.ACKNOWLEDGED:
        yield Moment(_("Answer"), "current", None, _by(inquiry.answer_due), late)

    if inquiry.status == Inquiry.Status.WAITING:
        yield Moment(_("Your reply to our question"), "current", text=_waiting(inquiry))
        yield Moment(_("Answer"), "ahead", text=_days_left(inquiry))


def _waiting(inquiry: Inquiry) -> str:
    end = deadlines.open_deadline(inquiry, "close_unanswered")
    if end is None:
        return ""
    return _("Without a reply by %(day)s we close the inquiry; a later reply opens it again.") % {
        "day": local_form.day(end.due_at)
    }


def _days_left(inquiry: Inquiry) -> str:
    left = inquiry.days_left or 0
    if left < 0:
        return _("We were late already when we asked. Once you reply, the answer is due at once.")
    return ngettext(
        "The time stands still. Once you reply, we answer within the %(days)d working day that is left.",
        "The time stands still. Once you reply, we answer within the %(days)d working days that are left.",
        max(left, 1),
    ) % {"days": max(left, 1)}


def _by(moment: datetime) -> str:
    return _("by %(day)s") % {"day": local_form.day(moment)}


class Line(NamedTuple):
    """An inquiry as the sender's list shows it."""

    inquiry: Inquiry
    tone: str
    usually: str
    news: list[str]
    telephone: str


def lines_of(user: User, inquiries: Iterable[Inquiry]) -> list[Line]:
    """Return a sender's inquiries with what is usual for those that wait, and what is new in each."""
    shown = list(inquiries)
    new = news.of(user, [inquiry.reference for inquiry in shown])
    numbers = telephones(shown)
    usual = expecting.usually({inquiry.topic for inquiry in shown if inquiry.due_at})
    return [
        Line(
            inquiry,
            INQUIRY_TONES[inquiry.status],
            usual[inquiry.topic] if inquiry.due_at else "",
            new.get(inquiry.reference, []),
            numbers[inquiry.pk],
        )
        for inquiry in shown
    ]


def telephones(inquiries: Iterable[Inquiry]) -> dict[int, str]:
    """Return the number to ring about each inquiry: its officer's, its topic's, the site's, or none; two queries.

    Args:
        inquiries: any.
    """
    shown = list(inquiries)
    officers = Officer.objects.filter(user__in={inquiry.officer_id for inquiry in shown if inquiry.officer_id})
    of_officer: dict[int | None, str] = dict(officers.values_list("user", "telephone"))
    of_topic = dict(InquiryTopic.objects.values_list("code", "telephone"))
    return {
        inquiry.pk: of_officer.get(inquiry.officer_id) or of_topic.get(inquiry.topic) or settings.SITE_TELEPHONE
        for inquiry in shown
    }
