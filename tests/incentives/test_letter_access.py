"""Who opens letters, and who checks them by number and code."""

from typing import Any

import pytest
from django.test import Client

from incentives import letters, services
from portal import work
from portal.local_form import day
from portal.models import Notice
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import join, story_in
from tests.incentives.test_letters import letter_of, signed_in


def status(client: Client, path: str) -> int:
    answer = client.get(path)
    if answer.streaming:
        answer.getvalue()  # closes the file
    return answer.status_code


def test_only_who_may_see_the_application_opens_its_letters(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True  # staff need no second factor
    story = story_in("offered")
    letter, before = letter_of(story, "offer"), signed_in(story.signatory)
    waiting = before.get(letter.get_absolute_url())
    work.run(letters.QUEUE)
    letter.refresh_from_db()
    file = f"/documents/{letter.document.uid}/"
    viewer, stranger, other_member = make.person(), make.person(), make.member(make.organisation())
    join(story.firm, viewer)
    auditor = make.person(role=Role.AUDITOR)
    join(make.organisation(), auditor)
    assignment = story.application.assignments.all()[0]
    services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=True)
    answers = {}
    for name, user in {
        "viewer": viewer,
        "manager": story.manager,
        "stranger": stranger,
        "other": other_member,
        "auditor": auditor,
        "conflicted": assignment.reviewer,
        "registry": make.person(role=Role.REGISTRY),
    }.items():
        client = signed_in(user)
        answers[name] = [status(client, path) for path in (f"/en/desk/letters/{letter.uid}/", file)]
    anonymous = Client()

    assert (waiting.status_code, "being prepared" in waiting.content.decode()) == (200, True)
    assert answers == {
        "viewer": [302, 200],
        "manager": [302, 200],
        "stranger": [404, 404],
        "other": [404, 404],
        "auditor": [302, 200],
        "conflicted": [404, 404],
        "registry": [404, 404],
    }
    assert [anonymous.get(path).status_code for path in (letter.get_absolute_url(), file)] == [302, 302]
    assert [signed_in(stranger).post(path).status_code for path in (letter.get_absolute_url(), file)] == [405, 405]
    download = signed_in(story.signatory).get(letter.get_absolute_url(), follow=True)
    content = download.getvalue()
    assert (download["Content-Type"], content[:5]) == ("application/pdf", b"%PDF-")
    assert letter.number in download["Content-Disposition"]


@pytest.mark.parametrize("number", [1, 3])
def test_pages_list_the_letters_in_one_query(
    db: None, number: int, django_assert_num_queries: Any, settings: Any
) -> None:
    settings.DEMONSTRATION = True  # staff need no second factor
    story = story_in("submitted")
    for _more in range(number - 1):
        story.give_back()
        story.submit()
    from incentives.templatetags.incentives import letters as tag

    with django_assert_num_queries(1):
        listed = tag(story.application)["letters"]

    assert [len(both) for both in listed] == [2] * (2 * number - 1)
    page = signed_in(story.signatory).get(f"/zh-hans/desk/applications/{story.application.uid}/").content.decode()
    screen = signed_in(story.manager).get(f"/admin/incentives/application/{story.application.pk}/change/")
    path = story.application.letters.filter(language="zh-hans").latest("id").get_absolute_url().removeprefix("/en")
    assert page.count(f"/zh-hans{path}") == 1
    assert screen.content.decode().count(path) == 1


def test_notice_leads_to_the_letter_and_attaches_nothing(db: None, settings: Any) -> None:
    story = story_in("declined")
    notice = Notice.objects.get(kind="incentives.declined", channel="email", recipient=story.signatory)
    uids = {language: letter_of(story, "decline", language).uid for language in ("en", "zh-hans")}

    assert notice.context["letter"] == {
        "en": f"{settings.SITE_URL}/en/desk/letters/{uids['en']}/",
        "zh": f"{settings.SITE_URL}/zh-hans/desk/letters/{uids['zh-hans']}/",
    }


def test_letter_is_verified_by_number_and_code_together(db: None, client: Client) -> None:
    story = story_in("declined")
    letter, other = letter_of(story, "decline"), letter_of(story, "receipt")
    work.run(letters.QUEUE)
    letter.refresh_from_db()
    fingerprint = str(letter.file_sha256)

    def asked(number: str, code: str, language: str = "en") -> str:
        return client.get(f"/{language}/letters/", {"number": number, "code": code}).content.decode()

    genuine = asked(letter.number, letter.code)
    assert [part in genuine for part in (fingerprint, "Decision not to support", day(letter.issued_at))] == [True] * 3
    assert [part in genuine for part in (story.firm.name_en, "Not this time", str(letter.uid))] == [False] * 3
    assert "不予支持决定书" in asked(letter.number, letter.code, "zh-hans")
    fullwidth = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in letter.code.lower())
    assert fingerprint in asked(f" {letter.number.lower()} ", fullwidth)
    refused = [asked(letter.number, other.code), asked("YP-2026-999999-01", letter.code), asked("x", "y")]
    assert ["No letter bears this number and this code together" in page for page in refused] == [True] * 3
    assert [fingerprint in page for page in refused] == [False] * 3
    for number, code in (("\u202e" * 9, "1" * 41), ("", letter.code), ("长" * 6000, "'--")):
        assert client.get("/en/letters/", {"number": number, "code": code}).status_code == 200
