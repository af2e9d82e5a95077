"""Invented complaints in every status: one about an officer, one overdue, one sent to where it belongs."""

from typing import Any, NamedTuple
from uuid import UUID

from investors.complaint_lifecycle import COMPLAINT, Written
from investors.demonstration.moments import at, moment
from investors.models import Complaint, ComplaintMessage
from investors.services.complaints import Grievance, make_complaint, write_about_complaint
from portal.models import User

NOTE = "\n\nThis complaint is invented for the demonstration. 本投诉为演示虚构。"
OVERSEAS = "Demonstration Overseas Holding (invented)"


BELONGS = (
    "It is a dispute between two companies under their contract. Settle it by mediation, arbitration or in court; for "
    "advice call 12345."
)


class Complained(NamedTuple):
    """A complaint and its course: each step with the working days since, who takes it, a choice and a text."""

    grievance: dict[str, Any]
    working_days_ago: int
    course: tuple[tuple[str, int, str, str | int, str], ...] = ()


COMPLAINTS = (
    Complained(
        {
            "kind": "conduct", "standing": "investor", "language": "en", "authority": "An invented office of permits",
            "subject": "The officer did not answer for weeks", "about_staff": True,
            "facts": "We asked three times for the list of documents, and the officer answered none of the messages.",
            "request": "Give us the list, and have somebody else answer us from now on.",
        },
        20,
        (
            ("assign", 19, "head", "head", ""),
            ("accept", 18, "head", "", ""),
            ("write", 17, "head", "", "I have taken your complaint over. Which documents are you still waiting for?"),
            ("reply", 15, "investor", "", "The list for the branch, please."),
            ("extend", 3, "head", 20, "Two departments have to agree on the list."),
        ),
    ),
    Complained(
        {
            "kind": "policy", "standing": "enterprise", "language": "en",
            "subject": "Forms only in Chinese",
            "facts": "The forms of an invented window are in Chinese only. Our directors sign what they cannot read.",
            "request": "Publish an English translation beside each form.",
        },
        70,
        (
            ("accept", 66, "officer", "", ""),
            ("note", 60, "officer", "", "The window agrees to translate five forms."),
            ("close", 40, "officer", "settled", "The five forms are published in English too. Thank you."),
        ),
    ),
    Complained(
        {
            "kind": "conduct", "standing": "enterprise", "language": "en", "authority": "An invented office",
            "subject": "A supplier does not deliver",
            "facts": "Our supplier has been paid and does not deliver the machine.",
            "request": "Make the supplier deliver.",
        },
        30,
        (("refuse", 27, "officer", "scope", BELONGS),),
    ),
    Complained(
        {
            "kind": "conduct", "standing": "enterprise", "language": "en", "authority": "An invented inspection office",
            "subject": "Inspected three times in a month",
            "facts": "The same inspection took place three times in one month.",
            "request": "Join the inspections into one.",
        },
        5,
        (("request_supplement", 3, "officer", "", "Please send the three records of inspection."),),
    ),
    Complained(
        {
            "kind": "policy", "standing": "investor", "language": "en",
            "subject": "Parking for visitors at the waterfront",
            "facts": "Delegations find no place for their coach.",
            "request": "Mark two places for coaches.",
        },
        9,
    ),
    Complained(
        {
            "kind": "conduct", "standing": "investor", "language": "en", "authority": "An invented office of permits",
            "subject": "No receipt for documents", "facts": "The window took our documents and gave no receipt.",
            "request": "A receipt with a date.",
        },
        1,
    ),
)  # fmt: skip


def load(accounts: dict[str, User]) -> None:
    """Load the complaints of the demonstration's investor."""
    for number, complained in enumerate(COMPLAINTS, start=1):
        words = {**complained.grievance, "facts": complained.grievance["facts"] + NOTE}
        words["persons"] = [accounts["officer"].name] if words.get("about_staff") else []
        with at(moment(complained.working_days_ago)):
            grievance = Grievance(on_behalf_of=OVERSEAS, **words)
            complaint = make_complaint(by=accounts["investor"], grievance=grievance, key=UUID(int=number))
        for position, (step, working_days, who, choice, text) in enumerate(complained.course):
            with at(moment(working_days, 11 + position % 6)):
                _take(complaint, step, accounts[who], choice, text, UUID(int=number * 100 + position), accounts)


def _take(
    complaint: Complaint, step: str, by: User, choice: str | int, text: str, key: UUID, accounts: dict[str, User]
) -> None:
    if step == "reply":
        write_about_complaint(by=by, complaint=complaint, text=text, key=key)
        return
    data: dict[str, Any] = {}
    if step == "assign":
        data = {"officer": accounts[str(choice)].pk}
    elif step in {"write", "note", "request_supplement"}:
        data = {"message": ComplaintMessage(body=text, is_internal=step == "note", idempotency_key=key)}
    elif step == "extend":
        data = {"extension": Written(choice, text)}
    elif step in {"refuse", "close"}:
        data = {"decision": Written(choice, text)}
    COMPLAINT.apply(complaint, step, by=by, **data)
