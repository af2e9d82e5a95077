"""Reviewers: expertise before load, nobody who is or was close to the firm, recused for good."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from firms.models import Membership, Organisation
from incentives import assigning, linking, services
from incentives.models import Application, Employment, Review, ReviewAssignment, ReviewDraft, ReviewerProfile
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import HistoryEntry, Notice, User
from portal.roles import Role
from tests.editing import save
from tests.incentives import make
from tests.incentives.stories import Story, join

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def profile(user: User, **fields: Any) -> ReviewerProfile:
    return ReviewerProfile.objects.create(user=user, **fields)


def reviewers(application: Application) -> list[User]:
    return [assignment.reviewer for assignment in application.assignments.counting()]


def against(application: Application, user: User) -> list[str]:
    with override("en"):
        return next([*map(str, c.against)] for c in assigning.consider(application) if c.user == user)


def told(kind: str) -> set[int | None]:
    return set(Notice.objects.filter(kind=f"incentives.{kind}", channel="in_app").values_list("recipient", flat=True))


def test_expertise_comes_before_load() -> None:
    story = Story(reviewers_needed=1)
    expert = story.reviewers[2]
    profile(story.reviewers[1], instruments=["grant"])
    profile(expert, clusters=["ai"], instruments=["grant"])
    other = Story(opened=story.round).fill().submit().accept()  # the first two of the three have as much to do

    story.fill().submit().accept()

    assert reviewers(other.application) == [expert]
    assert reviewers(story.application) == [expert]


def test_of_equal_experts_the_one_with_less_to_do_is_asked() -> None:
    story = Story(reviewers_needed=1)
    for user in story.reviewers[1:]:
        profile(user, clusters=["ai"])
    Story(opened=story.round).fill().submit().accept()

    story.fill().submit().accept()

    assert reviewers(story.application) == [story.reviewers[2]]


def _member(story: Story, user: User) -> None:
    join(story.firm, user)


def _former_member(story: Story, user: User) -> None:
    Membership.objects.create(organisation=story.firm, user=user, role="viewer", is_active=False)


def _employed(story: Story, user: User) -> None:
    Employment.objects.create(profile=profile(user), organisation=story.firm)


def _employed_once_by_code(story: Story, user: User) -> None:
    Organisation.objects.filter(pk=story.firm.pk).update(uscc="91310110591673062R")
    Employment.objects.create(profile=profile(user), uscc="91310110591673062R", until=date(2020, 1, 1))


def _employed_by_name(story: Story, user: User) -> None:
    Organisation.objects.filter(pk=story.firm.pk).update(name_zh="上海示例星河科技有限公司")
    Employment.objects.create(profile=profile(user), name="示例星河科技股份有限公司")


def _employed_by_a_neighbour(story: Story, user: User) -> None:
    Organisation.objects.filter(pk=story.firm.pk).update(address="上海市杨浦区示例路100号3楼")
    Employment.objects.create(profile=profile(user), organisation=make.organisation(address="杨浦区示例路100号-3"))


def _member_of_a_linked_firm(story: Story, user: User) -> None:
    sister = make.organisation()
    join(sister, story.signatory)
    join(sister, user)


def _conflicted_before(story: Story, user: User) -> None:
    earlier = make.draft(firm=story.firm)
    assignment = ReviewAssignment.objects.create(application=earlier, reviewer=user)
    services.declare_conflict(assignment=assignment, by=user, conflicted=True, reason="cousin")


@pytest.mark.parametrize(
    ("happen", "reason"),
    [
        (_member, "member of the applicant"),
        (_former_member, "was a member of the applicant"),
        (_employed, "works for the applicant"),
        (_employed_once_by_code, "worked for the applicant"),
        (_employed_by_name, "works for the applicant"),
        (_employed_by_a_neighbour, "works for Demonstration Firm"),
        (_member_of_a_linked_firm, "member of Demonstration Firm"),
        (_conflicted_before, "declared a conflict of interest about"),
    ],
)
def test_whoever_is_close_to_the_firm_is_left_out_with_the_reason(
    happen: Callable[[Story, User], None], reason: str
) -> None:
    story = Story().fill().submit()
    close = story.reviewers[0]

    happen(story, close)
    story.application = Application.objects.get(pk=story.application.pk)
    story.accept()

    assert reviewers(story.application) == story.reviewers[1:]
    found = against(story.application, close)
    assert [text[: len(reason)] for text in found] == [reason]


@pytest.mark.parametrize("happen", [_member, _former_member, _employed, _conflicted_before])
def test_database_takes_no_reviewer_who_is_close_to_the_firm(happen: Callable[[Story, User], None]) -> None:
    story = Story()
    happen(story, story.reviewers[0])

    with pytest.raises(DatabaseError, match="conflict of interest with the applicant"), transaction.atomic():
        ReviewAssignment.objects.create(application=story.application, reviewer=story.reviewers[0])


def test_what_many_share_links_nobody() -> None:
    firm = make.organisation(address="上海市杨浦区示例路100号3楼", website="https://www.demo.example/a")
    for _number in range(linking.MOST_SHARING + 1):
        make.organisation(address="杨浦区示例路100号3层")
    site = make.organisation(website="http://DEMO.example/")

    assert [(one.pk, one.reasons) for one in linking.linked_to(firm)] == [
        (site.pk, (linking.Reason(linking.Tie.WEBSITE, "http://DEMO.example/"),))
    ]


def test_links_are_found_by_index(django_assert_num_queries: Any) -> None:
    firm = make.organisation(address="示例路100号3楼", website="https://demo.example/", telephone="021-65981234")
    sister = make.organisation(address="杨浦区示例路100号3层", website="https://www.demo.example/b")
    branch = make.organisation(telephone="+86 21 6598 1234 转801")
    join(firm, make.person("m"))
    join(sister, Membership.objects.get().user)

    with django_assert_num_queries(1):
        found = linking.linked_to(firm)

    assert [(one.pk, [reason.tie for reason in one.reasons]) for one in found] == [
        (sister.pk, ["address", "member", "website"]),
        (branch.pk, ["telephone"]),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {linking.sql(firm)}")
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert [name in plan for name in ("like_address", "like_telephone", "like_website")] == [True] * 3


def test_manager_recuses_and_the_chosen_one_takes_the_place() -> None:
    story = Story().fill().submit().accept()
    first, second = story.application.assignments.all()
    for assignment in (first, second):
        services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=False)
    services.write_review(assignment=first, by=first.reviewer, scores={"quality": 1, "effect": 1}, comment="so")
    assert Application.objects.visible_to(first.reviewer).exists()

    services.recuse_reviewer(assignment=first, by=story.manager, reason="A cousin", successor=story.reviewers[2])

    first.refresh_from_db()
    assert (first.status, first.ended_by, first.ended_reason) == ("recused", story.manager, "A cousin")
    assert reviewers(story.application) == [second.reviewer, story.reviewers[2]]
    assert (told("review_recused"), told("to_review_instead")) == ({first.reviewer_id}, {story.reviewers[2].pk})
    assert not Application.objects.visible_to(first.reviewer).exists()
    for again in (False, True):
        with pytest.raises(StepClosed):
            services.declare_conflict(assignment=first, by=first.reviewer, conflicted=again)
    with pytest.raises(StepClosed):
        story.recommend()


def test_what_has_ended_is_never_undone_by_sql() -> None:
    story = Story().fill().submit().accept()
    first = story.application.assignments.all()[0]
    services.recuse_reviewer(assignment=first, by=story.manager, reason="A cousin")

    for statement in (
        "UPDATE incentives_reviewassignment SET status = 'waiting', ended_at = NULL, ended_by_id = NULL, ended_reason = ''",
        "UPDATE incentives_reviewassignment SET ended_reason = 'x' WHERE status = 'recused'",
        "UPDATE incentives_reviewassignment SET conflict = 'none', declared_at = now() WHERE status = 'recused'",
        "UPDATE incentives_reviewassignment SET status = 'done' WHERE status = 'waiting'",
        "DELETE FROM incentives_reviewassignment",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_nobody_recuses_themselves_and_only_managers_recuse() -> None:
    story = Story().fill().submit().accept()
    first = story.application.assignments.all()[0]

    for user in (first.reviewer, story.screener, story.approver, make.person("head", Role.HEAD)):
        with pytest.raises(NotAllowed):
            services.recuse_reviewer(assignment=first, by=user, reason="x")
    with pytest.raises(StepClosed, match="reasons"):
        services.recuse_reviewer(assignment=first, by=story.manager, reason=" ")
    with pytest.raises(StepClosed, match="Choose somebody"):
        services.recuse_reviewer(assignment=first, by=story.manager, reason="x", successor=first.reviewer)
    first.refresh_from_db()
    assert first.status == "waiting"


def test_manager_and_head_hear_that_nobody_is_left() -> None:
    story = Story().fill().submit().accept()
    head = make.person("head", Role.HEAD)
    first, second = story.application.assignments.all()
    services.declare_conflict(assignment=first, by=first.reviewer, conflicted=True)
    assert told("reviewers_missing") == set()

    services.declare_conflict(assignment=second, by=second.reviewer, conflicted=True)

    assert told("reviewers_missing") == {story.manager.pk, head.pk}


def test_manager_chooses_where_one_is_missing() -> None:
    story = Story().fill().submit().accept()
    for assignment in story.application.assignments.all():
        services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=True)
    late, member = make.person("late", Role.REVIEWER), make.person("kin", Role.REVIEWER)
    join(story.firm, member)
    page = reverse("admin:incentives_application_reviewers", args=[story.application.pk])
    client = signed_in(story.manager)

    assert [name in client.get(page).text for name in ("late", "member of the applicant", "cousin")] == [
        True,
        True,
        False,
    ]
    assert client.post(f"{page}choose/", {"reviewer": str(member.pk)}).status_code == 422
    assert client.post(f"{page}choose/", {"reviewer": "\x00"}).status_code == 422
    assert signed_in(story.approver).post(f"{page}choose/", {"reviewer": str(late.pk)}).status_code == 302
    assert late not in reviewers(story.application)
    client.post(f"{page}choose/", {"reviewer": str(late.pk)})

    assert reviewers(story.application) == [story.reviewers[2], late]
    assert story.application.assignments.get(reviewer=late).assigned_by == story.manager
    with pytest.raises(StepClosed, match="No reviewer is missing"):
        services.choose_reviewer(application=story.application, reviewer=member, by=story.manager)


def test_page_of_reviewers_opens_for_those_who_manage_and_recuses(django_assert_max_num_queries: Any) -> None:
    story = Story().fill().submit().accept()
    first = story.application.assignments.all()[0]
    profile(story.reviewers[2], clusters=["ai"])
    page = reverse("admin:incentives_application_reviewers", args=[story.application.pk])
    expected = {
        story.manager: 200,
        story.approver: 200,
        make.person("auditor", Role.AUDITOR): 200,
        story.screener: 404,
        first.reviewer: 404,
        story.signatory: 302,
    }
    assert {user: signed_in(user).get(page).status_code for user in expected} == expected

    client = signed_in(story.manager)
    recuse = f"{page}{first.pk}/recuse/"
    with django_assert_max_num_queries(27):
        client.get(page)
    assert client.post(recuse, {f"recuse{first.pk}-reason": ""}).status_code == 422
    assert client.post(f"{page}{2**62}/recuse/", {}).status_code == 404
    client.post(recuse, {f"recuse{first.pk}-reason": "A cousin"})
    first.refresh_from_db()
    assert first.status == "recused"
    assert "A cousin" in client.get(page).text


def test_manager_keeps_what_is_known_of_reviewers_and_history_does_too() -> None:
    manager, reviewer = make.person("manager", Role.MANAGER), make.person("reviewer", Role.REVIEWER)
    firm = make.organisation()
    make.cluster()
    client = signed_in(manager)
    employers = {"employers-TOTAL_FORMS": "1", "employers-INITIAL_FORMS": "0"}
    form = {"user": str(reviewer.pk), "clusters": ["ai"], "instruments": ["grant"], **employers}

    client.post("/admin/incentives/reviewerprofile/add/", form | {"employers-0-organisation": str(firm.pk)})

    kept = ReviewerProfile.objects.get()
    assert (kept.clusters, kept.instruments, kept.employers.get().organisation) == (["ai"], ["grant"], firm)
    assert client.get("/admin/incentives/reviewerprofile/").status_code == 200
    assert HistoryEntry.objects.of(kept).count() == 1
    assert HistoryEntry.objects.of(kept.employers.get()).get().now["organisation_id"] == firm.pk
    answer = save(
        client, f"/admin/incentives/reviewerprofile/{kept.pk}/change/", {"clusters": [], "instruments": ["x"]}
    )
    assert "is not one of the available choices" in answer.text
    assert signed_in(reviewer).get(f"/admin/incentives/reviewerprofile/{kept.pk}/change/").status_code == 403


def test_draft_of_a_review_is_kept_and_an_older_window_is_told() -> None:
    story = Story().fill().submit().accept()
    first = story.application.assignments.all()[0]
    client = signed_in(first.reviewer)
    page = reverse("admin:incentives_reviewassignment_change", args=[first.pk]).removesuffix("change/")
    client.post(f"{page}declare/", {"declare-conflicted": "no"})
    draft = {"score-draft": "yes", "score-version": "0", "score-score_quality": "70", "score-comment": "So far"}

    assert client.post(f"{page}score/", draft).status_code == 302
    older = client.post(f"{page}score/", draft | {"score-comment": "From the other window"})
    assert (older.status_code, "saved in another window" in older.text) == (422, True)
    assert client.post(f"{page}score/", draft | {"score-score_quality": "x"}).status_code == 422
    assert client.post(f"{page}score/", draft | {"score-version": "1e9"}).status_code == 422

    kept = ReviewDraft.objects.get()
    assert (kept.scores, kept.comment, kept.version) == ({"quality": "70"}, "So far", 1)
    assert "So far" in client.get(f"{page}change/").text
    assert Review.objects.count() == 0
    entry = HistoryEntry.objects.of(kept).get()
    assert (entry.now["comment"], entry.now["scores"]) == ("…", "…")
