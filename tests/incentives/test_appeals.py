"""Appeals: once, in time, by the signatory, decided by somebody who took no part; both sides hear of it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from incentives import conditions, services
from incentives.appeal_lifecycle import APPEAL
from incentives.contributions import appeals_to_hear, to_appeal
from incentives.models import Appeal, Application
from portal import deadlines
from portal.actor import acting
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import Document, HistoryEntry, Notice, StepTaken, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import PDF, Story, story_in


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def desk(story: Story, tail: str = "appeal/") -> str:
    return f"/en/desk/applications/{story.application.uid}/{tail}"


def told(kind: str) -> set[int | None]:
    found = Notice.objects.filter(kind=f"incentives.{kind}", channel="in_app")
    return set(found.values_list("recipient_id", flat=True))


def appealed(story: Story, **data: Any) -> Appeal:
    values = {"by": story.signatory, "reasons": "The lease was renewed", "key": uuid4()} | data
    return services.appeal_decision(application=story.application, **values)


def test_desk_says_until_when_a_decision_can_be_appealed(db: None) -> None:
    story = story_in("declined")
    until = conditions.appeal_until(story.application)

    assert [(item.due_at, item.url) for item in to_appeal(story.signatory)] == [(until, desk(story, ""))]
    assert list(to_appeal(story.manager)) == []
    appealed(story)
    assert list(to_appeal(story.signatory)) == []


def test_desk_says_nothing_of_appeals_that_are_too_late(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    story = story_in("declined")
    until = conditions.appeal_until(story.application)
    assert until is not None

    monkeypatch.setattr(timezone, "now", lambda: until + timedelta(seconds=1))

    assert list(to_appeal(story.signatory)) == []


def test_signatory_appeals_once_with_a_document(db: None) -> None:
    story = story_in("declined")
    client, key = signed_in(story.signatory), str(uuid4())
    assert 'href="' + desk(story) in client.get(desk(story, "")).text
    form = client.get(desk(story)).text
    assert "You can appeal once, until " in form

    places = {
        client.post(
            desk(story), {"key": key, "reasons": "Renewed", "upload": SimpleUploadedFile("lease.pdf", PDF)}
        ).status_code
        for _ in range(3)
    }

    appeal = Appeal.objects.get()
    assert (places, appeal.reasons, appeal.status, appeal.by) == ({302}, "Renewed", "received", story.signatory)
    assert Document.objects.about(appeal).count() == 1
    assert told("appeal_noted") == {story.signatory.pk, story.editor.pk}
    assert told("to_hear_appeal") == {story.appeal.pk}
    assert deadlines.open_deadline(appeal, "remind") is not None
    assert client.post(desk(story), {"key": str(uuid4()), "reasons": "Again"}).status_code == 422
    page = client.get(desk(story)).text
    assert ("Renewed" in page, "lease.pdf" in page, "Send the appeal" in page) == (True, True, False)
    assert HistoryEntry.objects.of(appeal).count() == 1


@pytest.mark.parametrize("data", [{"reasons": ""}, {"reasons": "\u200b"}, {"reasons": "x" * 5001}, {"key": "1"}])
def test_appeal_without_reasons_or_key_is_refused(db: None, data: dict[str, str]) -> None:
    story = story_in("declined")

    answer = signed_in(story.signatory).post(desk(story), {"key": str(uuid4()), "reasons": "Why", **data})

    assert (answer.status_code, Appeal.objects.exists()) == (422, False)
    lies = {"key": str(uuid4()), "reasons": "Why", "upload": SimpleUploadedFile("a.pdf", b"MZ")}
    assert signed_in(story.signatory).post(desk(story), lies).status_code == 422
    assert not Appeal.objects.exists()


def test_others_do_not_appeal_and_foreigners_find_nothing(db: None) -> None:
    story = story_in("declined")
    data = {"key": str(uuid4()), "reasons": "Why"}

    assert signed_in(story.editor).post(desk(story), data).status_code == 422
    assert signed_in(make.member(make.organisation())).post(desk(story), data).status_code == 404
    assert not Appeal.objects.exists()
    assert "the signatory of the organisation can appeal once" in signed_in(story.editor).get(desk(story)).text
    for status in ("submitted", "offered"):
        other = story_in(status)
        assert signed_in(other.signatory).get(desk(other)).status_code == 302
        with pytest.raises(StepClosed):
            appealed(other)


def test_after_its_period_a_decision_stands(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    story = story_in("declined")
    past = timezone.now() - timedelta(days=1)
    monkeypatch.setattr("incentives.conditions.appeal_until", lambda application: past)

    with pytest.raises(StepClosed, match="The appeal period has ended"):
        appealed(story)


def test_database_keeps_one_appeal_against_a_decision_as_it_was_written(db: None) -> None:
    story, other = story_in("declined"), story_in("submitted")
    appeal = appealed(story)
    columns = "(application_id, key, reasons, status, by_id)"
    raw = f"INSERT INTO incentives_appeal {columns} VALUES (%s, gen_random_uuid(), 'x', 'received', %s)"

    for statement, values in (
        ("UPDATE incentives_appeal SET reasons = 'other'", []),
        ("UPDATE incentives_appeal SET status = 'received', reasons = ''", []),
        ("DELETE FROM incentives_appeal", []),
        (
            raw,
            [story.application.pk, story.signatory.pk],
        ),
        (
            raw,
            [other.application.pk, other.signatory.pk],
        ),
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    appeal.refresh_from_db()
    assert (appeal.reasons, Appeal.objects.count()) == ("The lease was renewed", 1)


def test_rejected_with_reasons_the_decision_stands(db: None) -> None:
    story = story_in("declined")
    appeal = appealed(story)

    with pytest.raises(StepClosed, match="Give the reasons"):
        services.reject_appeal(appeal=appeal, by=story.appeal, reason=" ")
    services.reject_appeal(appeal=appeal, by=story.appeal, reason="The lease ends in March")

    assert told("appeal_rejected") == {story.signatory.pk, story.editor.pk}
    page = signed_in(story.signatory).get(desk(story)).text
    assert "The lease ends in March" in page
    assert "rejected" in signed_in(story.signatory).get(desk(story, "")).text
    with pytest.raises(StepClosed, match="The appeal was rejected"):
        story.step("reopen", story.appeal, reason="After all")
    assert deadlines.open_deadline(appeal, "remind") is None


def test_upheld_it_reopens_the_application_however_long_the_officer_took(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = story_in("declined")
    appeal = appealed(story)
    past = timezone.now() - timedelta(days=1)
    monkeypatch.setattr("incentives.conditions.appeal_until", lambda application: past)

    story.step("reopen", story.appeal, reason="The lease covers it")

    appeal.refresh_from_db()
    assert (story.application.status, appeal.status) == ("under_review", "upheld")
    assert told("reopened") == {story.signatory.pk, story.editor.pk}
    assert StepTaken.objects.about(appeal).get(step="uphold").reason == "The lease covers it"
    with pytest.raises(StepClosed):
        services.reject_appeal(appeal=appeal, by=story.appeal, reason="No")
    story.step("decline", story.manager, reason="Still no")
    with pytest.raises(StepClosed, match="There is an appeal already"):
        appealed(story)


def test_only_an_appeal_officer_who_took_no_part_decides(db: None) -> None:
    story = story_in("declined")
    appeal = appealed(story)
    took_part = make.person("officer", Role.APPEAL)
    StepTaken.objects.create(
        subject=story.application, step="remind", source="submitted", target="submitted", by=took_part
    )

    for user in (story.manager, story.approver, story.screener, took_part, story.signatory, make.person()):
        with pytest.raises(NotAllowed):
            services.reject_appeal(appeal=appeal, by=user, reason="No")
    assert [item.title for item in appeals_to_hear(story.appeal)] == [
        f"{story.application.number} · {story.firm.title}"
    ]
    assert (list(appeals_to_hear(took_part)), list(appeals_to_hear(story.manager))) == ([], [])


def test_officer_decides_in_the_workplace(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True  # a second factor is not the subject
    stories = [story_in("declined"), story_in("declined")]
    appeals = [appealed(story, upload=SimpleUploadedFile("lease.pdf", PDF)) for story in stories]
    for story, appeal, step, status in zip(stories, appeals, ("reject", "reopen"), ("rejected", "upheld"), strict=True):
        page, client = f"/admin/incentives/appeal/{appeal.pk}/", signed_in(story.appeal)
        shown = client.get(f"{page}change/").text
        assert ("The lease was renewed" in shown, "Not this time" in shown, "lease.pdf" in shown) == (True, True, True)
        assert client.post(f"{page}{step}/", {f"{step}-reason": ""}).status_code == 422
        assert client.post(f"{page}{step}/", {f"{step}-reason": "Heard"}).status_code == 302
        appeal.refresh_from_db()
        assert appeal.status == status
        assert f"{page}{step}/" not in client.get(f"{page}change/").text
        manager = signed_in(story.manager)
        assert (manager.get(f"{page}change/").status_code, manager.get(f"{page}{step}/").status_code) == (200, 404)
        assert signed_in(story.finance).get(f"{page}change/").status_code in {403, 404}
    document = Document.objects.about(appeals[0]).get()
    assert signed_in(stories[0].appeal).get(f"/documents/{document.uid}/").getvalue() == PDF
    assert signed_in(stories[0].finance).get(f"/documents/{document.uid}/").status_code == 404
    assert signed_in(stories[1].signatory).get(f"/documents/{document.uid}/").status_code == 404


def test_overdue_appeal_is_told_to_who_can_decide_it(db: None) -> None:
    story = story_in("declined")

    APPEAL.apply(appealed(story), "remind", by=SYSTEM)

    assert told("appeal_overdue") == {story.appeal.pk}


def test_two_officers_decide_once(committed_db: str) -> None:
    with transaction.atomic():
        story = story_in("declined")
        other = make.person("appeal2", Role.APPEAL)
        appeal = appealed(story)
    barrier, ended = threading.Barrier(2, timeout=20), []

    def at_once(call: Callable[[], object]) -> None:
        try:
            with acting("test"):
                barrier.wait()
                call()
            ended.append("done")
        except StepClosed:
            ended.append("closed")
        finally:
            connection.close()

    application = Application.objects.get(pk=story.application.pk)
    calls = [
        lambda: services.reject_appeal(appeal=Appeal.objects.get(pk=appeal.pk), by=story.appeal, reason="No"),
        lambda: services.take_step(application=application, step="reopen", by=other, reason="Yes"),
    ]
    threads = [threading.Thread(target=at_once, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    outcome = (Appeal.objects.get().status, Application.objects.get().status)
    assert sorted(ended) == ["closed", "done"]
    assert outcome in {("rejected", "declined"), ("upheld", "under_review")}
