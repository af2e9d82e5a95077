"""The decision register: nothing decided is missing, in files that no spreadsheet runs."""

import csv
import io
import zipfile
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from incentives import register, services
from incentives.appeal_lifecycle import APPEAL
from incentives.lifecycle import APPLICATION, OBJECTION, PUBLICATION
from portal.models import User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, story_in

pytestmark = pytest.mark.django_db
PAGE = "/admin/incentives/application/register/"


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def auditor() -> User:
    return make.person("auditor", Role.AUDITOR)


def told(story: Story) -> list[tuple[Any, ...]]:
    found = register.entries(register.decisions(auditor(), register.Wanted(round=story.round.pk)))
    return [(e.step.step, e.amount, e.step.reason, e.minutes) for e in reversed(found)]


def test_every_decision_stands_with_its_terms_of_the_time_reasons_and_minutes() -> None:
    story = Story(amount=5_000_000).fill().submit().accept().review()
    story.recommend().first_approve()
    story.step("send_back", story.approver2, reason="Less")
    story.amount //= 2
    story.recommend().first_approve().approve(story.approver2)
    objection = services.object_to_award(
        application=story.application, name="Li", email="li@demo.example", reason="Unfair", key=uuid4()
    )
    services.dismiss_objection(objection=objection, by=story.appeal, reason="No ground")
    story.step("decline", make.person("m2", Role.MANAGER), reason="New facts")
    appeal = services.appeal_decision(
        application=story.application, by=story.signatory, reasons="Look again", key=uuid4()
    )
    services.reject_appeal(appeal=appeal, by=make.person("appeal2", Role.APPEAL), reason="Heard")

    assert told(story) == [
        ("recommend", 5_000_000, "Worth it", ""),
        ("first_approve", 5_000_000, "", "2026-3"),
        ("send_back", 5_000_000, "Less", ""),
        ("recommend", 2_500_000, "Worth it", ""),
        ("first_approve", 2_500_000, "", "2026-3"),
        ("approve", 2_500_000, "", ""),
        ("dismiss", None, "No ground", ""),
        ("decline", 2_500_000, "New facts", ""),
        ("reject", None, "Heard", ""),
    ]


def test_offers_that_end_without_an_award_are_told_and_other_withdrawals_are_not() -> None:
    offered, other = story_in("offered"), story_in("withdrawn")
    offered.withdraw()

    assert [line[0] for line in told(offered)] == ["recommend", "approve", "withdraw"]
    assert told(other) == []


def test_no_step_of_the_lifecycles_is_forgotten() -> None:
    no_decision = {"submit", "return", "accept", "confirm", "accept_offer", "remind", "escalate", "uphold", "propose"}
    no_decision |= {"receive", "end", "remind_applicant", "end_appeal_period"}
    known = set(APPLICATION.steps) | set(OBJECTION.steps) | set(PUBLICATION.steps) | set(APPEAL.steps)

    assert known - no_decision == set(register.LABELS)


def test_publications_and_their_refusals_stand_in_it() -> None:
    made = make.programme()
    make.publish(made)
    made.title_en = "Another title"
    made.save()
    manager, head = make.person("m", Role.MANAGER), make.person("h", Role.HEAD)
    publication = services.propose_publication(programme=made, by=manager)
    PUBLICATION.apply(publication, "refuse", by=head, reason="Not clear")

    found = register.entries(register.decisions(auditor(), register.Wanted(programme=made.pk)))
    assert [(e.step.step, e.step.reason) for e in found] == [("refuse", "Not clear"), ("publish", "")]


def test_it_is_read_by_those_who_may_without_their_own_firms() -> None:
    story = story_in("recommended")
    people = {
        "auditor": auditor(),
        "head": make.person("h", Role.HEAD),
        "manager": story.manager,
        "approver": story.approver,
        "screener": story.screener,
        "reviewer": story.reviewers[0],
        "finance": story.finance,
    }
    pages = ("register/", "register.csv", "register.xlsx")
    status: dict[str, set[int]] = {name: set() for name in people}
    for name, page in product(people, pages):
        answer = signed_in(people[name]).get(f"/admin/incentives/application/{page}")
        status[name].add(answer.status_code)
        if answer.streaming:
            answer.getvalue()  # closes the file
    head = people["head"]
    before = register.decisions(head, register.Wanted(round=story.round.pk)).count()
    make.Membership.objects.create(user=head, organisation=story.firm, role="viewer")

    may = {"auditor", "head", "manager", "approver"}
    assert status == {name: {200 if name in may else 403} for name in people}
    assert (before, register.decisions(head, register.Wanted(round=story.round.pk)).count()) == (1, 0)


def test_filters_pages_and_number_of_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    story = story_in("recommended")
    client = signed_in(auditor())
    reads = []
    for _more in range(2):
        client.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        reads.append(len([q for q in found if "SAVEPOINT" not in q["sql"]]))
        if not _more:
            for _ in range(2):
                Story(opened=story.round).fill().submit().accept().review().recommend()
    today = timezone.localdate()
    queries = {
        f"round={story.round.pk}": 3,
        f"round={story.round.pk}&decision=approve": 0,
        f"round={story.round.pk}&since={today + timedelta(days=2)}": 0,
        f"round={story.round.pk}&until={today + timedelta(days=2)}": 3,
        f"programme={story.round.programme_id}&decision=publish": 1,
    }
    monkeypatch.setattr("incentives.admin.register.ROWS", 2)
    first = client.get(f"{PAGE}?round={story.round.pk}")
    second = client.get(PAGE + first.context["shown"].next_url)
    monkeypatch.setattr("incentives.admin.register.ROWS", 50)

    assert (reads[0] == reads[1], reads[1] <= 15) == (True, True), reads
    assert {q: len(client.get(f"{PAGE}?{q}").context["entries"]) for q in queries} == queries
    assert [len(page.context["entries"]) for page in (first, second)] == [2, 1]
    for query in ("since=9999-12-31", "until=0001-01-01", "round=x", "decision=x", "after=999999"):
        assert client.get(f"{PAGE}?{query}").status_code in {200, 404}, query


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_files_tell_what_they_are_and_hold_no_formula(language: str, settings: Any) -> None:
    story = story_in("recommended")
    reason = '=HYPERLINK("http://evil")\r\n+1'
    story.step("send_back", story.approver2, reason=reason)
    client = signed_in(auditor())
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    query = f"?round={story.round.pk}"

    lines = client.get(f"/admin/incentives/application/register.csv{query}")
    book = client.get(f"/admin/incentives/application/register.xlsx{query}")

    rows = list(csv.reader(io.StringIO(b"".join(lines).decode("utf-8-sig"))))
    heading = rows.index([]) + 1
    content = io.BytesIO(b"".join(book))
    cells = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    xml = zipfile.ZipFile(content).read("xl/worksheets/sheet1.xml")
    assert len(rows[heading]) == len(cells[0]) == 14
    assert [row[9] for row in rows[heading + 1 :]] == [f"'{reason}", "Worth it"]
    assert [row[7] for row in cells[1:]] == [500_000, 500_000]
    assert (b"<f>" in xml, cells[1][9]) == (False, reason)
    assert any("register/" in line[1] for line in rows[: heading - 1])
