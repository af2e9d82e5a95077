"""Whoever asked without an account comes back with a code, which opens nothing to staff."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from investors.forms import strangers
from investors.models import Inquiry
from portal.models import Notice
from tests.investors.test_strangers import EMAIL, ask, links


@pytest.fixture(autouse=True)
def _people_type_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "_SOONEST", timedelta(seconds=-1))


def code_sent_to(email: str) -> str:
    mail = Notice.objects.filter(kind="account.login_code", address=email).latest("pk")
    return re.findall(r"^\S{4,12}$", mail.context["text"], re.MULTILINE)[0]


@pytest.fixture
def _cold_limits() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.mark.usefixtures("_cold_limits")
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sender_comes_back_with_a_code(people: SimpleNamespace, language: str) -> None:
    ask()
    Client().post(links()[0])
    inquiry, client = Inquiry.objects.get(), Client()
    next_url = f"/{language}/desk/inquiries/{inquiry.reference}/"

    asked = client.post(f"/{language}/accounts/login/code/", {"email": EMAIL, "next": next_url})
    page = client.post(asked["Location"], {"code": code_sent_to(EMAIL), "next": next_url}, follow=True)

    assert (page.status_code, page.redirect_chain[-1][0], inquiry.reference in page.text) == (200, next_url, True)


@pytest.mark.usefixtures("_cold_limits")
def test_code_alone_opens_nothing_to_staff(people: SimpleNamespace) -> None:
    staff = people.officer
    EmailAddress.objects.create(user=staff, email=staff.email, verified=True, primary=True)
    without = Client()
    asked = without.post("/en/accounts/login/code/", {"email": staff.email})
    without.post(asked["Location"], {"code": code_sent_to(staff.email)})
    assert without.get("/admin/")["Location"] == "/en/accounts/2fa/"

    TOTP.activate(staff, generate_totp_secret())
    with_factor = Client()
    asked = with_factor.post("/en/accounts/login/code/", {"email": staff.email})
    answer = with_factor.post(asked["Location"], {"code": code_sent_to(staff.email)})

    assert answer["Location"].startswith("/en/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in with_factor.session
    assert with_factor.get("/admin/").status_code == 302


@pytest.mark.usefixtures("_cold_limits")
def test_wrong_code_does_not_sign_in(people: SimpleNamespace) -> None:
    ask()
    Client().post(links()[0])
    client = Client()
    asked = client.post("/en/accounts/login/code/", {"email": EMAIL})

    answer = client.post(asked["Location"], {"code": "WRONG1"})

    assert (answer.status_code, "_auth_user_id" in client.session) == (200, False)
