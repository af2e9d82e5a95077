"""The yearly confirmation: asked for a month before, missed after its day, said on the page; once, and never early."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from firms import confirming, profile
from firms.lifecycle import CLAIM, ORGANISATION
from firms.models import Membership, Organisation
from firms.services.claims import submit_claim
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Deadline, Notice, User
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser
from tests.firms.test_claims import PDF

BEGIN = datetime(2026, 3, 4, 2, tzinfo=UTC)  # a Wednesday morning in Shanghai
DUE = date(2027, 3, 4)  # a Thursday
REMINDED = date(2027, 2, 2)  # thirty days before, a Tuesday


@pytest.fixture
def firm(make_firm: MakeFirm) -> Organisation:
    return make_firm(slug="software", source_date=date(2026, 1, 31))


@pytest.fixture
def signatory(firm: Organisation, make_user: MakeUser) -> User:
    """Return who claimed the firm when the year began."""
    with time_machine.travel(BEGIN, tick=False):
        claimant, officer = make_user("signatory"), make_user("officer", Role.REGISTRY)
        letter = SimpleUploadedFile("letter.pdf", PDF, "application/pdf")
        claim = submit_claim(by=claimant, organisation=firm, position="director", letter=letter)
        CLAIM.apply(claim, "accept", by=officer)
        firm.refresh_from_db()
    return claimant


def confirm(firm: Organisation, by: User, moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        ORGANISATION.apply(firm, "confirm", by=by, seen=profile.fingerprint(firm))
        firm.refresh_from_db()


def said(firm: Organisation, day: date) -> str:
    with time_machine.travel(datetime(day.year, day.month, day.day, 4, tzinfo=UTC), tick=False):
        return confirming.sentence(firm)


def days(firm: Organisation) -> dict[str, date]:
    rows = Deadline.objects.about(firm).open()
    return {row.step: (row.due_at + timedelta(hours=8)).date() for row in rows}


def test_claiming_begins_the_year(firm: Organisation, signatory: User) -> None:
    assert firm.confirm_by == DUE
    assert days(firm) == {"remind_confirmation": REMINDED, "miss_confirmation": DUE}


def test_firm_without_members_has_no_year(firm: Organisation, make_firm: MakeFirm, make_user: MakeUser) -> None:
    officer = make_user("officer", Role.REGISTRY)
    ORGANISATION.apply(firm, "unlist", by=officer, reason="x")
    ORGANISATION.apply(firm, "list", by=officer)

    firm.refresh_from_db()
    assert (firm.confirm_by, days(firm)) == (None, {})
    assert confirming.sentence(firm) == "From the registry, as of 31 January 2026."


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        (date(2026, 3, 6), date(2027, 3, 8)),  # a Saturday: the Monday after it
        (date(2025, 10, 2), date(2026, 10, 8)),  # in the National Day holidays
        (date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_day_is_a_working_day_a_year_later(firm: Organisation, make_user: MakeUser, begun: date, due: date) -> None:
    make_user("signatory", member_of=firm)
    with time_machine.travel(datetime(begun.year, begun.month, begun.day, 4, tzinfo=UTC), tick=False):
        assert confirming.start_clock(firm) == due


def test_whole_year(firm: Organisation, signatory: User, run_on: Callable[[date], list[str]]) -> None:
    taken = {day: run_on(day) for day in (BEGIN.date(), date(2027, 1, 31), REMINDED, REMINDED + timedelta(days=1))}
    taken |= {day: run_on(day) for day in (date(2027, 3, 1), DUE, DUE + timedelta(days=1), date(2027, 6, 1))}

    assert {day: steps for day, steps in taken.items() if steps} == {
        REMINDED + timedelta(days=1): ["remind_confirmation"],  # at the end of its working day
        DUE + timedelta(days=1): ["miss_confirmation"],
    }
    told = Notice.objects.filter(kind__contains="confirmation", channel="in_app").order_by("pk")
    assert list(told.values_list("kind", "recipient")) == [
        ("firms.confirmation_due_soon", signatory.pk),
        ("firms.confirmation_missed", signatory.pk),
    ]


def test_after_an_outage_only_what_is_still_true_is_told(
    firm: Organisation, signatory: User, run_on: Callable[[date], list[str]]
) -> None:
    assert run_on(date(2027, 5, 1)) == ["remind_confirmation", "miss_confirmation"]
    assert run_on(date(2027, 5, 2)) == []

    kinds = Notice.objects.filter(kind__contains="confirmation", channel="in_app").values_list("kind", flat=True)
    assert list(kinds) == ["firms.confirmation_missed"]


def test_confirming_begins_the_next_year(
    firm: Organisation, signatory: User, run_on: Callable[[date], list[str]]
) -> None:
    run_on(REMINDED + timedelta(days=1))
    confirm(firm, signatory, datetime(2027, 2, 10, 2, tzinfo=UTC))

    assert run_on(DUE + timedelta(days=1)) == []
    assert firm.confirm_by == date(2028, 2, 10)
    assert (firm.confirmed_by, set(days(firm))) == (signatory, {"remind_confirmation", "miss_confirmation"})
    assert run_on(date(2028, 1, 12)) == ["remind_confirmation"]
    assert Deadline.objects.about(firm).filter(done_at=None).count() == 1


def test_leaving_the_list_stops_the_year_and_coming_back_keeps_the_day(
    firm: Organisation, signatory: User, run_on: Callable[[date], list[str]]
) -> None:
    officer = User.objects.get(name="officer")
    with time_machine.travel(BEGIN + timedelta(days=30), tick=False):
        ORGANISATION.apply(firm, "suspend", by=officer, reason="x")
        assert days(firm) == {}
        assert run_on(DUE + timedelta(days=1)) == []
        ORGANISATION.apply(firm, "reinstate", by=officer)

    firm.refresh_from_db()
    assert (firm.confirm_by, days(firm)["miss_confirmation"]) == (DUE, DUE)


def test_sentence_of_each_moment(firm: Organisation, signatory: User) -> None:
    first = said(firm, date(2026, 12, 1))
    overdue = said(firm, DUE + timedelta(days=1))
    confirm(firm, signatory, datetime(2027, 4, 1, 2, tzinfo=UTC))

    assert first == "From the registry, as of 31 January 2026. Not confirmed by the organisation yet."
    assert overdue == "Not confirmed by the organisation; a confirmation was due on 4 March 2027."
    assert said(firm, date(2028, 4, 3)) == "Confirmed by the organisation on 1 April 2027."  # the first is a Saturday
    assert said(firm, date(2028, 5, 20)) == "Not confirmed by the organisation since 1 April 2027."
    with translation.override("zh-hans"):
        assert said(firm, date(2028, 5, 20)) == "该机构自2027年4月1日起未再确认信息。"


def test_only_signatories_confirm_and_only_what_they_saw(
    firm: Organisation, signatory: User, make_user: MakeUser
) -> None:
    seen = profile.fingerprint(firm)
    for user in (make_user("editor", member_of=firm, role="editor"), make_user("stranger"), None):
        with pytest.raises(NotAllowed):
            ORGANISATION.apply(firm, "confirm", by=user, seen=seen)
    Organisation.objects.filter(pk=firm.pk).update(staff=99)
    with pytest.raises(StepClosed):
        ORGANISATION.apply(firm, "confirm", by=signatory, seen=seen)

    firm.refresh_from_db()
    assert firm.confirmed_at is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=firm.pk).update(confirmed_at=BEGIN)


# --- Pages ----------------------------------------------------------------------------


def test_signatory_confirms_with_one_click(client: Client, firm: Organisation, signatory: User) -> None:
    Organisation.objects.filter(pk=firm.pk).update(confirm_by=date(2026, 1, 5))
    client.force_login(signatory)
    url = "/en/desk/organisation/software/confirm/"

    desk, public = client.get("/en/desk/").text, client.get("/en/firms/software/").text
    page = client.get(url)
    old = client.post(url, {"seen": "0" * 80})
    done = client.post(url, {"seen": page.context["seen"]}, follow=True)

    assert ("Confirm your profile" in desk, "a confirmation was due on 5 January 2026" in public) == (True, True)
    assert (old.status_code, done.status_code) == (409, 200)
    assert "Confirmed by the organisation on" in client.get("/en/firms/software/").text
    assert "Confirm your profile" not in client.get("/en/desk/").text


def test_confirmation_page_is_for_members(
    client: Client, firm: Organisation, signatory: User, make_user: MakeUser
) -> None:
    url = "/en/desk/organisation/software/confirm/"
    answers = [client.get(url).status_code]
    for user in (make_user("stranger"), make_user("viewer", member_of=firm, role="viewer")):
        client.force_login(user)
        answers.append(client.get(url).status_code)
    answers.append(client.post(url, {"seen": profile.fingerprint(firm)}).status_code)

    assert answers == [302, 404, 200, 409]


def test_membership_made_by_staff_begins_the_year(firm: Organisation, make_user: MakeUser) -> None:
    Membership.objects.create(user=make_user("signatory"), organisation=firm, role="signatory")

    confirming.take_up(firm.pk)
    confirming.take_up(firm.pk)

    firm.refresh_from_db()
    assert firm.confirm_by is not None
    assert Deadline.objects.about(firm).open().count() == 2
