"""The people, the organisation and the things that tests of the investors app speak of."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from firms.models import Membership, Organisation
from investors.lifecycle import OPPORTUNITY
from investors.models import Inquiry, Opportunity
from investors.services.inquiries import Question, send_inquiry
from investors.services.opportunities import draft_opportunity
from portal.models import User
from portal.roles import Role

TECHNOLOGY = {
    "object_kind": "patent",
    "legal_status": "granted",
    "object_number": "ZL202310000001.X",
    "jurisdiction": "CN",
    "trl": 6,
    "trl_evidence_en": "Measured in two hospitals.",
    "modes": ["licence_exclusive"],
    "price_kind": "negotiable",
    "export_declaration": "free",
    "disclosure_checked": True,
}
NEED = {
    "scope": "production",
    "process_en": "Orders on paper slips.",
    "systems_zh": "无",
    "budget_from": 500_000,
    "budget_to": 900_000,
}
CAPITAL = {"stage": "series_a", "instrument": "equity", "amount_sought": 30_000_000, "amount_secured": 5_000_000}


def make_user(name: str, role: Role | None = None, language: str = "en") -> User:
    """Make a person; with a role, a member of staff."""
    user = User.objects.create_user(
        f"{name}@demo.example", None, name=name.title(), language=language, is_staff=role is not None
    )
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def make_organisation(name: str, **fields: Any) -> Organisation:
    """Make a listed firm."""
    fields = {
        "kind": "firm",
        "status": "listed",
        "name_zh": f"示例{name}",
        "name_en": f"Demonstration {name}",
        **fields,
    }
    return Organisation.objects.create(slug=f"demonstration-{name.lower()}", source="test", **fields)


@pytest.fixture
def firm(db: None) -> Organisation:
    """Return a listed firm."""
    return make_organisation("Robotics")


@pytest.fixture
def people(firm: Organisation) -> SimpleNamespace:
    """Return everyone who plays a part: staff by role, members of the firm, an investor, a stranger."""
    staff = {role.name.lower(): make_user(role.name.lower(), role) for role in Role}
    plain = {name: make_user(name) for name in ("signatory", "editor", "viewer", "investor", "stranger")}
    no_role = make_user("norole")
    no_role.is_staff = True
    no_role.save(update_fields=["is_staff"])
    for name in ("signatory", "editor", "viewer"):
        Membership.objects.create(user=plain[name], organisation=firm, role=name)
    return SimpleNamespace(officer=staff["investment"], norole=no_role, **staff, **plain)


def make_superuser() -> User:
    """Make a member of staff who is in every group, and a superuser."""
    root = make_user("root", Role.HEAD)
    root.is_superuser = True
    root.save(update_fields=["is_superuser"])
    root.groups.set(Group.objects.all())
    return root


def everybody(people: SimpleNamespace) -> dict[str, User | None]:
    """Return each account by its name, once: nobody, staff of each role and of none, a superuser, people of no role."""
    accounts = {user.name: user for user in vars(people).values()}
    return {"nobody": None, **accounts, "root": make_superuser()}


@pytest.fixture
def staff_without_second_factor(settings: Any) -> None:
    """Let staff in without one, as in the demonstration."""
    settings.DEMONSTRATION = True


@pytest.fixture
def make_opportunity(people: SimpleNamespace, firm: Organisation) -> Callable[..., Opportunity]:
    """Return what makes an opportunity and leads it to a status."""

    def make(status: str = "published", kind: str = "capital_sought", **values: Any) -> Opportunity:
        facts = {"capital_sought": CAPITAL, "technology_offered": TECHNOLOGY, "digitalisation_partner": NEED}.get(
            kind, {}
        )
        words = {
            "title_en": "Growth capital for gripper robots",
            "title_zh": "机器人夹爪项目融资",
            "summary_en": "A demonstration summary.",
            "summary_zh": "示例摘要。",
            "text_en": "A demonstration description.",
            "text_zh": "示例说明。",
            "expires_on": timezone.localdate() + timedelta(days=100),
        }
        owner = values.pop("owner", firm)
        opportunity = draft_opportunity(
            by=people.signatory, owner=owner, kind=kind, values={**words, **facts, **values}
        )
        lead(opportunity, status, people)
        return opportunity

    return make


def lead(opportunity: Opportunity, status: str, people: SimpleNamespace) -> None:
    """Lead an opportunity from its draft to a status, through the real steps."""
    ways = {
        "draft": [],
        "submitted": ["submit"],
        "published": ["submit", "publish"],
        "returned": ["submit", "return"],
        "withdrawn": ["withdraw"],
        "matched": ["submit", "publish", "match"],
        "expired": ["submit", "publish", "expire"],
    }
    by = {"publish": people.officer, "return": people.officer, "expire": None}
    for step in ways[status]:
        if step == "expire":
            Opportunity.objects.filter(pk=opportunity.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
        OPPORTUNITY.apply(opportunity, step, by=by.get(step, people.signatory), reason="because")
    opportunity.refresh_from_db()


@pytest.fixture
def make_inquiry(people: SimpleNamespace) -> Callable[..., Inquiry]:
    """Return what sends an inquiry and leads it to a status."""
    from investors.lifecycle import INQUIRY
    from investors.services.inquiries import write_message

    def make(status: str = "received", sender: User | None = None, **values: Any) -> Inquiry:
        question = Question(
            **{"topic": "setting_up", "language": "en", "subject": "A licence", "text": "Which one?", **values}
        )
        inquiry = send_inquiry(by=sender or people.investor, question=question, key=uuid4())
        officer = people.registry if inquiry.topic == "correction" else people.officer
        if status == "acknowledged":
            INQUIRY.apply(inquiry, "acknowledge", by=officer)
        if status in {"answered", "closed"}:
            write_message(by=officer, inquiry=inquiry, step="answer", text="This one.", key=uuid4())
        if status == "closed":
            inquiry.refresh_from_db()
            INQUIRY.apply(inquiry, "close", by=officer)
        if status == "waiting":
            write_message(by=officer, inquiry=inquiry, step="ask_back", text="Which sector?", key=uuid4())
        if status == "merged":
            earlier, inquiry = inquiry, send_inquiry(by=inquiry.sender, question=question, key=uuid4())
            INQUIRY.apply(inquiry, "merge", by=officer, survivor=earlier.pk)
        if status == "withdrawn":
            INQUIRY.apply(inquiry, "withdraw", by=sender or people.investor)
        inquiry.refresh_from_db()
        return inquiry

    return make
