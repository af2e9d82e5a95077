"""Commitments that tests make, and lead to where they want them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import uuid4

from django.utils import timezone

from firms.models import Organisation
from investors.models import Commitment, Inquiry, InquiryMessage
from investors.services.commitments import (
    Promised,
    break_commitment,
    keep_commitment,
    make_commitment,
    object_to_commitment,
    release_commitment,
)
from investors.services.inquiries import write_message
from portal import clock

MARK = "A-PROMISE-NOBODY-ELSE-READS"


def today() -> date:
    return timezone.localdate(timezone=clock.SHANGHAI)


def make(people: SimpleNamespace, organisation: Organisation | None = None, **said: Any) -> Commitment:
    """Make a commitment to the firm or a person, by a letter of today unless it is said otherwise."""
    by = said.pop("by", people.officer)
    values = {
        "text_zh": "",
        "text_en": f"We put up the sign. {MARK}",
        "due_on": today() + timedelta(days=10),
        "owner": people.officer,
        "source": "letter",
        "source_on": today(),
        "organisation": organisation,
        **said,
    }
    return make_commitment(by=by, promised=Promised(**values), key=uuid4())


def lead(commitment: Commitment, status: str, people: SimpleNamespace, speaker: Any) -> Commitment:
    """Lead a commitment from where it begins to a status, through the real steps."""
    if status in {"kept", "disputed"}:
        keep_commitment(by=people.officer, commitment=commitment, evidence=f"It stands. {MARK}")
    if status == "disputed":
        object_to_commitment(by=speaker, commitment=commitment, text=f"It fell over. {MARK}")
    if status == "broken":
        break_commitment(by=people.officer, commitment=commitment, reasons=f"No sign. {MARK}", next_step="We look.")
    if status == "released":
        release_commitment(by=speaker, commitment=commitment)
    commitment.refresh_from_db()
    return commitment


def answered(people: SimpleNamespace, inquiry: Inquiry) -> InquiryMessage:
    """Answer an inquiry, and return the answer."""
    write_message(
        by=people.officer, inquiry=inquiry, step="answer", text=f"You get the list on Friday. {MARK}", key=uuid4()
    )
    return inquiry.messages.latest("pk")


def later(days: int) -> Any:
    """Do what follows so many days from now."""
    return mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(days=days))
