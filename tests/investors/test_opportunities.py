"""Opportunities: what PostgreSQL refuses, who sees what, what moderation asks for."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from firms.models import Organisation
from investors.completeness import missing
from investors.lifecycle import OPPORTUNITY
from investors.models import Opportunity
from investors.presentation import facts_of
from investors.services.opportunities import StaleVersion, change_opportunity, draft_opportunity
from investors.templatetags.investors import opportunities_section
from portal import work
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Deadline, Notice
from tests.investors.conftest import lead, make_organisation

type Make = Callable[..., Opportunity]


@pytest.mark.parametrize(
    "values",
    [
        {"amount_sought": Decimal("1000000000000.01")},
        {"amount_sought": Decimal(-1)},
        {"amount_secured": Decimal(40_000_000)},
        {"trl": 5},
        {"rent": Decimal(3)},
        {"kind": "party"},
        {"title_en": "", "title_zh": ""},
    ],
)
def test_database_refuses_facts_out_of_bounds_or_of_another_kind(
    make_opportunity: Make, values: dict[str, Any]
) -> None:
    opportunity = make_opportunity("draft")

    with pytest.raises(DatabaseError), transaction.atomic():
        Opportunity.objects.filter(pk=opportunity.pk).update(**values)


@pytest.mark.parametrize(
    ("kind", "values", "constraint"),
    [
        ("capital_sought", {"ticket_min": Decimal(2), "ticket_max": Decimal(1)}, "ranges_in_order"),
        ("capital_sought", {"ticket_max": Decimal(0)}, "within_bounds"),
        ("capital_sought", {"horizon_years": 16}, "within_bounds"),
        ("capital_sought", {"investor_role": "boss"}, "choices_known"),
        ("capital_sought", {"foreign_capital": "perhaps"}, "choices_known"),
        ("capital_sought", {"modes": ["transfer"]}, "of_its_kind"),
        ("capital_sought", {"jurisdiction": "CN"}, "of_its_kind"),
        ("technology_offered", {"modes": ["transfer", "theft"]}, "choices_known"),
        ("technology_offered", {"modes": [None]}, "choices_known"),
        ("technology_offered", {"royalty_percent": Decimal("100.01")}, "within_bounds"),
        ("technology_offered", {"export_licence_number": "X 1"}, "licence_of_a_restriction"),
        ("technology_offered", {"export_licence_on": "2026-01-01"}, "licence_of_a_restriction"),
        ("technology_offered", {"budget_to": Decimal(5)}, "of_its_kind"),
        ("technology_needed", {"budget": Decimal(5)}, "of_its_kind"),
        ("technology_needed", {"budget_from": Decimal(6), "budget_to": Decimal(5)}, "ranges_in_order"),
        ("digitalisation_partner", {"need_by": "2027-01-01"}, "of_its_kind"),
        ("premises", {"premises_use": "villa"}, "choices_known"),
        ("premises", {"process_zh": "流程"}, "of_its_kind"),
    ],
)
def test_database_refuses_facts_by_their_rule(
    make_opportunity: Make, kind: str, values: dict[str, Any], constraint: str
) -> None:
    opportunity = make_opportunity("draft", kind=kind)

    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        Opportunity.objects.filter(pk=opportunity.pk).update(**values)


def test_facts_are_said_in_the_language_of_the_page(make_opportunity: Make) -> None:
    need = make_opportunity(
        "draft", kind="technology_needed", trl=4, modes=["consulting", "transfer"], budget_to=2_000_000
    )

    with translation.override("zh-hans"):
        chinese = dict(facts_of(need))
    assert [(str(label), value) for label, value in facts_of(need)] == [
        ("Technology readiness", "at least TRL 4 of 9"),
        ("Forms of cooperation", "Transfer, Technical consulting"),
        ("Budget", "up to CNY 2 million"),
    ]
    assert list(chinese.values()) == ["不低于4级（共9级）", "转让、技术咨询", "不超过200万元"]


def test_database_refuses_an_amount_that_is_no_number(make_opportunity: Make) -> None:
    opportunity = make_opportunity("draft")

    with pytest.raises(DatabaseError, match="within_bounds"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE investors_opportunity SET amount_sought = 'NaN' WHERE id = %s", [opportunity.pk])


def test_prohibited_technology_cannot_be_published_by_raw_sql(make_opportunity: Make) -> None:
    opportunity = make_opportunity("published", kind="technology_offered")

    with pytest.raises(DatabaseError, match="prohibited_never_published"), transaction.atomic():
        Opportunity.objects.filter(pk=opportunity.pk).update(export_declaration="prohibited")


PRICES = {
    "fixed": ({"price_from": 5}, []),
    "fixed, with royalty": ({"price_from": 5, "royalty_percent": 3}, []),
    "fixed, no amount": ({}, ["price_from"]),
    "fixed, two ends": ({"price_from": 5, "price_to": 6}, ["price_to"]),
    "range": ({"price_from": 5, "price_to": 6}, []),
    "range, lower end": ({"price_from": 5}, ["price_to"]),
    "range, no end": ({}, ["price_from", "price_to"]),
    "royalty": ({"royalty_percent": 3}, []),
    "royalty, with a sum": ({"royalty_percent": 3, "price_from": 5}, []),
    "royalty, no share": ({}, ["royalty_percent"]),
    "royalty, a sum alone": ({"price_from": 5}, ["royalty_percent"]),
    "negotiable": ({}, []),
    "negotiable, from": ({"price_from": 5}, []),
    ", no kind": ({"price_from": 5}, ["price_kind"]),
}
"""Kind of price, amounts beside it: the fields that keep it from being published."""


@pytest.mark.parametrize("price", PRICES)
def test_price_is_published_only_with_the_amounts_of_its_kind(
    make_opportunity: Make, people: SimpleNamespace, price: str
) -> None:
    amounts, fields = PRICES[price]
    values = {"price_kind": price.split(",", maxsplit=1)[0], **amounts}
    draft = make_opportunity("draft", kind="technology_offered", **values)
    shown = make_opportunity("published", kind="technology_offered", title_en="Another")

    found = list(missing(draft))
    with translation.override("zh-hans"):
        chinese = [str(each.words) for each in missing(draft)]

    assert [each.field for each in found] == fields
    assert [words for words in chinese if words.isascii()] == []
    if not fields:
        lead(draft, "published", people)
        return
    with pytest.raises(StepClosed) as closed:
        lead(draft, "submitted", people)
    assert [str(reason) for reason in closed.value.reasons] == [str(each.words) for each in found]
    if values["price_kind"]:
        with pytest.raises(DatabaseError, match="price_states_its_amounts"), transaction.atomic():
            Opportunity.objects.filter(pk=shown.pk).update(**values)


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({}, []),
        ({"budget_from": None}, []),
        ({"budget_to": None}, []),
        ({"scope": ""}, ["scope"]),
        ({"process_en": ""}, ["process_en"]),
        ({"process_en": "", "process_zh": "纸质流转卡"}, []),
        ({"systems_zh": ""}, ["systems_en"]),
        ({"systems_zh": "", "systems_en": "None"}, []),
        ({"budget_from": None, "budget_to": None}, ["budget_from"]),
    ],
)
def test_need_of_a_manufacturer_states_process_systems_and_budget(
    make_opportunity: Make, people: SimpleNamespace, values: dict[str, Any], fields: list[str]
) -> None:
    draft = make_opportunity("draft", kind="digitalisation_partner", **values)

    found = list(missing(draft))
    with translation.override("zh-hans"):
        chinese = [str(each.words) for each in missing(draft)]

    assert [each.field for each in found] == fields
    assert [words for words in chinese if words.isascii()] == []
    if fields:
        with pytest.raises(StepClosed):
            lead(draft, "submitted", people)
    else:
        lead(draft, "published", people)
        assert draft.status == "published"


def test_status_moved_off_the_table_by_raw_sql_is_refused(make_opportunity: Make) -> None:
    opportunity = make_opportunity("draft")

    refused = pytest.raises(DatabaseError, match="no step from draft to matched")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE investors_opportunity SET status = 'matched' WHERE id = %s", [opportunity.pk])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"export_declaration": "prohibited"}, "A technology whose export is prohibited is never shown here."),
        ({"export_declaration": ""}, "State: export of technology: the owner's declaration."),
        (
            {"disclosure_checked": False},
            "Confirm that the public text discloses no invention for which no patent application has been filed.",
        ),
        ({"expires_on": None}, "Choose until when it is shown: a day within the next year."),
        ({"text_en": "", "text_zh": ""}, "Write a description in at least one language."),
    ],
)
def test_submission_is_closed_with_the_reason(
    people: SimpleNamespace, make_opportunity: Make, values: dict[str, Any], reason: str
) -> None:
    opportunity = make_opportunity("draft", kind="technology_offered")
    Opportunity.objects.filter(pk=opportunity.pk).update(**values)

    with pytest.raises(StepClosed) as closed:
        OPPORTUNITY.apply(opportunity, "submit", by=people.signatory)

    assert [str(text) for text in closed.value.reasons] == [reason]


def test_publication_for_unlisted_organisation_is_closed(
    people: SimpleNamespace, make_opportunity: Make, firm: Organisation
) -> None:
    opportunity = make_opportunity("submitted")
    opportunity.owner.status = "unlisted"

    door = next(door for door in OPPORTUNITY.allowed(people.officer, opportunity) if door.step.name == "publish")

    assert [str(text) for text in door.reasons] == ["The organisation is not listed in the directory."]


def test_steps_tell_the_right_people_in_their_language(people: SimpleNamespace, make_opportunity: Make) -> None:
    people.editor.language = "zh-hans"
    people.editor.save()
    make_opportunity("published")

    told = Notice.objects.filter(channel="in_app").values_list("kind", "recipient__name", "language").order_by("id")

    assert sorted(told) == [
        ("investors.opportunity_published", "Editor", "zh-hans"),
        ("investors.opportunity_published", "Signatory", "en"),
        ("investors.opportunity_submitted", "Investment", "en"),
    ]


def test_visibility_by_person_and_status(people: SimpleNamespace, make_opportunity: Make) -> None:
    for status in Opportunity.Status.values:
        make_opportunity(status, title_en=status, title_zh="")

    def sees(user: Any) -> list[str]:
        return sorted(Opportunity.objects.visible_to(user).values_list("status", flat=True))

    every = sorted(Opportunity.Status.values)
    not_draft = [status for status in every if status != "draft"]
    assert [sees(who) for who in (AnonymousUser(), people.investor, people.norole, people.registry)] == [
        ["published"]
    ] * 4
    assert [sees(who) for who in (people.signatory, people.viewer)] == [every] * 2
    assert [sees(who) for who in (people.officer, people.auditor, people.head)] == [not_draft] * 3


@pytest.mark.parametrize("change", [{"expires_on": timezone.localdate() - timedelta(days=1)}, {"owner": "suspended"}])
def test_published_leaves_out_what_ended_or_whose_owner_is_suspended(
    make_opportunity: Make, firm: Organisation, change: dict[str, Any]
) -> None:
    opportunity = make_opportunity("published")
    if "owner" in change:
        Organisation.objects.filter(pk=firm.pk).update(status="suspended")
    else:
        Opportunity.objects.filter(pk=opportunity.pk).update(**change)

    assert list(Opportunity.objects.published()) == []


def test_member_of_another_organisation_cannot_draft(people: SimpleNamespace) -> None:
    other = make_organisation("Other")

    with pytest.raises(NotAllowed):
        draft_opportunity(by=people.signatory, owner=other, kind="premises", values={"title_en": "Space"})


def test_older_tab_does_not_overwrite_newer(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity("draft")
    first = change_opportunity(
        by=people.editor, opportunity=opportunity, values={"title_en": "Newer"}, clusters=[], version=1
    )

    with pytest.raises(StaleVersion) as stale:
        change_opportunity(
            by=people.signatory, opportunity=opportunity, values={"title_en": "Older"}, clusters=[], version=1
        )

    assert (first.version, stale.value.current.title_en) == (2, "Newer")


def test_same_title_gives_another_address(make_opportunity: Make) -> None:
    slugs = [make_opportunity("draft").slug for _number in range(3)]

    assert slugs == [f"growth-capital-for-gripper-robots{tail}" for tail in ("", "-2", "-3")]


def test_expiry_and_reminder_fire_once_and_never_early(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity("published")

    assert work.run("deadlines") == 0
    _bring_forward(opportunity, "remind")
    assert [work.run("deadlines"), work.run("deadlines")] == [1, 0]
    _bring_forward(opportunity, "expire")  # due, and yet its last day is not over: looked at again later
    assert work.run("deadlines") == 0
    Opportunity.objects.filter(pk=opportunity.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    _bring_forward(opportunity, "expire")
    assert [work.run("deadlines"), work.run("deadlines")] == [1, 0]

    opportunity.refresh_from_db()
    kinds = ["investors.opportunity_expiring", "investors.opportunity_expired"]
    told = [Notice.objects.filter(kind=kind, channel="in_app").count() for kind in kinds]
    assert (opportunity.status, told) == ("expired", [2, 2])


def test_confirmation_moves_the_end(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity("published")

    OPPORTUNITY.apply(opportunity, "confirm", by=people.editor)

    opportunity.refresh_from_db()
    due = Deadline.objects.about(opportunity).get(step="expire")
    assert opportunity.expires_on == timezone.localdate() + timedelta(days=180)
    assert timezone.localdate(due.due_at) == opportunity.expires_on


def _bring_forward(opportunity: Opportunity, step: str) -> None:
    past = timezone.now() - timedelta(minutes=1)
    Deadline.objects.about(opportunity).filter(step=step, done_at=None).update(due_at=past, next_try_at=past)


def test_newest_of_each_kind_stand_before_a_second_of_any(make_opportunity: Callable[..., Opportunity]) -> None:
    first = make_opportunity(kind="technology_offered")
    make_opportunity(kind="capital_sought")
    second = make_opportunity(kind="capital_sought")

    rows = opportunities_section()["rows"]

    assert [opportunity.pk for opportunity, _short in rows][:2] == [second.pk, first.pk]
