"""Each kind of question through form and page, files among them, and bad input: what is required, kept and read."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from incentives import declarations, questions, services
from incentives.conditions import ready_to_submit
from incentives.models import Application, Question, SectionAnswers, Snapshot
from portal.models import Document
from tests.incentives import asking, make
from tests.incentives.asking import hand_in, kept, page, send, signed_in
from tests.incentives.stories import PDF, Story

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return Story(opened=make.round_of(asking.programme()))


def test_every_kind_is_kept_as_json_without_floating_point(story: Story) -> None:
    assert send(story).status_code == 302

    row = SectionAnswers.objects.get()
    assert (row.answers, row.complete) == (asking.KEPT, True)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["CNY 1,250,000.50", "Trial", "<li>Data</li><li>People</li>", ">CNY 300,000</td>", "15 January 2027"],
        ),
        ("zh-hans", ["1,250,000.50元", "选项 trial", "<li>选项 data</li>", ">30万元</td>", "2027年1月15日"]),
    ],
)
def test_answers_are_read_in_words_and_typed_again_as_they_are(story: Story, language: str, words: list[str]) -> None:
    send(story)
    client = signed_in(story.editor)

    shown = client.get(page(story, "answers/", language)).text
    form = client.get(page(story, language=language)).text

    assert [text for text in words if text not in shown] == []
    assert 'name="staff.0.pay" id="id_staff-0-pay" value="300000.00"' in form
    assert re.search(r'value="people"[^>]*checked', form)


AMOUNTS = ["1_000", "１２", "1e1000", "NaN", "-0", "1.234", "0x1", "9" * 40, "1\x002", "=1+1"]
HOSTILE: dict[str, list[Any]] = {
    "cost": AMOUNTS,
    "stage": ["market", "\x00", "trial\u200b"],
    "needs": [["data", "9" * 99], ["\x00"]],
    "partner": ["maybe"],
    "staff.0.years": ["1_0", "٣", "-1", "1e9"],
    "staff.0.pay": AMOUNTS,
    "staff.0.from": ["0000-13-99", "10000-01-01", "29.02.2027"],
    "staff.0.name": ["a\x00b", "\u202ea", "\u200b\u200b", "x" * 301],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_value_gets_a_form_error_and_is_no_answer(story: Story, name: str) -> None:
    for value in HOSTILE[name]:
        response = send(story, **{name: value, "staff.1.name": "Still here"})
        assert (response.status_code, 'value="Still here"' in response.text) == (422, True), value
        if name.startswith("staff"):
            assert f"Row 1, “{name.rpartition('.')[2].title()}”: " in response.text
    saved = SectionAnswers.objects.get()
    assert (name.partition(".")[0] in saved.answers, saved.complete) == (False, False)


def test_text_that_could_be_markup_or_a_formula_is_shown_as_text(story: Story) -> None:
    texts = ["<script>alert(1)</script>", "{{ 7*7 }}{% x %}", "=1+1", "长" * 300, "𠀀"]
    rows = {
        f"staff.{place}.{key}": value
        for place in range(5)
        for key, value in (("years", "0"), ("pay", "0"), ("from", "2027-01-15"))
    }
    assert send(story, **{f"staff.{place}.name": text for place, text in enumerate(texts)}, **rows).status_code == 302

    shown = signed_in(story.editor).get(page(story, "answers/")).text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>alert" not in shown
    assert [row["name"] for row in kept()["staff"]] == texts


def test_rows_and_columns_that_the_form_does_not_have_are_not_kept(story: Story) -> None:
    strange = {"staff.5.name": "beyond", "staff.99.name": "a", "staff.9999999.name": "b", "staff.0.x": "c"}

    assert send(story, **strange, **{"staff.-1.name": "d", "staff.1.name": " ", "nothing": "e"}).status_code == 302
    assert kept() == asking.KEPT


def test_table_lacks_rows_and_cells_in_words(story: Story) -> None:
    Question.objects.filter(slug="staff").update(rows_least=2)
    story = Story(opened=make.round_of(story.round.programme))

    assert "Fill in at least 2 rows." in send(story).text
    assert "Row 2: fill in “Years”." in send(story, **{"staff.1.name": "Wang"}).text
    empty = {name: None for name in asking.ANSWERS if name.startswith("staff")}
    assert "Fill in the table." in send(story, **empty).text


def test_table_grows_without_a_script_and_loses_nothing(story: Story) -> None:
    typed = {"staff.1.name": "not yet", "staff.1.pay": "wrong", "aim": "<b>=1</b>"}

    grown = send(story, "add_row", add_row="staff", **typed)

    assert (grown.status_code, SectionAnswers.objects.exists()) == (200, False)
    assert 'name="staff.3.name"' in grown.text
    assert "field--error" not in grown.text
    assert [
        text
        for text in ('value="not yet"', 'value="wrong"', "&lt;b&gt;=1&lt;/b&gt;", 'value="1,250,000.50"')
        if text not in grown.text
    ] == []
    full = send(story, "add_row", add_row="staff", **{f"staff.{n}.name": "x" for n in range(5)})
    assert ('name="staff.4.name"' in full.text, 'name="add_row"' in full.text) == (True, False)
    assert send(story, "add_row", add_row="nothing").status_code == 200


def test_older_tab_chooses_where_the_newer_differs_and_keeps_its_table(story: Story) -> None:
    send(story)

    response = send(story, version="0", stage="research")

    assert response.status_code == 409
    assert response.text.count('<fieldset class="conflict">') == 1
    assert 'name="keep-stage" value="theirs"' in response.text
    assert 'name="staff.0.name" id="id_staff-0-name" value="Li 李"' in response.text
    assert kept() == asking.KEPT


# --- Files ------------------------------------------------------------------------------------


def test_file_is_added_on_its_page_and_submitted_with_its_digest(story: Story) -> None:
    client = signed_in(story.editor)
    asked = send(story, "file", file="agreement", partner="yes")
    assert asked.url == page(story, "sections/project/files/agreement/")
    assert "Add the file." in send(story, partner="yes").text

    assert client.post(asked.url, {"upload": SimpleUploadedFile("a.exe", PDF)}).status_code == 422
    added = client.post(asked.url, {"upload": SimpleUploadedFile("协议.pdf", PDF)})
    assert (added.url, send(story, partner="yes").status_code) == (page(story), 302)
    story.fill_rest().submit()

    document = Document.objects.get(purpose="application_project.agreement")
    snapshot = Snapshot.objects.get()
    file = {"name": "协议.pdf", "sha256": document.sha256, "uid": str(document.uid)}
    assert snapshot.content["answers"]["project"] == {**asking.KEPT, "partner": "yes", "agreement": file}
    assert [d["slug"] for d in snapshot.content["documents"]] == ["plan"]
    assert client.get(f"/documents/{document.uid}/").getvalue() == PDF
    assert signed_in(make.member(make.organisation())).get(f"/documents/{document.uid}/").status_code == 404


def test_file_that_is_not_clean_is_no_link_and_stops_the_submission(story: Story) -> None:
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    story.fill_rest()
    document = Document.objects.get(purpose="application_project.agreement")
    words = "The document “agreement.pdf” is still being checked, or was refused."
    for status in ("pending", "infected"):
        Document.objects.filter(pk=document.pk).update(status=status)
        for tail in ("answers/", "sections/project/", "sections/project/files/agreement/", "submit/"):
            shown = signed_in(story.editor).get(page(story, tail)).text
            assert ("agreement.pdf" in shown, f"/documents/{document.uid}/" in shown) == (True, False), tail
        assert [str(reason) for reason in ready_to_submit(story.application)] == [words]


def test_each_file_says_how_far_its_check_is(story: Story, settings: Any) -> None:
    settings.DEMONSTRATION = True  # the second factor is not the subject
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    story.fill_rest()
    files = Document.objects.filter(purpose__in=["application_project.agreement", "application_plan"])
    addresses = ("", "sections/project/", "sections/project/files/agreement/", "documents/plan/", "answers/")

    for change, words in [
        ({}, "type and size checked; no virus scanner is set"),
        ({"status": "pending"}, "being checked"),
        ({"status": "infected", "scanned_by": "ClamAV 1.4"}, "refused: malicious content"),
        ({"status": "clean"}, "checked for viruses"),
    ]:
        files.update(**change)
        said = [signed_in(story.editor).get(page(story, tail)).text.count(words) for tail in addresses]
        assert said == [1, 1, 1, 1, 2], words
    story.submit()
    shown = signed_in(story.screener).get(f"/admin/incentives/application/{story.application.pk}/change/").text
    assert shown.count("checked for viruses") == 2


def test_file_taken_back_is_asked_for_again(story: Story) -> None:
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    assert questions.unfinished(story.application) == set()

    response = signed_in(story.editor).post(page(story, "sections/project/files/agreement/"), {"remove": "1"})

    assert response.url == page(story)
    assert questions.unfinished(Application.objects.get(pk=story.application.pk)) == {"project"}
    for other in ("aim", "nothing", "agreement-2"):
        assert signed_in(story.editor).get(page(story, f"sections/project/files/{other}/")).status_code == 404
    story.fill_rest()
    assert "Complete the section “Project”." in [str(reason) for reason in ready_to_submit(story.application)]


def test_public_page_says_which_files_are_asked_for(story: Story) -> None:
    shown = Client().get(f"/en/incentives/{story.round.programme.slug}/").text

    assert re.search(r"agreement\? <span class=\"hint\">Answer only if you chose “Yes” for “partner\?”\.</span>", shown)


def test_staff_read_what_was_submitted(story: Story, settings: Any) -> None:
    settings.DEMONSTRATION = True
    send(story, "draft", partner="yes")
    hand_in(story)
    send(story, partner="yes")
    story.fill_rest().submit()
    send(story)  # too late

    shown = signed_in(story.screener).get(f"/admin/incentives/application/{story.application.pk}/change/").text

    assert [
        text
        for text in ("<td>Li 李</td>", "<li>Data</li>", "CNY 1,250,000.50", ">agreement.pdf</a>")
        if text not in shown
    ] == []


def test_same_submission_holds_the_same_answers(story: Story) -> None:
    send(story)
    story.fill_rest()
    key = uuid4()
    for _ in range(2):
        services.submit_application(
            application=story.application, by=story.signatory, key=key, declared=declarations.KEYS
        )

    assert Snapshot.objects.get().content["answers"]["project"] == asking.KEPT


def test_file_page_is_for_those_who_write_while_the_application_is_open(story: Story) -> None:
    address = page(story, "sections/project/files/agreement/")
    viewer = signed_in(make.member(story.firm, "viewer"))
    upload = {"upload": SimpleUploadedFile("a.pdf", PDF)}

    assert viewer.post(address, upload).url == page(story, "")
    send(story)
    story.fill_rest().submit()
    assert signed_in(story.editor).post(address, upload).url == page(story, "")
    assert signed_in(story.editor).post(address, {"remove": "1"}).url == page(story, "")
    assert signed_in(make.member(make.organisation())).get(address).status_code == 404
    assert story.application.documents.filter(slug="project.agreement").exists() is False
