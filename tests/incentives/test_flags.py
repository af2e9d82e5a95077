"""Flags, notes and the dossier: what is found before a decision, and what must be settled."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from firms.models import Membership, Organisation
from incentives import flagging, services
from incentives.dossier import dossier_of
from incentives.models import Application, Flag, Note
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import HistoryEntry, Notice, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, join, story_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def fresh(story: Story) -> Application:
    return Application.objects.get(pk=story.application.pk)


def screen(story: Story) -> str:
    return reverse("admin:incentives_application_change", args=[story.application.pk])


def change_facts(story: Story) -> None:
    Organisation.objects.filter(pk=story.firm.pk).update(staff=90, address="示例路1号")


def test_facts_are_compared_value_by_value_with_the_submission() -> None:
    story = Story().fill().submit()
    assert dossier_of(fresh(story)).changed == []

    change_facts(story)
    story.firm.certificates.all().delete()

    with override("en"):
        found = [(one.name, str(one.was), str(one.now)) for one in dossier_of(fresh(story)).changed]
    assert found == [
        ("address", "not known", "示例路1号"),
        ("staff", "60 staff", "90 staff"),
        ("certificate", "High and new technology enterprise", "not known"),
    ]


def test_confidential_value_is_told_to_differ_without_being_named() -> None:
    story = Story()
    figures = {
        "source": "import",
        "source_name": "示例",
        "source_date": date(2026, 3, 1),
        "revenue": 10,
        "organisation": story.firm,
    }
    year = timezone.localdate().year - 1
    made = story.firm.yearly_figures.create(year=year, tax_paid=Decimal("123456.00"), **figures)
    story.fill().submit()

    made.tax_paid = Decimal("654321.00")
    made.save()

    snapshot = dossier_of(fresh(story)).snapshot
    assert "123456" not in str(snapshot.content["facts"])
    with override("en"):
        assert [(one.name, str(one.now)) for one in dossier_of(fresh(story)).changed] == [
            ("tax", "another value, which is confidential")
        ]


def test_borderline_and_unknown_criteria_are_flagged_at_the_submission() -> None:
    story = Story()
    Organisation.objects.filter(pk=story.firm.pk).update(staff=10, founded=None)

    story.fill().submit()

    flags = Flag.objects.filter(application=story.application)
    assert [(flag.kind, flag.owner, flag.opened_by) for flag in flags] == [("borderline", None, None)] * 2
    assert [flag.found["text_en"].split(":")[0] for flag in flags] == ["age", "staff"]


def test_linked_applicants_of_one_round_are_flagged_with_the_reasons() -> None:
    first = Story().fill().submit()
    second = Story(opened=first.round)
    join(second.firm, first.signatory)
    for story, address in ((first, "上海市杨浦区示例路100号3楼"), (second, "杨浦区示例路100号3层")):
        Organisation.objects.filter(pk=story.firm.pk).update(address=address)

    second.application = fresh(second)
    second.fill().submit()

    flag = Flag.objects.get(application=second.application)
    number = first.application.number
    assert flag.kind == "linked"
    assert flag.found["text_en"] == (
        f"{first.firm.name_en} ({number}) applies in the same round: same address, shared member"
    )
    assert flag.found["text_zh"] == f"{first.firm.name_zh}（{number}）也申报了同一批次：地址相同、共同成员"
    services.look_for_flags(application=first.application, by=first.screener)
    kinds = Flag.objects.filter(application=first.application).values_list("kind", "owner__name")
    assert list(kinds) == [("changed", "screener"), ("linked", "screener")]


def test_no_approval_while_a_flag_is_open() -> None:
    story = story_in("under_review")
    services.open_flag(
        application=story.application, by=story.manager, kind="credit", reason="Ask the bank", key=uuid4()
    )
    story.recommend()

    with pytest.raises(StepClosed, match="still open: 1"):
        story.approve()
    with pytest.raises(DatabaseError, match="flag is open"), transaction.atomic():
        make.approval(story.application.recommendations.get(), by=story.approver)
    services.resolve_flag(flag=Flag.objects.get(), by=story.manager, resolution="The bank says so")
    story.approve()

    assert story.application.status == "public_notice"


def test_first_approval_waits_for_flags_too() -> None:
    story = Story(four_eyes_threshold=Decimal(100_000)).fill().submit().accept().review().recommend()
    services.open_flag(application=story.application, by=story.approver, kind="other", reason="Hm", key=uuid4())

    with pytest.raises(StepClosed, match="still open: 1"):
        story.first_approve()


def test_what_changed_after_the_recommendation_stops_the_approval_until_it_is_looked_into() -> None:
    story = story_in("recommended")
    change_facts(story)

    with pytest.raises(StepClosed, match="Found since: facts changed"):
        story.approve()
    assert not Flag.objects.exists()
    services.look_for_flags(application=story.application, by=story.manager)
    services.look_for_flags(application=story.application, by=story.manager)
    flag = Flag.objects.get()
    assert (flag.kind, flag.owner) == ("changed", story.manager)
    services.resolve_flag(flag=flag, by=story.screener, resolution="Checked in the register")
    story.approve()

    assert story.application.status == "public_notice"


def test_recommendation_and_acceptance_flag_what_changed() -> None:
    story = Story().fill().submit()
    change_facts(story)
    story.accept()
    Organisation.objects.filter(pk=story.firm.pk).update(staff=91)

    story.review().recommend()

    assert list(Flag.objects.values_list("kind", "owner__name")) == [("changed", "screener"), ("changed", "manager")]


def test_flags_are_settled_by_those_who_prepare_the_decision() -> None:
    story = story_in("recommended")
    flag = services.open_flag(
        application=story.application, by=story.approver, kind="other", reason="Hm", key=uuid4(), owner=story.screener
    )
    assert Notice.objects.get(kind="incentives.flag_given", channel="in_app").recipient == story.screener
    outsider = make.person("outsider", Role.SCREENING)
    join(story.firm, outsider)

    for user in (story.approver, story.finance, story.signatory, outsider, story.reviewers[0]):
        with pytest.raises(NotAllowed):
            services.resolve_flag(flag=flag, by=user, resolution="x")
    with pytest.raises(StepClosed, match="reasons"):
        services.resolve_flag(flag=flag, by=story.screener, resolution=" ")
    with pytest.raises(StepClosed, match="Choose somebody"):
        services.give_flag(flag=flag, by=story.manager, owner=outsider)
    services.give_flag(flag=flag, by=story.manager, owner=story.manager)
    services.resolve_flag(flag=flag, by=story.screener, resolution="Fine")
    with pytest.raises(StepClosed, match="quicker"):
        services.resolve_flag(flag=flag, by=story.manager, resolution="Not fine")

    flag.refresh_from_db()
    assert (flag.owner, flag.resolved_by, flag.resolution) == (story.manager, story.screener, "Fine")
    assert [entry.operation for entry in HistoryEntry.objects.of(flag)] == ["insert", "update", "update"]


def test_flags_and_notes_are_never_undone_by_sql() -> None:
    story = story_in("recommended")
    values = {"application": story.application, "by": story.manager}
    services.write_note(**values, text="Called them", key=uuid4())
    flag = services.open_flag(**values, kind="other", reason="Hm", key=uuid4())
    services.open_flag(**values, kind="other", reason="Open", key=uuid4())
    services.resolve_flag(flag=flag, by=story.manager, resolution="Fine")

    for statement in (
        "UPDATE incentives_note SET text = 'x'",
        "DELETE FROM incentives_note",
        "DELETE FROM incentives_flag",
        "UPDATE incentives_flag SET reason = 'x' WHERE status = 'open'",
        "UPDATE incentives_flag SET resolution = 'x' WHERE status = 'resolved'",
        "UPDATE incentives_flag SET status = 'open', resolution = '', resolved_by_id = NULL, resolved_at = NULL",
        "UPDATE incentives_flag SET status = 'resolved' WHERE status = 'open'",
        "UPDATE incentives_flag SET status = 'resolved', resolution = '', resolved_at = now() WHERE status = 'open'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    decided = story_in("public_notice")
    with pytest.raises(DatabaseError, match="before the decision"), transaction.atomic():
        Flag.objects.create(application=decided.application, kind="other", reason="x", key="x")
    with pytest.raises(StepClosed, match="is decided"):
        services.open_flag(application=decided.application, by=decided.manager, kind="other", reason="x", key=uuid4())


def test_one_click_is_one_note_and_one_flag() -> None:
    story, key = story_in("submitted"), uuid4()

    for _click in range(3):
        services.write_note(application=story.application, by=story.screener, text="Called", key=key)
        services.open_flag(application=story.application, by=story.screener, kind="other", reason="Hm", key=key)

    assert (Note.objects.count(), Flag.objects.count()) == (1, 1)


def test_notes_are_read_by_staff_of_the_application_only() -> None:
    story = story_in("under_review")
    services.write_note(application=story.application, by=story.screener, text="Telephoned twice", key=uuid4())
    kin = make.person("kin", Role.SCREENING)
    join(story.firm, kin)
    readers = {
        story.screener: True,
        story.manager: True,
        story.approver: True,
        make.person("auditor", Role.AUDITOR): True,
        story.reviewers[0]: False,
        kin: False,
        story.signatory: False,
        make.person("registry", Role.REGISTRY): False,
    }

    assert {user: Note.objects.visible_to(user).exists() for user in readers} == readers
    assignment = story.application.assignments.get(reviewer=story.reviewers[0])
    pages = {
        story.reviewers[0]: reverse("admin:incentives_reviewassignment_change", args=[assignment.pk]),
        story.signatory: story.application.get_absolute_url(),
        story.screener: screen(story),
    }
    shown = {user.name: "Telephoned twice" in signed_in(user).get(page).text for user, page in pages.items()}
    assert shown == {"reviewer0": False, "signatory": False, "screener": True}


@pytest.mark.parametrize("rows", [1, 3])
def test_review_screen_reads_at_most_fifteen_times_with_rows_of_everything(rows: int) -> None:
    opened = make.round_of(make.programme(reviewers_needed=3))
    story = Story(opened=opened).fill().submit().accept().review()
    for number in range(rows):
        sister = make.organisation(name_en=f"Sister {number}")
        join(sister, story.signatory)
        services.write_note(application=story.application, by=story.screener, text=f"Note {number}", key=uuid4())
        services.open_flag(
            application=story.application, by=story.approver, kind="other", reason=f"Flag {number}", key=uuid4()
        )
    other = Story(opened=make.round_of(opened.programme))
    Membership.objects.create(organisation=other.firm, user=story.editor, role="viewer")
    other.fill().submit()
    Organisation.objects.filter(pk=story.firm.pk).update(staff=90, founded=date(2019, 5, 1), address="示例路1号")
    story.recommend()

    for user in (story.manager, story.approver2, story.screener):
        client = signed_in(user)
        client.get(screen(story))
        with CaptureQueriesContext(connection) as read:
            shown = client.get(screen(story)).text
        queries = [q["sql"] for q in read if "SAVEPOINT" not in q["sql"]]
        assert len(queries) <= 15, queries
        for text in (
            f"Note {rows - 1}",
            f"Flag {rows - 1}",
            f"Sister {rows - 1}",
            str(other.application.number),
            "示例路1号",
        ):
            assert text in shown, text


def test_notes_and_flags_are_written_on_the_screen_and_bad_input_is_told() -> None:
    story = story_in("submitted")
    client, page = signed_in(story.screener), screen(story).removesuffix("change/")
    flag = {"flag-kind": "credit", "flag-reason": "Ask the bank", "flag-key": str(uuid4())}

    bad = [
        client.post(f"{page}note/", {"note-text": " ", "note-key": str(uuid4())}),
        client.post(f"{page}note/", {"note-text": "a\x00b", "note-key": str(uuid4())}),
        client.post(f"{page}note/", {"note-text": "x", "note-key": "none"}),
        client.post(f"{page}flags/open/", flag | {"flag-kind": "changed"}),
        client.post(f"{page}flags/open/", flag | {"flag-owner": str(story.signatory.pk)}),
        client.post(f"{page}flags/open/", flag | {"flag-reason": "x" * 2001}),
    ]
    assert [answer.status_code for answer in bad] == [422] * 6
    assert client.post(f"{page}flags/{2**70}/resolve/", {}).status_code == 404
    assert client.get(f"{page}flags/look/").status_code == 404
    client.post(f"{page}note/", {"note-text": "<b>Called</b>", "note-key": str(uuid4())})
    client.post(f"{page}flags/open/", flag)
    made = Flag.objects.get()
    assert client.post(f"{page}flags/{made.pk}/resolve/", {}).status_code == 422
    client.post(f"{page}flags/{made.pk}/give/", {f"give{made.pk}-owner": str(story.manager.pk)})
    client.post(f"{page}flags/{made.pk}/resolve/", {f"resolve{made.pk}-resolution": "The bank says so"})
    client.post(f"{page}flags/look/")

    made.refresh_from_db()
    assert (made.owner, made.status, made.resolution) == (story.manager, "resolved", "The bank says so")
    shown = client.get(screen(story)).text
    assert "&lt;b&gt;Called&lt;/b&gt;" in shown
    assert "The bank says so" in shown


def test_page_shows_scan_status_of_documents_and_the_credit_check() -> None:
    story = story_in("under_review")
    held = story.application.documents.get().document
    type(held).objects.filter(pk=held.pk).update(status="infected")

    with override("en"):
        shown = signed_in(story.manager).get(screen(story)).text

    assert "refused: malicious content" in shown
    assert reverse("document", args=[held.uid]) not in shown
    assert "示例信用平台" in shown


def test_new_findings_are_those_that_nobody_flagged() -> None:
    story = story_in("submitted")
    change_facts(story)
    assert [found.kind for found in flagging.new_findings(fresh(story))] == ["changed"]

    services.look_for_flags(application=story.application, by=story.approver)

    assert flagging.new_findings(fresh(story)) == []
    assert Flag.objects.get().owner is None
