"""Complaints for tests, led to a status through the real steps."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from investors.complaint_lifecycle import COMPLAINT, Written
from investors.models import Complaint, ComplaintMessage
from investors.services.complaints import Grievance, make_complaint, write_about_complaint
from portal.models import User

WORDS = {
    "standing": "enterprise",
    "kind": "conduct",
    "language": "en",
    "subject": "A permit that does not come",
    "facts": "We applied in March and heard nothing.",
    "request": "A decision on our application.",
    "authority": "Demonstration Office of Permits",
    "on_behalf_of": "Demonstration Overseas Ltd",
}
REFUSED = Written("scope", "It is a dispute between two companies. Call 12345 or go to court.")
CLOSED = Written("settled", "The permit was granted.")
EXTENDED = Written(20, "Three departments are concerned.")


def complain(by: User, **values: Any) -> Complaint:
    """Make a complaint."""
    return make_complaint(by=by, grievance=Grievance(**{**WORDS, **values}), key=uuid4())


def message(text: str = "Please send the notice.", *, is_internal: bool = False) -> ComplaintMessage:
    """Return a message that a step may add."""
    return ComplaintMessage(body=text, is_internal=is_internal, idempotency_key=uuid4())


def lead(complaint: Complaint, status: str, people: SimpleNamespace) -> Complaint:
    """Lead a received complaint to a status."""
    officer = complaint.handler or people.head
    if status in {"accepted", "closed"}:
        COMPLAINT.apply(complaint, "accept", by=officer)
    if status == "supplement":
        COMPLAINT.apply(complaint, "request_supplement", by=officer, message=message())
    if status == "refused":
        COMPLAINT.apply(complaint, "refuse", by=officer, decision=REFUSED)
    if status == "closed":
        COMPLAINT.apply(complaint, "close", by=officer, decision=CLOSED)
    return Complaint.objects.get(pk=complaint.pk)


def reply(complaint: Complaint, text: str = "Here it is.") -> None:
    """Write as the complainant."""
    write_about_complaint(by=complaint.complainant, complaint=complaint, text=text, key=uuid4())
