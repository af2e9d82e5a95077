"""Invented commitments: open, due soon, overdue, kept, objected to, not kept with one that follows."""

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from firms.models import Membership, Organisation
from investors.demonstration.moments import at, moment
from investors.models import InquiryMessage
from investors.services.commitments import (
    Promised,
    break_commitment,
    keep_commitment,
    make_commitment,
    object_to_commitment,
)
from portal.clock import SHANGHAI
from portal.models import Deadline, User


class Made(NamedTuple):
    """A commitment: to whom, what, when it was made and is due in days from today, and what became of it."""

    to: str
    source: str
    note: str
    text_zh: str
    text_en: str
    working_days_ago: int
    due_in: int
    outcome: str = ""


NOTE = "（演示虚构）"

COMMITMENTS = [
    Made(
        "firm", "meeting", "示例企业服务座谈会", f"在门口道路增设两处货车临时停车位{NOTE}。",
        "Two places for lorries to stop on the road before the gate (invented).", 10, 20,
    ),
    Made(
        "firm", "letter", "示例函〔2026〕1号", f"书面答复二期厂房供电扩容的时间安排{NOTE}。",
        "A written answer on when the supply of electricity is enlarged (invented).", 15, -3,
    ),
    Made(
        "firm", "meeting", "示例企业服务座谈会", f"组织一次校企对接会{NOTE}。",
        "A meeting with universities about joint research (invented).", 25, -8, "kept",
    ),
    Made(
        "firm", "letter", "示例函〔2026〕2号", f"协调落实三套人才公寓{NOTE}。",
        "Three flats for talent (invented).", 30, -12, "disputed",
    ),
    Made(
        "investor", "answer", "", "", "", 3, 5,
    ),
    Made(
        "investor", "meeting", "Call with the demonstration investor", "",
        "A list of workshops with a loading bay, with rents (invented).", 20, -2, "broken",
    ),
]  # fmt: skip


def load_commitments(accounts: dict[str, User]) -> None:
    """Load them through the real services, at moments of the last weeks.

    Args:
        accounts: the demonstration's users by name; the signatory's firm is promised something, and the investor.
    """
    signs = Membership.objects.active().filter(user=accounts["signatory"], role=Membership.Role.SIGNATORY)
    firm = signs.earliest("pk").organisation
    for number, made in enumerate(COMMITMENTS, start=1):
        _load(made, number, accounts, firm)


def _load(made: Made, number: int, accounts: dict[str, User], firm: Organisation) -> None:
    officer, investor = accounts["officer"], accounts["investor"]
    begun, due_on = moment(made.working_days_ago, 15), _today() + timedelta(days=made.due_in)
    to_firm = made.to == "firm"
    answer = _answer_to(investor) if made.source == "answer" else None
    promised = Promised(
        text_zh=made.text_zh,
        text_en=answer.body if answer else made.text_en,
        due_on=due_on,
        owner=officer,
        source=made.source,
        organisation=firm if to_firm else None,
        person=None if to_firm else investor,
        message=answer,
        source_on=None if answer else begun.astimezone(SHANGHAI).date(),
        source_note=made.note,
    )
    with at(begun):
        commitment = make_commitment(by=officer, promised=promised, key=UUID(int=number))
    reminders = Deadline.objects.about(commitment).filter(step__in=["remind", "remind_today"])
    reminders.filter(due_at__lt=timezone.now()).update(done_at=F("due_at"))  # the worker was awake then
    if made.outcome in {"kept", "disputed"}:
        with at(moment(9)):
            evidence = "已办结。Done as promised (invented)."
            keep_commitment(by=officer, commitment=commitment, evidence=evidence)
    if made.outcome == "disputed":
        with at(moment(2)):
            text = f"目前只落实了一套{NOTE}。"
            object_to_commitment(by=accounts["signatory"], commitment=commitment, text=text)
    if made.outcome == "broken":
        with at(moment(1)):
            break_commitment(
                by=officer,
                commitment=commitment,
                reasons="Two operators had not sent their rents in time (invented).",
                next_step="We call both, and send what we have meanwhile (invented).",
                due_on=_today() + timedelta(days=7),
            )


def _answer_to(sender: User) -> InquiryMessage:
    answers = InquiryMessage.objects.public().filter(inquiry__sender=sender, inquiry__organisation=None)
    return answers.exclude(author=sender).filter(inquiry__topic="premises").latest("pk")


def _today() -> date:
    return timezone.localdate(timezone=SHANGHAI)
