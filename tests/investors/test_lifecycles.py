"""Step × role × status, enumerated from code, with the verdicts written from the product's description."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from investors.lifecycle import INQUIRY, OPPORTUNITY
from investors.models import Inquiry, Opportunity

WHO = [
    "signatory", "editor", "viewer", "investor", "stranger", "norole", "registry", "screening", "reviewer", "manager",
    "approver", "appeal", "finance", "officer", "auditor", "head", "administrator", "system",
]  # fmt: skip
MEMBERS = ["signatory", "editor"]

OPPORTUNITY_VERDICTS = {
    ("draft", "submit"): MEMBERS,
    ("draft", "withdraw"): MEMBERS,
    ("submitted", "publish"): ["officer"],
    ("submitted", "return"): ["officer"],
    ("submitted", "withdraw"): MEMBERS,
    ("published", "take_down"): ["officer"],
    ("published", "confirm"): MEMBERS,
    ("published", "match"): MEMBERS,
    ("published", "revise"): MEMBERS,
    ("published", "withdraw"): MEMBERS,
    ("published", "remind"): ["system"],
    ("published", "expire"): ["system"],
    ("returned", "submit"): MEMBERS,
    ("returned", "withdraw"): MEMBERS,
    ("withdrawn", "revise"): MEMBERS,
    ("expired", "revise"): MEMBERS,
}

INQUIRY_VERDICTS = {
    ("received", "receive"): ["investor"],
    ("received", "acknowledge"): ["officer"],
    ("received", "answer"): ["officer"],
    ("received", "reply"): ["investor"],
    ("received", "hand_over"): ["officer", "head"],
    ("received", "note"): ["officer"],
    ("received", "remind_acknowledge"): ["system"],
    ("received", "escalate_acknowledge"): ["system"],
    ("received", "remind_answer"): ["system"],
    ("received", "escalate_answer"): ["system"],
    ("received", "withdraw"): ["investor"],
    ("acknowledged", "answer"): ["officer"],
    ("acknowledged", "reply"): ["investor"],
    ("acknowledged", "hand_over"): ["officer", "head"],
    ("acknowledged", "note"): ["officer"],
    ("acknowledged", "remind_answer"): ["system"],
    ("acknowledged", "escalate_answer"): ["system"],
    ("acknowledged", "withdraw"): ["investor"],
    ("answered", "reopen"): ["investor"],
    ("answered", "rate"): ["investor"],
    ("answered", "close"): ["investor", "officer"],
    ("answered", "note"): ["officer"],
    ("closed", "reopen"): ["investor"],
    ("closed", "rate"): ["investor"],
    ("closed", "note"): ["officer"],
    ("closed", "forget"): ["investor", "system"],
    ("withdrawn", "forget"): ["investor", "system"],
}


@pytest.mark.parametrize("status", Opportunity.Status.values)
def test_opportunity_steps_by_status_and_person(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity], status: str
) -> None:
    opportunity = make_opportunity(status)

    found = {
        (status, step): [
            who
            for who in WHO
            if step in {door.step.name for door in OPPORTUNITY.allowed(getattr(people, who, None), opportunity)}
        ]
        for step in OPPORTUNITY.steps
    }

    assert {key: who for key, who in found.items() if who} == {
        key: who for key, who in OPPORTUNITY_VERDICTS.items() if key[0] == status
    }


@pytest.mark.parametrize(("topic", "officer"), [("setting_up", "officer"), ("correction", "registry")])
@pytest.mark.parametrize("status", Inquiry.Status.values)
def test_inquiry_steps_by_status_and_person(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry], status: str, topic: str, officer: str
) -> None:
    inquiry = make_inquiry(status, topic=topic)

    found = {
        (status, step): [
            who
            for who in WHO
            if step in {door.step.name for door in INQUIRY.allowed(getattr(people, who, None), inquiry)}
        ]
        for step in INQUIRY.steps
    }

    expected = {
        key: sorted((officer if one == "officer" else one for one in who), key=WHO.index)
        for key, who in INQUIRY_VERDICTS.items()
        if key[0] == status
    }
    assert {key: who for key, who in found.items() if who} == expected
