"""Reading, taking along and withdrawing what the portal holds about oneself."""

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from firms.models import Organisation
from incentives.models import Application
from investors.models import Inquiry
from portal import work
from portal.lifecycle import StepClosed
from portal.models import Consent, Erasure, User
from portal.personal_data import hindrances, parts
from tests.incentives import make
from tests.investors.conftest import make_user

PAGE = "/en/accounts/personal-data/"
END = f"{PAGE}withdraw/account/"


def browser(user: User, *, seconds_ago: int = 5) -> Client:
    """Sign in as allauth does: the session keeps when, and how."""
    client = Client()
    client.force_login(user)
    session = client.session
    record = {"method": "password", "at": time.time() - seconds_ago, "reauthenticated": True}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("wei@demo.example", "river-blue-77", name="Wei")


def test_page_and_export_tell_what_is_held(people: SimpleNamespace, make_inquiry: Callable[..., Inquiry]) -> None:
    inquiry = make_inquiry("answered", text="A question of mine")
    client = browser(people.investor)

    page = client.get(PAGE)
    told = json.loads(client.get(f"{PAGE}export/").content)

    assert dict(page.context["held"])["Inquiries"] == 1
    assert sorted(told) == sorted(["made_at", *(part.name for part in parts())])
    assert (told["account"]["email"], told["inquiries"][0]["reference"], told["inquiries"][0]["text"]) == (
        people.investor.email,
        inquiry.reference,
        "A question of mine",
    )
    assert "Stranger" not in json.dumps(told)


def test_asking_is_a_consent_that_is_kept_once_with_its_version(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry]
) -> None:
    make_inquiry()
    make_inquiry()

    assert list(Consent.objects.values_list("user", "purpose", "version", "withdrawn_at")) == [
        (people.investor.pk, "inquiries", "2026-11", None)
    ]


def test_consent_withdrawn_is_given_anew_by_asking(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry]
) -> None:
    make_inquiry()
    browser(people.investor).post(f"{PAGE}withdraw/inquiries/", {"sure": "on"})
    work.run("erasures")
    make_inquiry(text="Another one")

    assert [consent.withdrawn_at is None for consent in Consent.objects.order_by("pk")] == [False, True]
    assert list(Inquiry.objects.order_by("pk").values_list("text", flat=True)) == ["…", "Another one"]


def test_nothing_is_asked_while_what_was_asked_is_erased(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry]
) -> None:
    make_inquiry()
    browser(people.investor).post(f"{PAGE}withdraw/inquiries/", {"sure": "on"})

    with pytest.raises(StepClosed):
        make_inquiry()


def test_auditor_reads_how_much_was_erased_of_whom(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry], settings: Any
) -> None:
    settings.DEMONSTRATION = True
    make_inquiry()
    browser(people.investor).post(END, {"sure": "on"})
    work.run("erasures")

    page = browser(people.auditor).get("/admin/portal/erasure/").content.decode()

    assert ("Inquiries: 1" in page, f"Erased account {people.investor.pk}" in page) == (True, True)


def test_end_of_an_account_needs_proof_and_a_tick(person: User) -> None:
    untold = Client()
    untold.force_login(person)

    asked = untold.get(END)
    unsure = browser(person).post(END, {})

    assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/en/accounts/reauthenticate/")
    assert (unsure.status_code, Erasure.objects.count()) == (422, 0)


@pytest.mark.parametrize(("seconds_ago", "status"), [(60, 200), (3600, 403)])
def test_without_password_a_sign_in_of_just_now_is_the_proof(person: User, seconds_ago: int, status: int) -> None:
    person.set_unusable_password()
    person.save()

    answer = browser(person, seconds_ago=seconds_ago).get(END)

    assert answer.status_code == status


def test_end_of_an_account_signs_out_everywhere_and_is_ordered_once(person: User) -> None:
    here, elsewhere = browser(person), browser(person)

    ended = here.post(END, {"sure": "on"})
    again = elsewhere.post(END, {"sure": "on"})

    assert (ended["Location"], again["Location"].partition("?")[0]) == ("/en/privacy/", "/en/accounts/login/")
    assert "Your account has ended" in here.get("/en/privacy/").content.decode()
    assert Erasure.objects.get().purpose == "account"


def test_address_of_an_erased_account_can_sign_up_anew(person: User) -> None:
    browser(person).post(END, {"sure": "on"})
    work.run("erasures")

    anew = User.objects.create_user("wei@demo.example", name="Wei")

    person.refresh_from_db()
    assert (person.email, anew.pk == person.pk) == (f"{person.pk}@erased.invalid", False)


def test_staff_are_told_why_not(people: SimpleNamespace, settings: Any) -> None:
    settings.DEMONSTRATION = True

    answer = browser(people.officer).post(END, {"sure": "on"})

    assert (answer.status_code, Erasure.objects.count()) == (409, 0)
    assert "You are on the staff of the district" in answer.content.decode()


def test_only_signatory_of_an_application_under_way_is_told_what_to_do(
    people: SimpleNamespace, firm: Organisation
) -> None:
    application = make.draft(firm=firm)
    Application.objects.filter(pk=application.pk).update(
        status="submitted", number="APP-2026-000001", submitted_at=timezone.now()
    )

    alone = [str(reason) for reason in hindrances(people.signatory)]
    firm.members.create(user=make_user("second"), role="signatory")

    assert len(alone) == 1
    assert "APP-2026-000001" in alone[0]
    assert hindrances(people.signatory) == []
    assert hindrances(people.editor) == []


def test_unknown_purpose_is_not_found(person: User) -> None:
    assert browser(person).get(f"{PAGE}withdraw/nothing/").status_code == 404


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}export/", END])
def test_nobody_else_is_let_in(db: None, path: str) -> None:
    assert Client().get(path)["Location"].partition("?")[0] == "/en/accounts/login/"
