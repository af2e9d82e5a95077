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
    ("submitted", "remind_review"): ["system"],
    ("submitted", "escalate_review"): ["system"],
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

_ALWAYS_UNANSWERED = {
    "answer": ["officer"],
    "hand_over": ["officer", "head"],
    "reroute": ["system"],
    "merge": ["officer"],
    "note": ["officer"],
    "withdraw": ["investor"],
}
_OPEN = {
    **_ALWAYS_UNANSWERED,
    "ask_back": ["officer"],
    "reply": ["investor"],
    "remind_answer": ["system"],
    "escalate_answer": ["system"],
    "escalate_answer_head": ["system"],
}
_ANSWERED = {
    "reopen": ["investor"],
    "rate": ["investor"],
    "note": ["officer"],
    "write_again": ["officer"],
    "plan_follow_up": ["officer"],
    "follow_up": ["system"],
}
INQUIRY_VERDICTS: dict[str, dict[str, list[str]]] = {
    "received": {
        **_OPEN,
        "receive": ["investor"],
        "acknowledge": ["officer"],
        "remind_acknowledge": ["system"],
        "escalate_acknowledge": ["system"],
        "escalate_acknowledge_head": ["system"],
    },
    "acknowledged": _OPEN,
    "waiting": {
        **_ALWAYS_UNANSWERED,
        "resume": ["investor"],
        "remind_sender": ["system"],
        "close_unanswered": ["system"],
    },
    "answered": {**_ANSWERED, "close": ["investor", "officer"]},
    "closed": {**_ANSWERED, "forget": ["investor", "system"]},
    "withdrawn": {"forget": ["investor", "system"]},
    "merged": {"forget": ["investor", "system"]},
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
        step: [
            who
            for who in WHO
            if step in {door.step.name for door in INQUIRY.allowed(getattr(people, who, None), inquiry)}
        ]
        for step in INQUIRY.steps
    }

    expected = {
        step: sorted((officer if one == "officer" else one for one in who), key=WHO.index)
        for step, who in INQUIRY_VERDICTS[status].items()
    }
    assert {step: who for step, who in found.items() if who} == expected
