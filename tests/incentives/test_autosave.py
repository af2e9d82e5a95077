"""A draft is never lost: saved by itself, over nobody's newer text, by several people at once, through a sign-in."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from incentives import services
from incentives.forms.completing import shortcomings
from incentives.models import Application, SectionAnswers, SectionPresence, Visit
from incentives.services import drafting
from portal.models import HistoryEntry, User
from tests.incentives import make
from tests.incentives.stories import Story, story_in
from tests.racing import results_at_once
from tests.scripting import saved_by_itself


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def project(story: Story, tail: str = "") -> str:
    return f"/en/desk/applications/{story.application.uid}/sections/project/{tail}"


def funding(story: Story) -> str:
    return project(story).replace("project", "funding")


def test_form_that_saves_itself_is_told_the_time_and_the_version(db: None) -> None:
    story = Story()
    client = signed_in(story.editor)

    answer = saved_by_itself(client, project(story), {"aim": "To b", "version": "0"})

    saved = SectionAnswers.objects.get()
    time = timezone.localtime(saved.saved_at, timezone.get_fixed_timezone(8 * 60))
    assert (answer.status_code, answer.json()) == (
        200,
        {"version": 1, "words": f"Saved at {time:%H:%M}", "complete": True},
    )
    chinese = saved_by_itself(
        client, project(story).replace("/en/", "/zh-hans/"), {"aim": "目标", "version": "1"}
    ).json()
    assert (chinese["words"][:2], chinese["words"][-2:]) == ("已于", "保存")


def test_what_is_no_answer_yet_is_kept_as_it_was_typed(db: None) -> None:
    story = Story()
    client = signed_in(story.editor)
    data = {"project_cost": "about 4 million", "requested_amount": "500,000", "other_funding": "", "version": "0"}

    answer = saved_by_itself(client, funding(story), data)

    saved = SectionAnswers.objects.get()
    assert answer.json()["complete"] is False
    assert (saved.typed, saved.answers["requested_amount"]) == ({"project_cost": "about 4 million"}, "500000")
    page = client.get(funding(story)).text
    assert 'value="about 4 million"' in page
    assert "Write the amount in figures" not in page
    assert "Write the amount in figures" in client.get(funding(story), {"check": "1"}).text


def test_returned_application_keeps_its_amount_while_another_is_typed(db: None) -> None:
    story = story_in("returned")
    data = {"project_cost": "9000000", "requested_amount": "", "other_funding": "none", "version": "1", "draft": "1"}

    assert signed_in(story.editor).post(funding(story), data).status_code == 302

    story.application.refresh_from_db()
    assert story.application.requested_amount == story.amount
    assert SectionAnswers.objects.get(section="funding").complete is False


def test_same_text_again_is_no_new_version_and_no_history(db: None) -> None:
    story = Story()
    client = signed_in(story.editor)
    saved_by_itself(client, project(story), {"aim": "To build", "version": "0"})
    before = HistoryEntry.objects.count()

    answers = [saved_by_itself(client, project(story), {"aim": "To build", "version": v}) for v in ("0", "1")]

    assert [answer.json()["version"] for answer in answers] == [1, 1]
    assert HistoryEntry.objects.count() == before


def test_older_text_is_refused_and_the_writer_chooses_answer_by_answer(db: None) -> None:
    story = Story()
    mine, theirs = signed_in(story.editor), signed_in(story.signatory)
    data = {"project_cost": "9000000", "requested_amount": "500000", "other_funding": "none"}
    saved_by_itself(theirs, funding(story), {**data, "version": "0"})
    older = {**data, "project_cost": "8000000", "other_funding": "a loan", "version": "0", "draft": "1"}

    assert saved_by_itself(mine, funding(story), older).status_code == 409
    page = mine.post(funding(story), older)

    assert page.status_code == 409
    assert page.text.count('<fieldset class="conflict">') == 2
    assert 'value="8000000"' in page.text
    assert 'name="version" value="1"' in page.text
    chosen = {**older, "version": "1", "keep-project_cost": "theirs", "keep-other_funding": "mine"}
    assert mine.post(funding(story), chosen).status_code == 302
    saved = SectionAnswers.objects.get()
    assert (saved.version, saved.answers["project_cost"], saved.answers["other_funding"]) == (2, "9000000", "a loan")


def test_submitted_application_is_told_not_to_change(db: None) -> None:
    story = story_in("submitted")

    answer = saved_by_itself(signed_in(story.editor), project(story), {"aim": "x", "version": "1"})

    assert (answer.status_code, answer.json()) == (403, {"words": "You may not change this application now."})
    assert saved_by_itself(signed_in(make.member(make.organisation())), project(story), {}).status_code == 404


def test_text_sent_after_the_session_ended_waits_behind_the_door(db: None) -> None:
    story = Story()
    client = Client()

    assert saved_by_itself(client, project(story), {"aim": "x", "version": "0"}).status_code == 401
    door = client.post(project(story), {"aim": "A long evening's text", "version": "0", "done": "1"})
    assert (door.status_code, door.url) == (302, f"/en/accounts/login/?next={project(story)}")
    assert not SectionAnswers.objects.exists()
    client.force_login(story.editor)
    page = client.get(project(story))

    assert "A long evening&#x27;s text" in page.text
    assert "data-unsaved" in page.text
    assert "A long evening" not in client.get(project(story)).text


@pytest.mark.parametrize(("tail", "length"), [("", 300_001), ("unknown", 5)])
def test_door_keeps_no_floods_and_nothing_for_unknown_applications(db: None, tail: str, length: int) -> None:
    story = Story()
    page = project(story) if not tail else project(story).replace(str(story.application.uid), str(uuid4()))
    client = Client()

    assert client.post(page, {"aim": "x" * length, "version": "0"}).status_code == 302
    assert dict(client.session) == {}


def test_each_sees_who_else_has_the_section_open_and_until_when(db: None) -> None:
    story = Story()
    one, other = signed_in(story.editor), signed_in(story.signatory)

    assert "has this section open too" not in one.get(project(story)).text
    assert f"{story.editor.name} has this section open too, since " in other.get(project(story)).text
    assert f"{story.signatory.name} has this section open too, since " in one.get(project(story, "others/")).text
    SectionPresence.objects.filter(user=story.signatory).update(seen_at=timezone.now() - timedelta(seconds=51))
    assert "has this section open too" not in one.get(project(story, "others/")).text
    other.get(project(story))
    one.post(project(story), {"aim": "x", "version": "0", "done": "1"})  # leaves it
    assert "has this section open too" not in other.get(project(story, "others/")).text


def test_others_are_told_to_writers_alone(db: None) -> None:
    story = Story()

    assert signed_in(make.member(story.firm, "viewer")).get(project(story, "others/")).status_code == 404
    assert signed_in(make.member(make.organisation())).get(project(story, "others/")).status_code == 404
    assert signed_in(story.editor).get(project(story, "others/").replace("project", "none")).status_code == 404
    assert Client().get(project(story, "others/")).status_code == 302


def test_news_stay_news_for_half_an_hour(db: None) -> None:
    story = Story()

    def visit() -> Any:
        return services.visit_application(application=story.application, by=story.editor)

    assert visit() is None
    first = Visit.objects.get().at
    assert visit() == first
    Visit.objects.update(at=timezone.now() - timedelta(minutes=31))
    left = Visit.objects.get().at
    assert (visit(), visit()) == (left, left)


type Way = Callable[[Story, str], str]


def by_the_service(story: Story, text: str) -> str:
    try:
        services.save_section(
            application=Application.objects.get(pk=story.application.pk),
            section="project",
            answers={"aim": text},
            complete=True,
            version=0,
            by=story.editor,
        )
    except services.StaleVersionError:
        return "stale"
    return "saved"


def by_the_page(story: Story, text: str) -> str:
    answer = saved_by_itself(signed_in(story.editor), project(story), {"aim": text, "version": "0"})
    return {200: "saved", 409: "stale"}[answer.status_code]


WAYS = (by_the_service, by_the_page)


def _save_at_once(story: Story, way: Way) -> list[str]:
    """Save four texts over version 0 in threads that begin together; return how each ended."""
    return sorted(results_at_once(*(partial(way, story, text) for text in ("one", "two", "three", "four"))))


@pytest.mark.parametrize("way", WAYS)
def test_of_many_tabs_one_saves_and_none_overwrites(committed_db: str, way: Way) -> None:
    with transaction.atomic():
        story = Story()

    assert _save_at_once(story, way) == ["saved", "stale", "stale", "stale"]
    assert SectionAnswers.objects.get().version == 1


@pytest.mark.parametrize("way", WAYS)
def test_without_the_check_of_versions_tabs_overwrite_each_other(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    with transaction.atomic():
        story = Story()
    monkeypatch.setattr(drafting, "is_stale", lambda saved, version: False)

    assert _save_at_once(story, way) == ["saved"] * 4
    assert SectionAnswers.objects.get().version == 4


def test_a_save_by_itself_asks_the_database_for_little(db: None, django_assert_num_queries: Any) -> None:
    """Who signs in; the application under its lock with whether they write it, and its answers; one UPDATE."""
    story = Story()
    client = signed_in(story.editor)
    saved_by_itself(client, project(story), {"aim": "To b", "version": "0"})

    with django_assert_num_queries(4 + 2) as asked:  # two for the savepoint that stands for the request's transaction
        saved_by_itself(client, project(story), {"aim": "To build", "version": "1"})

    assert len([query for query in asked if query["sql"].startswith("UPDATE")]) == 1


def test_each_check_before_submission_leads_to_its_field(db: None) -> None:
    story = Story()
    client = signed_in(story.signatory)
    address = f"/en/desk/applications/{story.application.uid}/"
    data = {"project_cost": "4 million", "requested_amount": "500,000", "other_funding": "none", "version": "0"}
    saved_by_itself(client, funding(story), data)

    page = client.get(f"{address}submit/").text
    links = re.findall(r'<li><a href="([^"]+)">', page[page.index('id="missing"') :])[:3]

    assert links == [
        f"{project(story)}?check=1#id_aim",
        f"{funding(story)}?check=1#id_project_cost",
        f"{address}documents/plan/#id_upload",
    ]
    for link in links:
        assert f'id="{link.partition("#")[2]}"' in client.get(link.partition("#")[0]).text
    assert list(shortcomings(Story().fill().application)) == []


def test_answers_of_an_earlier_application_are_marked_until_they_are_changed(db: None) -> None:
    story = story_in("declined")
    again = services.start_application(
        round=make.round_of(story.round.programme), organisation=story.firm, by=story.editor
    )
    client = signed_in(story.editor)
    page = f"/en/desk/applications/{again.uid}/sections/project/"
    mark = f"Taken from your application {story.application.number} of "

    first = client.get(page).text
    assert (mark in first, ">\nTo build</textarea>" in first) == (True, True)
    assert not again.answers.exists()
    client.post(page, {"aim": "To build", "version": "0", "draft": "1"})
    assert mark in client.get(page).text
    client.post(page, {"aim": "To build more", "version": "1", "draft": "1"})
    assert mark not in client.get(page).text
    funding_page = client.get(page.replace("project", "funding")).text
    assert (mark in funding_page, "9000000" in funding_page) == (False, False)


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202eabc", "\ufffe", "x" * 100_001])
def test_text_that_nothing_can_hold_is_no_answer_and_breaks_nothing(db: None, text: str) -> None:
    story = Story()
    client = signed_in(story.editor)
    saved_by_itself(client, project(story), {"aim": "To build", "version": "0"})

    answer = saved_by_itself(client, project(story), {"aim": text, "version": "1"})

    saved = SectionAnswers.objects.get()
    assert (answer.status_code, answer.json()["complete"]) == (200, False)
    assert text not in {saved.answers.get("aim"), saved.typed.get("aim")}
    assert client.get(project(story)).status_code == 200


def test_script_saves_by_its_key_alone(db: None) -> None:
    story = Story()
    client = Client(enforce_csrf_checks=True)
    client.force_login(story.editor)
    key = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(project(story)).text)
    assert key
    fields = {"aim": "To build", "version": "0"}

    answers = [
        saved_by_itself(client, project(story), fields),
        saved_by_itself(client, project(story), fields | {"csrfmiddlewaretoken": key.group(1)}),
        saved_by_itself(client, project(story), fields, **{"X-CSRFToken": "x" * 64}),
        saved_by_itself(client, project(story), fields, **{"X-CSRFToken": key.group(1)}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 200]
