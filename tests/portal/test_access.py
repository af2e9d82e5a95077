"""Who comes in, and who may give rights."""

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group
from django.core.checks import run_checks
from django.test import Client
from django.urls import reverse

from portal.models import User
from portal.roles import Role, has_role
from tests.editing import save


def _staff(*roles: Role, **fields: Any) -> User:
    user = User.objects.create_user(
        f"{len(roles)}{User.objects.count()}@demo.example", name="Staff", is_staff=True, **fields
    )
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_staff_without_second_factor_is_led_to_set_one_up(db: None) -> None:
    answer = _client(_staff(Role.AUDITOR)).get("/admin/")

    assert (answer.status_code, answer["Location"]) == (302, "/en/accounts/2fa/")


def test_admin_login_is_the_portals_door(db: None) -> None:
    answer = Client().get("/admin/login/?next=/admin/portal/notice/")

    assert answer["Location"] == "/en/accounts/login/?next=/admin/portal/notice/"


def test_admin_refuses_who_is_not_staff(db: None) -> None:
    user = User.objects.create_user("wei@demo.example", name="Wei")

    answer = _client(user).get("/admin/", follow=True)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "url",
    ["portal_user", "portal_historyentry", "portal_notice", "portal_deadline", "portal_erasure", "portal_holiday"],
)
def test_admin_opens_nothing_to_staff_without_role(db: None, settings: Any, url: str) -> None:
    settings.DEMONSTRATION = True

    assert _client(_staff()).get(reverse(f"admin:{url}_changelist")).status_code == 403


def test_administrator_cannot_give_rights_to_self_or_touch_superuser(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    administrator, root = _staff(Role.ADMINISTRATOR), _staff(is_superuser=True)
    client = _client(administrator)
    form = {
        "email": administrator.email,
        "name": "A",
        "language": "en",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
    }

    answers = [
        client.post(reverse("admin:portal_user_change", args=[user.pk]), {**form, "groups": [1, 2, 3]}).status_code
        for user in (administrator, root)
    ]

    administrator.refresh_from_db()
    assert answers == [403, 403]
    assert (administrator.is_superuser, [group.name for group in administrator.groups.all()]) == (
        False,
        [Role.ADMINISTRATOR],
    )


def test_administrator_gives_roles_but_never_superuser(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    other = User.objects.create_user("wei@demo.example", name="Wei")
    auditors = Group.objects.get(name=Role.AUDITOR)
    form = {
        "email": other.email,
        "name": "Wei",
        "language": "en",
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
    }

    client = _client(_staff(Role.ADMINISTRATOR))
    save(client, reverse("admin:portal_user_change", args=[other.pk]), {**form, "groups": [auditors.pk]})

    other = User.objects.get(pk=other.pk)
    assert (other.is_superuser, other.is_staff, has_role(other, Role.AUDITOR)) == (False, True, True)


def test_role_needs_active_staff(db: None) -> None:
    user = _staff(Role.APPROVER)
    outsider = _staff(Role.APPROVER)
    outsider.is_staff = False
    gone = _staff(Role.APPROVER)
    gone.is_active = False

    assert [has_role(u, Role.APPROVER) for u in (user, outsider, gone)] == [True, False, False]


def test_closed_account_is_out_at_the_next_request(db: None) -> None:
    user = User.objects.create_user("wei@demo.example", name="Wei")
    client = _client(user)
    before = client.get("/en/desk/").status_code
    User.objects.filter(pk=user.pk).update(is_active=False)

    assert (before, client.get("/en/desk/").status_code) == (200, 302)


@pytest.mark.parametrize(("demonstration", "errors"), [(True, []), (False, ["portal.E001"])])
def test_check_refuses_demonstration_accounts_elsewhere(
    db: None, settings: Any, demonstration: bool, errors: list[str]
) -> None:
    settings.DEMONSTRATION = demonstration
    User.objects.create_user("head@demo.example", name="Head", is_demonstration=True)

    found = [error.id for error in run_checks(databases=["default"]) if (error.id or "").startswith("portal.")]

    assert found == errors


def test_demonstration_account_cannot_sign_in_elsewhere(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = False
    user = User.objects.create_user("head@demo.example", "river-blue-77", name="Head", is_demonstration=True)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)

    answer = Client().post("/en/accounts/login/", {"login": user.email, "password": "river-blue-77"})

    assert answer.status_code == 200  # the form again, with the same words as for a wrong password


@pytest.mark.parametrize("address", ["wei@demo.example", "nobody@demo.example"])
def test_sign_up_and_reset_do_not_tell_whether_an_account_exists(db: None, address: str) -> None:
    user = User.objects.create_user("wei@demo.example", "river-blue-77", name="Wei")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    form = {"email": address, "name": "Wei", "password1": "brick-red-4711", "password2": "brick-red-4711"}

    sign_up = Client().post("/en/accounts/signup/", form)
    reset = Client().post("/en/accounts/password/reset/", {"email": address})

    assert [(answer.status_code, answer["Location"]) for answer in (sign_up, reset)] == [
        (302, "/en/accounts/confirm-email/"),
        (302, "/en/accounts/password/reset/done/"),
    ]


def test_sign_up_hashes_a_password_whether_or_not_an_account_exists(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    user = User.objects.create_user("wei@demo.example", "river-blue-77", name="Wei")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    encode, hashed = MD5PasswordHasher.encode, []

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    times = []
    for address in (user.email, "nobody@demo.example"):
        form = {"email": address, "name": "Wei", "password1": "brick-red-4711", "password2": "brick-red-4711"}
        Client().post("/en/accounts/signup/", form)
        times.append(hashed.count("brick-red-4711"))

    assert times == [1, 2]


@pytest.mark.parametrize(("cookie", "language"), [("", "zh-hans"), ("en", "en")])
def test_workplace_speaks_the_language_of_the_account_until_another_is_chosen(
    db: None, settings: Any, cookie: str, language: str
) -> None:
    settings.DEMONSTRATION = True
    client = _client(_staff(Role.AUDITOR, language="zh-hans"))
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie

    assert client.get("/admin/")["Content-Language"] == language
