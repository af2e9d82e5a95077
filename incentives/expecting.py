"""What an applicant can expect: each step from now on, with the time that is promised and the time that is usual."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from incentives.durations import Usual, usual_durations
from incentives.effects import PROMISED_WORKING_DAYS
from incentives.facts import Text
from incentives.models import Application
from portal import clock
from portal.clock import Due

Status = Application.Status

AHEAD: list[tuple[Status, Text]] = [
    (Status.SUBMITTED, _("Screening")),
    (Status.UNDER_REVIEW, _("Review")),
    (Status.RECOMMENDED, _("Decision")),
    (Status.PUBLIC_NOTICE, _("Public notice")),
    (Status.OFFERED, _("Offer and award")),
]
"""The way of an application that gets an award."""


@dataclass(frozen=True)
class Expected:
    """One step, now or ahead.

    Args:
        status: which.
        title: in words.
        days: promised, in working days.
        by: the promised end, where every step before it takes the time that is promised.
        usual: the median of past applications, where there are enough.
        usually_by: the end as it usually is; None where that is not known, or has passed.
    """

    status: str
    title: Text
    days: int
    by: Due | None = None
    usual: Usual | None = None
    usually_by: Due | None = None

    @property
    def promise(self) -> Text:
        """The promise in words."""
        words = ngettext("promised: %(days)s working day", "promised: %(days)s working days", self.days)
        return words % {"days": self.days}

    @property
    def usually(self) -> Text:
        """The usual duration in words; empty where there are too few cases."""
        return in_words(self.usual)


def in_words(usual: Usual | None) -> Text:
    """Return a usual duration in words, with what it rests on."""
    if usual is None:
        return ""
    of_what = _("median of {cases} applications to this programme")
    if not usual.of_programme:
        of_what = _("median of {cases} applications to all programmes")
    source = format_lazy(of_what, cases=usual.cases)
    if usual.days == 0:
        return format_lazy(_("usually on the same working day ({source})"), source=source)
    words = ngettext("usually %(days)s working day", "usually %(days)s working days", usual.days)
    return format_lazy(_("{words} ({source})"), words=words % {"days": usual.days}, source=source)


def expected(application: Application, *, entered: datetime | None, due: datetime | None) -> list[Expected]:
    """Return the step that an application is at, and those ahead of it; nothing, once it has ended.

    Args:
        application: with its round, programme and version.
        entered: when it came to its status; None of a draft.
        due: when its status should end, as promised.
    """
    order = [status for status, _title in AHEAD]
    now = Status.RECOMMENDED if application.status == Status.FIRST_APPROVED else application.status
    if now not in {*Application.OPEN, *order}:
        return []
    usual = usual_durations(application.round.programme)
    begin = order.index(Status(now)) if now in order else 0
    steps = AHEAD[begin:]
    days = [_promised(application, status) for status, _title in steps]
    if now in Application.OPEN or entered is None:
        return [Expected(s, title, d, usual=usual.get(s)) for (s, title), d in zip(steps, days, strict=True)]
    promised = clock.after_each(due or entered, [0 if due else days[0], *days[1:]])
    known = [usual[s].days if s in usual else d for (s, _title), d in zip(steps, days, strict=True)]
    likely = clock.after_each(entered, known)
    today = timezone.now()
    return [
        Expected(s, title, d, by, usual.get(s), soon if s in usual and soon.at >= today else None)
        for (s, title), d, by, soon in zip(steps, days, promised, likely, strict=True)
    ]


def _promised(application: Application, status: Status) -> int:
    version = application.programme_version
    own = {Status.PUBLIC_NOTICE: version.notice_days, Status.OFFERED: version.offer_days}
    if status in own:
        return own[status]
    twice = status == Status.RECOMMENDED and application.requested > version.four_eyes_threshold
    second = PROMISED_WORKING_DAYS[Status.FIRST_APPROVED] if twice else 0
    return PROMISED_WORKING_DAYS[status] + second
