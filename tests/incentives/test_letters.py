"""Letters: which step writes which, what they say, that they are issued once, who opens and who checks them."""

from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import translation
from weasyprint.urls import FatalURLFetchingError

from firms.models import Organisation
from firms.models.organisations import SELF_REGISTERED
from incentives import letters, services
from incentives.durations import Usual
from incentives.letter_words import compose
from incentives.models import Application, Letter, Question
from incentives.tranches import instalments
from portal import documents, pdf, work
from portal.local_form import day, moment
from portal.models import Deadline, Document, StepTaken, User
from tests.incentives import make
from tests.incentives.stories import Story, story_in


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def letter_of(story: Story, kind: str, language: str = "en") -> Letter:
    return story.application.letters.get(kind=kind, language=language)


def shown(letter: Letter) -> dict[str, str]:
    """Return the rows of a letter's tables of terms."""
    return {term: value for block in letter.content["body"] if block["kind"] == "rows" for term, value in block["rows"]}


def words(letter: Letter) -> list[str]:
    """Return the paragraphs of a letter, typed ones too."""
    return [block["text"] for block in letter.content["body"] if "text" in block]


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


# --- Which step writes which --------------------------------------------------------------


def issued(story: Story) -> list[tuple[str, str, str]]:
    number = story.application.number or ""
    rows = story.application.letters.order_by("id").values_list("kind", "language", "number")
    return [(kind, language, found.removeprefix(number)) for kind, language, found in rows]


def pairs(*kinds: str) -> list[tuple[str, str, str]]:
    return [(kind, side, f"-{n:02d}") for n, kind in enumerate(kinds, 1) for side in ("zh-hans", "en")]


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("draft", ()),
        ("withdrawn", ()),  # a draft: nothing was ever received
        ("returned", ("receipt", "return")),
        ("first_approved", ("receipt",)),
        ("declined", ("receipt", "decline")),
        ("active", ("receipt", "decision", "offer", "award")),
    ],
)
def test_each_step_writes_its_letter_in_both_languages(db: None, status: str, kinds: tuple[str, ...]) -> None:
    assert issued(story_in(status)) == pairs(*kinds)


def test_withdrawal_appeal_and_upheld_objection_write_letters(db: None) -> None:
    offered, declined, noticed = story_in("offered"), story_in("declined"), story_in("public_notice")
    services.object_to_award(
        application=noticed.application, name="A", email="a@demo.example", reason="Not so", key=noticed.application.uid
    )

    offered.withdraw()
    declined.step("reopen", declined.appeal, reason="The fees were read wrongly")
    noticed.step("uphold_objection", noticed.approver2, reason="It is so")

    assert issued(offered) == pairs("receipt", "decision", "offer", "withdrawal")
    assert issued(declined) == pairs("receipt", "decline", "appeal")
    assert issued(noticed) == pairs("receipt", "decision", "objection")
    assert words(letter_of(declined, "appeal"))[2] == "The fees were read wrongly"
    assert words(letter_of(noticed, "objection"))[2] == "It is so"


def test_rejected_appeal_is_told_by_letter(db: None) -> None:
    story = story_in("declined")
    appeal = services.appeal_decision(
        application=story.application, by=story.signatory, reasons="Read again", key=story.application.uid
    )
    services.reject_appeal(appeal=appeal, by=story.appeal, reason="They were not")

    assert issued(story) == pairs("receipt", "decline", "appeal")
    assert words(letter_of(story, "appeal"))[2] == "They were not"


def test_step_that_fails_leaves_no_letter(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    story = story_in("submitted")
    monkeypatch.setattr("incentives.notices.Returned.tell", lambda *_args: 1 / 0)

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        story.give_back()

    assert issued(story) == pairs("receipt")


# --- What they say ------------------------------------------------------------------------


def test_offer_says_terms_in_figures_and_words_and_until_when(db: None) -> None:
    story = story_in("offered", amount=1_680_320, four_eyes_threshold=Decimal(5_000_000))
    until = Deadline.objects.about(story.application).get(step="lapse", done_at=None).due_at
    english, chinese = letter_of(story, "offer"), letter_of(story, "offer", "zh-hans")

    assert (english.content["title"], chinese.content["title"]) == ("Offer of support", "拟支持通知书")
    assert (english.content["to"], chinese.content["to"]) == (story.firm.name_en, story.firm.name_zh)
    assert shown(english)["Amount"] == "CNY 1,680,320.00"
    assert shown(english)["Amount in words"] == (
        "Renminbi one million six hundred and eighty thousand three hundred and twenty yuan"
    )
    assert shown(chinese)["金额（大写）"] == "人民币壹佰陆拾捌万零叁佰贰拾元整"
    with translation.override("zh-hans"):
        assert f"本通知有效期至{moment(until)}（上海时间）。" in words(chinese)[-1]
    assert f"The offer stands until {moment(until)} (Shanghai time)." in words(english)[-1]
    assert chinese.content["closing"] == "特此通知。"


def test_offer_says_in_which_instalments_it_is_paid(db: None) -> None:
    programme = make.programme(four_eyes_threshold=Decimal(5_000_000), open_to_incoming=True)
    first, last = programme.tranches.order_by("position")
    type(first).objects.filter(pk=first.pk).update(share=33)
    type(last).objects.filter(pk=last.pk).update(share=67)
    firm = make.eligible_organisation(status="incoming", source=SELF_REGISTERED)
    story = Story(opened=make.round_of(programme), firm=firm, amount=100_001).fill().submit().accept().review()
    story.recommend().approve().confirm()

    english, chinese = (
        next(block for block in letter_of(story, "offer", language).content["body"] if block["kind"] == "table")
        for language in ("en", "zh-hans")
    )
    assert (english["head"], english["rows"]) == (
        ["Instalment, once this is reached", "Share", "Amount"],
        [["1. Contract signed", "33%", "CNY 33,000.33"], ["2. Project accepted", "67%", "CNY 67,000.67"]],
    )
    assert (chinese["head"], chinese["rows"]) == (
        ["拨付期次（达到以下条件后）", "比例", "金额"],
        [["1. 签订合同", "33%", "33,000.33元"], ["2. 项目验收", "67%", "67,000.67元"]],
    )
    moving_in = "the first instalment also waits until your company is registered in Yangpu District"
    assert [moving_in in text for text in words(letter_of(story, "offer"))].count(True) == 1
    assert [moving_in in text for text in words(letter_of(story_in("offered"), "offer"))].count(True) == 0


@pytest.mark.parametrize(("amount", "parts"), [("100.00", ["33.00", "67.00"]), ("0.01", ["0.00", "0.01"])])
def test_instalments_add_up_to_the_award_to_the_fen(amount: str, parts: list[str]) -> None:
    plan = [{"share": share, "milestone_en": "", "milestone_zh": ""} for share in (33, 67)]

    assert [one.amount for one in instalments({"tranches": plan}, Decimal(amount))] == list(map(Decimal, parts))


def test_receipt_promises_dates_one_after_another_and_annexes_what_was_submitted(db: None) -> None:
    story = story_in("submitted", notice_days=7)
    receipt, due = letter_of(story, "receipt"), Deadline.objects.about(story.application).get(step="remind").due_at

    table = next(block for block in receipt.content["body"] if block["kind"] == "table")
    expected = [datetime.strptime(row[1].partition(" (")[0], "%d %B %Y").replace(tzinfo=UTC) for row in table["rows"]]
    assert [row[0] for row in table["rows"]] == ["Screening", "Review", "Decision", "Public notice", "Offer and award"]
    assert table["rows"][0][1].partition(" (")[0] == day(due)
    assert expected == sorted(set(expected))
    typed = [block["text"] for block in receipt.content["annex"] if block["kind"] == "typed"]
    assert typed == ["To build", "CNY 9 million", "CNY 500,000", "none"]
    assert receipt.content["annex"][0]["rows"] == [
        ["Fingerprint of what was submitted (SHA-256)", story.application.snapshots.get().sha256]
    ]


def test_receipt_says_how_long_steps_usually_take_where_that_is_known(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = {Application.Status.UNDER_REVIEW: Usual(days=8, cases=31, of_programme=True)}
    monkeypatch.setattr("incentives.expecting.usual_durations", lambda _programme: usual)

    receipt = letter_of(story_in("submitted"), "receipt")

    table = next(block for block in receipt.content["body"] if block["kind"] == "table")
    words = "usually 8 working days (median of 31 applications to this programme)"
    assert [row[2] for row in table["rows"]] == ["", words, "", "", ""]


def test_return_says_what_to_change_and_until_when(db: None) -> None:
    story = story_in("returned")
    until = Deadline.objects.about(story.application).get(step="lapse", done_at=None).due_at
    english, chinese = letter_of(story, "return"), letter_of(story, "return", "zh-hans")

    assert (words(english)[1:3], words(chinese)[1:3]) == (["Project", "Say more"], ["项目", "Say more"])
    assert [block["language"] for block in chinese.content["body"] if block["kind"] == "typed"] == ["en"]
    assert f"submit again by {moment(until)} (Shanghai time)" in words(english)[-1]


def test_decline_tells_of_the_appeal_once(db: None) -> None:
    story = story_in("declined", contact="Office", telephone="021-0000 0000", appeal_days=9)
    first = letter_of(story, "decline")
    story.step("reopen", story.appeal, reason="heard")
    story.decline()
    second = story.application.letters.filter(kind="decline", language="en").latest("id")

    assert words(first)[2] == "Not this time"
    assert words(first)[4].startswith("You can appeal once, on the page of the application, until ")
    assert words(first)[5] == "Questions: Office 021-0000 0000"
    assert words(second)[4] == "An appeal of this application has been heard already; there is no second one."


def test_letter_stays_as_the_record_stood_at_its_step(db: None) -> None:
    story = story_in("declined")
    before = letter_of(story, "decline").content
    Organisation.objects.filter(pk=story.firm.pk).update(name_en="Another Name")
    Application.objects.get(pk=story.application.pk).round.programme.telephone = "110"

    assert letter_of(story, "decline").content == before
    assert before["to"] == story.firm.name_en


# --- Once, and never changed --------------------------------------------------------------


def test_worker_makes_each_file_once_and_the_content_gives_the_same_bytes_again(db: None) -> None:
    story = story_in("submitted")

    done, again = work.run(letters.QUEUE), work.run(letters.QUEUE)

    chinese = letter_of(story, "receipt", "zh-hans")
    kept = chinese.document.file.open("rb").read()
    chinese.document.file.close()
    assert (done, again, Document.objects.filter(purpose="letter").count()) == (2, 0, 2)
    assert chinese.file_sha256 == chinese.document.sha256
    assert letters.printed(chinese) == kept
    reader = pypdf.PdfReader(BytesIO(kept))
    root: Any = reader.root_object
    assert root["/Lang"] == "zh-Hans"
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 -- an object of the file
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == f"申报材料接收回执 {chinese.number}"
    assert b"pdfuaid" in reader.xmp_metadata.stream.get_data()
    text = text_of(kept)
    for part in ("申报材料接收回执", chinese.number, chinese.code, "To build", "杨浦区投资服务门户", "第1页，共"):
        assert part in text, part


def test_database_keeps_letters_as_they_were_issued(db: None) -> None:
    letter = letter_of(story_in("submitted"), "receipt")
    refused = [
        "UPDATE incentives_letter SET content = '{}' WHERE id = %s",
        "UPDATE incentives_letter SET number = 'X' WHERE id = %s",
        "UPDATE incentives_letter SET done_at = now() WHERE id = %s",
        "DELETE FROM incentives_letter WHERE id = %s",
        """INSERT INTO incentives_letter
           (uid, application_id, step_id, kind, language, number, code, content, sha256, last_error)
           SELECT gen_random_uuid(), application_id, step_id, 'offer', language, 'Y', 'Z', '{}', '', ''
             FROM incentives_letter WHERE id = %s""",
    ]
    for statement in refused:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [letter.pk])

    work.run(letters.QUEUE)
    for column in ("file_sha256 = 'x'", "document_id = NULL, file_sha256 = NULL, done_at = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE incentives_letter SET {column} WHERE id = %s", [letter.pk])


def test_letter_waits_where_nothing_can_be_printed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = letter_of(story_in("submitted"), "receipt")

    def cannot() -> None:
        raise pdf.CannotPrintError("no font")

    monkeypatch.setattr(pdf, "ensure_can_print", cannot)
    done = work.run(letters.QUEUE)

    letter.refresh_from_db()
    assert (done, letter.done_at, letter.parked_at, letter.tries) == (0, None, None, 0)


# --- Hostile values -----------------------------------------------------------------------

HOSTILE = '<img src="file:///etc/passwd"><style>@import "http://127.0.0.1/x.css"</style>{{7*7}}{% now "Y" %}'


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "data:text/css,p{}", "https://example.org/x", "picture:1"],
)
def test_page_that_asks_for_an_address_is_not_printed(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    page = f'<!doctype html><html lang="en"><title>x</title><img alt="" src="{address}">'
    sheets = {"page": page, "empty": "", "plain": "<!doctype html><title>x</title>", "css": f"@import url({address});"}
    monkeypatch.setattr(pdf, "render_to_string", lambda name, *_context: sheets[name])

    for template, stylesheet in (("page", "empty"), ("plain", "css")):
        with pytest.raises(FatalURLFetchingError):
            pdf.render_pdf(template, {}, stylesheet=stylesheet, made_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_typed_values_are_printed_as_they_are_typed(db: None) -> None:
    story = story_in("submitted", title_en=HOSTILE, title_zh="=1+1", contact="\u202etcatnoc\u202c <b>")
    Organisation.objects.filter(pk=story.firm.pk).update(name_en="\u202eEvil\u2066 & Sons\u200b")
    story.application = Application.objects.get(pk=story.application.pk)
    story.step("decline", story.manager, reason='=HYPERLINK("http://127.0.0.1/")\r\nsecond\x0bline\ttab')

    letter = letter_of(story, "decline")
    text = text_of(letters.printed(letter))

    assert letter.content["to"] == "Evil & Sons"
    assert words(letter)[5] == "Questions: tcatnoc <b>"
    assert words(letter)[2] == '=HYPERLINK("http://127.0.0.1/")\nsecondline tab'
    flat = "".join(text.split())
    assert "".join(HOSTILE.split()) in flat
    assert '=HYPERLINK("http://127.0.0.1/")' in flat


def test_answer_of_20000_characters_breaks_over_pages(db: None) -> None:
    story = Story()
    Question.objects.filter(slug="aim").update(maximum_length=20_000)
    story.fill()
    long = "".join(f"第{n:05d}句说明项目的研发内容和预期成效。" for n in range(870))[:20_000]
    services.save_section(
        application=story.application,
        section="project",
        answers={"aim": long},
        complete=True,
        version=1,
        by=story.editor,
    )
    story.application = Application.objects.get(pk=story.application.pk)
    story.submit()

    pages = [
        "".join(page.extract_text().split())
        for page in pypdf.PdfReader(BytesIO(letters.printed(letter_of(story, "receipt", "zh-hans")))).pages
    ]

    assert len(pages) > 12
    assert min(len(page) for page in pages[1:-1]) > 700  # no page is left half empty
    assert all(f"第{n:05d}句" in "".join(pages) for n in (0, 300, 869 - 30))
    assert pages[-1].count(f"第{len(pages)}页，共{len(pages)}页") == 1


def test_letters_words_are_all_translated(db: None) -> None:
    """Every letter reads differently in Chinese: no English sentence is left in it."""
    story = story_in("active")
    taken = StepTaken.objects.about(story.application).latest("id")
    for kind in Letter.Kind:
        with translation.override("zh-hans"):
            chinese = compose(kind, application=story.application, taken=taken, number="N", code="C")
        sentences = [block["text"] for block in chinese["body"] if block["kind"] in {"text", "heading"}]
        assert [s for s in (*sentences, chinese["title"]) if s.isascii()] == [], kind


def test_file_that_the_portal_made_has_no_uploader(db: None) -> None:
    kept = documents.keep_made(
        content=b"x",
        name="a/../b\u202e.pdf",
        media_type="application/pdf",
        subject=make.organisation(),
        purpose="letter",
    )

    assert (kept.name, kept.size, kept.uploaded_by, kept.status) == ("b.pdf", 1, None, Document.Status.CLEAN)
