"""Moderation: what changed since it was published, what looks like it, what happened, by when it is due."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from firms.models import Cluster
from investors import snapshots
from investors.lifecycle import OPPORTUNITY
from investors.listing_course import course_of
from investors.models import Opportunity, PublishedVersion
from investors.services.opportunities import change_opportunity
from portal.models import Deadline
from tests.investors.test_pages import browser

type Make = Callable[..., Opportunity]

pytestmark = pytest.mark.usefixtures("staff_without_second_factor")


def revised(people: SimpleNamespace, make_opportunity: Make) -> Opportunity:
    """Return one that was published, taken back, changed and submitted again."""
    opportunity = make_opportunity("published", ticket_min=1_000_000, confidential_en="HIDDEN")
    OPPORTUNITY.apply(opportunity, "revise", by=people.editor)
    values = {"title_zh": "新标题", "amount_sought": 40_000_000, "confidential_en": "HIDDEN AGAIN"}
    clusters = list(Cluster.objects.filter(slug="life-and-health"))
    change_opportunity(by=people.editor, opportunity=opportunity, values=values, clusters=clusters, version=1)
    opportunity.refresh_from_db()
    OPPORTUNITY.apply(opportunity, "submit", by=people.editor)
    opportunity.refresh_from_db()
    return opportunity


def test_both_versions_stand_side_by_side(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = revised(people, make_opportunity)
    version = snapshots.last_published(opportunity)
    assert version

    changed = {
        str(row.label): (row.before, row.now) for row in snapshots.compared(opportunity, version) if row.is_changed
    }
    page = browser(people.officer).get(reverse("admin:investors_opportunity_change", args=[opportunity.pk])).text

    assert changed == {
        "title in Chinese": (["机器人夹爪项目融资"], ["新标题"]),
        "Amount sought": (["CNY 30 million", "3000万元"], ["CNY 40 million", "4000万元"]),
        "Clusters": ([], ["Life and health"]),
    }
    assert [text in page for text in ("新标题", "机器人夹爪项目融资", "3000万元", "HIDDEN")] == [
        True,
        True,
        True,
        False,
    ]


def test_published_version_is_kept_each_time_and_never_changed(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = revised(people, make_opportunity)
    OPPORTUNITY.apply(opportunity, "publish", by=people.officer)

    kept = list(PublishedVersion.objects.values_list("content__title_zh", "by__name"))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE investors_publishedversion SET content = '{}'")

    assert kept == [("机器人夹爪项目融资", "Investment"), ("新标题", "Investment")]


def test_course_is_shown_to_owner_and_staff(people: SimpleNamespace, make_opportunity: Make) -> None:
    opportunity = make_opportunity("returned")
    OPPORTUNITY.apply(opportunity, "submit", by=people.editor)
    OPPORTUNITY.apply(opportunity, "publish", by=people.officer)
    OPPORTUNITY.apply(opportunity, "match", by=people.signatory)

    course = [(str(each.title), each.text) for each in course_of(opportunity)]
    desk = browser(people.viewer).get(f"/en/desk/opportunities/{opportunity.slug}/").text
    admin = browser(people.auditor).get(reverse("admin:investors_opportunity_change", args=[opportunity.pk])).text

    assert course == [
        ("Drafted", ""),
        ("Submitted for review", "because"),
        ("Returned for changes", "because"),
        ("Submitted for review", ""),
        ("Published", ""),
        ("Marked as matched", ""),
    ]
    assert [all(title in page for title, _text in course) for page in (desk, admin)] == [True, True]


def test_queue_begins_with_what_is_due_soonest(people: SimpleNamespace, make_opportunity: Make) -> None:
    first, second, done = make_opportunity("submitted"), make_opportunity("submitted"), make_opportunity("published")
    Deadline.objects.about(second).filter(step="escalate_review").update(due_at="2026-01-05T00:00Z")

    page = browser(people.officer).get(reverse("admin:investors_opportunity_changelist"))

    assert [row.pk for row in page.context["cl"].result_list] == [second.pk, first.pk, done.pk]


def test_same_thing_of_one_owner_is_hinted_at(make_opportunity: Make) -> None:
    looked_at = make_opportunity("submitted")
    twin = make_opportunity("published", title_en="Growth capital for robot grippers", title_zh="")
    make_opportunity("published", title_en="Angel round for planning software", title_zh="规划软件融资")
    make_opportunity("draft")
    make_opportunity("submitted", kind="premises", area=3, available_from="2027-01-01")

    assert list(Opportunity.objects.much_like(looked_at)) == [twin]


def test_same_right_is_hinted_at_whatever_its_title(make_opportunity: Make) -> None:
    looked_at = make_opportunity("submitted", kind="technology_offered")
    twin = make_opportunity("returned", kind="technology_offered", title_en="Quite another", title_zh="别的")

    assert list(Opportunity.objects.much_like(looked_at)) == [twin]
