"""Certificates: reminded of 90 and 30 days before, expired after their last day, once each, and found no longer."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction
from django.test import Client
from pytest_django.fixtures import Settings

from firms.models import Certificate, Organisation, SearchEntry
from firms.registry.normalising import today_in_shanghai
from firms.services.certificates import set_clock
from portal import work
from portal.models import Deadline, Notice, StepTaken, User
from portal.roles import Role
from tests.editing import save
from tests.firms.conftest import MakeFirm, MakeUser

BEGIN = datetime(2026, 3, 4, 2, tzinfo=UTC)
LAST_DAY = date(2027, 6, 30)

type RunOn = Callable[[date], list[str]]


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Settings) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def firm(make_firm: MakeFirm, make_user: MakeUser) -> Organisation:
    firm = make_firm(slug="software")
    for role in ("signatory", "editor", "viewer"):
        make_user(role, member_of=firm, role=role)
    make_user("officer", Role.REGISTRY)
    make_user("own officer", Role.REGISTRY, member_of=firm, role="viewer")
    return firm


@pytest.fixture
def certificate(firm: Organisation) -> Certificate:
    return certify(firm, BEGIN, expires=LAST_DAY)


def certify(firm: Organisation, moment: datetime, **fields: Any) -> Certificate:
    with time_machine.travel(moment, tick=False):
        found = Certificate.objects.create(organisation=firm, level="hnte", number="GR202631000001", **fields)
        set_clock(certificate=found)
    return found


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def days(certificate: Certificate) -> dict[str, date]:
    rows = Deadline.objects.about(certificate).open()
    return {row.step: (row.due_at + timedelta(hours=8)).date() for row in rows}


def told() -> list[tuple[str, str]]:
    rows = Notice.objects.filter(kind__startswith="firms.certificate", channel="in_app").order_by("pk")
    return list(rows.values_list("kind", "recipient__name"))


EXPIRING = [("firms.certificate_expiring", "signatory"), ("firms.certificate_expiring", "editor")]
EXPIRED = [
    ("firms.certificate_expired", "signatory"),
    ("firms.certificate_expired", "editor"),
    ("firms.certificate_to_check", "officer"),
]


def test_clock_of_a_certificate(certificate: Certificate) -> None:
    assert days(certificate) == {
        "remind_90": date(2027, 4, 1),
        "remind_30": date(2027, 5, 31),
        "expire": date(2027, 7, 1),
    }


def test_whole_life(certificate: Certificate, run_on: RunOn) -> None:
    moments = [date(2027, 3, 31), date(2027, 4, 1), date(2027, 4, 2), date(2027, 5, 30), date(2027, 5, 31)]
    moments += [date(2027, 6, 29), LAST_DAY, date(2027, 7, 1), date(2027, 7, 2), date(2028, 7, 1)]

    taken = {day: steps for day in moments if (steps := run_on(day))}

    certificate.refresh_from_db()
    assert taken == {
        date(2027, 4, 1): ["remind_90"],
        date(2027, 5, 31): ["remind_30"],
        date(2027, 7, 1): ["expire"],
    }
    assert told() == [*EXPIRING, *EXPIRING, *EXPIRED]
    assert (certificate.status, days(certificate)) == ("expired", {})


@pytest.mark.parametrize(
    ("recorded", "steps"),
    [
        (date(2027, 3, 1), {"remind_90", "remind_30", "expire"}),
        (date(2027, 5, 30), {"remind_90", "remind_30", "expire"}),  # 31 days left: at once, and again tomorrow
        (date(2027, 5, 31), {"remind_30", "expire"}),
        (LAST_DAY, {"remind_30", "expire"}),
        (date(2027, 7, 1), set()),
    ],
)
def test_recorded_late_only_what_is_still_true_is_told(
    firm: Organisation, run_on: RunOn, recorded: date, steps: set[str]
) -> None:
    late = certify(firm, noon(recorded), expires=LAST_DAY)

    assert days(late).keys() == steps
    run_on(recorded)
    assert told() == (EXPIRING if date(2027, 4, 1) <= recorded <= LAST_DAY else [])


def test_after_an_outage_only_what_is_still_true_is_told(certificate: Certificate, run_on: RunOn) -> None:
    assert run_on(date(2027, 6, 10)) == ["remind_90", "remind_30"]
    assert told() == EXPIRING


def test_after_a_long_outage_the_end_alone_is_told(certificate: Certificate, run_on: RunOn) -> None:
    run_on(date(2027, 12, 1))
    run_on(date(2027, 12, 2))

    assert told() == EXPIRED


def test_saving_again_reminds_nobody_twice(certificate: Certificate, run_on: RunOn) -> None:
    run_on(date(2027, 4, 1))
    with time_machine.travel(noon(date(2027, 4, 5)), tick=False):
        set_clock(certificate=certificate)

    assert run_on(date(2027, 4, 6)) == []
    assert set(days(certificate)) == {"remind_30", "expire"}


def test_corrected_day_moves_the_clock(certificate: Certificate, run_on: RunOn) -> None:
    run_on(date(2027, 4, 1))
    with time_machine.travel(noon(date(2027, 4, 5)), tick=False):
        Certificate.objects.filter(pk=certificate.pk).update(expires=date(2028, 6, 30))
        set_clock(certificate=certificate)

    assert days(certificate) == {
        "remind_90": date(2028, 4, 1),
        "remind_30": date(2028, 5, 31),
        "expire": date(2028, 7, 1),
    }


def test_expired_one_whose_day_was_wrong_is_valid_again(certificate: Certificate, run_on: RunOn) -> None:
    run_on(date(2027, 7, 1))
    for day, status in ((date(2030, 6, 30), "current"), (date(2027, 6, 29), "expired"), (None, "current")):
        with time_machine.travel(noon(date(2027, 7, 5)), tick=False):
            Certificate.objects.filter(pk=certificate.pk).update(expires=day)
            set_clock(certificate=certificate)
        certificate.refresh_from_db()
        assert (certificate.status, bool(days(certificate))) == (status, day == date(2030, 6, 30))


def test_database_knows_the_statuses(certificate: Certificate) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(status="lost")


# --- The directory --------------------------------------------------------------------


def counted(firm: Organisation) -> bool:
    return "certificate:hnte" in SearchEntry.objects.get(organisation=firm).facets


@pytest.mark.parametrize(
    ("dates", "step", "before", "after"),
    [
        ({"expires": -1}, "expire", True, False),
        ({"issued": 0, "expires": 900}, "begin", False, True),
    ],
)
def test_directory_counts_anew_at_the_turn_of_the_day(
    firm: Organisation, dates: dict[str, int], step: str, before: bool, after: bool
) -> None:
    """The entry is as yesterday's clock left it; the sweep after midnight puts it right."""
    today = today_in_shanghai()
    fields = {name: today + timedelta(days=number) for name, number in dates.items()}
    certificate = Certificate.objects.create(organisation=firm, level="hnte", **fields)
    entry = SearchEntry.objects.get(organisation=firm)
    others = [value for value in entry.facets if value != "certificate:hnte"]
    SearchEntry.objects.filter(pk=entry.pk).update(facets=others + ["certificate:hnte"] * before)
    Deadline.objects.create(
        subject_type=ContentType.objects.get_for_model(Certificate),
        subject_id=certificate.pk,
        step=step,
        due_at=datetime.now(UTC) - timedelta(minutes=1),
        while_status="current",
    )
    yesterday = counted(firm)

    work.run("deadlines")

    assert (yesterday, counted(firm)) == (before, after)
    assert StepTaken.objects.about(certificate).get().step == step


# --- Pages ----------------------------------------------------------------------------


def test_officer_records_a_certificate_and_its_clock_begins(firm: Organisation) -> None:
    client = Client()
    client.force_login(User.objects.get(name="officer"))
    url = f"/admin/firms/organisation/{firm.pk}/change/"
    soon = today_in_shanghai() + timedelta(days=60)
    page = client.get(url)
    data = {
        bound.html_name: "" if bound.value() is None else bound.value()
        for bound in page.context["adminform"].form
        if bound.value() is not False
    }
    for prefix in ("certificates", "cluster_memberships"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    certificate = {
        "level": "specialised",
        "number": "GR1",
        "authority": "市经信委",
        "issued": "",
        "expires": soon.isoformat(),
    }
    data |= {"certificates-TOTAL_FORMS": "1", **{f"certificates-0-{name}": text for name, text in certificate.items()}}

    answer = save(client, url, data)

    found = Certificate.objects.get()
    assert (answer.status_code, found.number, found.status) == (302, "GR1", "current")
    assert set(days(found)) == {"remind_90", "remind_30", "expire"}


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Expires soon", "GR202631000001", "Expired"]), ("zh-hans", ["即将到期", "GR202631000001", "已过期"])],
)
def test_members_see_how_their_certificates_stand(firm: Organisation, language: str, words: list[str]) -> None:
    today = today_in_shanghai()
    certify(firm, datetime.now(UTC), expires=today + timedelta(days=20))
    old = Certificate.objects.create(organisation=firm, level="innovative", expires=today - timedelta(days=1))
    set_clock(certificate=old)
    client = Client()
    client.force_login(User.objects.get(name="viewer"))
    page = client.get(f"/{language}/desk/organisation/software/figures/").text
    client.force_login(User.objects.get(name="editor"))
    desk = client.get(f"/{language}/desk/").text

    assert [word for word in words if word not in page] == []
    assert "/desk/organisation/software/figures/" in desk
