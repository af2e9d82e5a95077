"""The demonstration: its accounts, its password, and what each app loads."""

import secrets
from collections.abc import Callable
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from portal.database import analyse
from portal.environment import VAR
from portal.models import User
from portal.roles import Role

DOMAIN = "demo.example"


class Account(NamedTuple):
    """One account of the demonstration."""

    name: str
    role: Role | None
    language: str
    is_superuser: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether it is district staff."""
        return self.role is not None


ACCOUNTS = {
    "registry": Account("Demonstration registry officer", Role.REGISTRY, "zh-hans"),
    "screener": Account("Demonstration screening officer", Role.SCREENING, "zh-hans"),
    "reviewer1": Account("Demonstration reviewer 1", Role.REVIEWER, "zh-hans"),
    "reviewer2": Account("Demonstration reviewer 2", Role.REVIEWER, "en"),
    "reviewer3": Account("Demonstration reviewer 3", Role.REVIEWER, "zh-hans"),
    "manager": Account("Demonstration programme manager", Role.MANAGER, "zh-hans"),
    "approver1": Account("Demonstration approver 1", Role.APPROVER, "zh-hans"),
    "approver2": Account("Demonstration approver 2", Role.APPROVER, "en"),
    "appeal": Account("Demonstration appeal officer", Role.APPEAL, "zh-hans"),
    "finance": Account("Demonstration finance officer", Role.FINANCE, "zh-hans"),
    "officer": Account("Demonstration investment officer", Role.INVESTMENT, "en"),
    "auditor": Account("Demonstration auditor", Role.AUDITOR, "zh-hans"),
    "head": Account("Demonstration head of service", Role.HEAD, "zh-hans"),
    "admin": Account("Demonstration administrator", Role.ADMINISTRATOR, "en", is_superuser=True),
    "signatory": Account("Demonstration signatory", None, "zh-hans"),
    "editor": Account("Demonstration editor", None, "zh-hans"),
    "university": Account("Demonstration university member", None, "zh-hans"),
    "investor": Account("Demonstration investor", None, "en"),
}

type Load = Callable[[dict[str, User]], None]
_loads: list[Load] = []


def contribute(load: Load) -> None:
    """Let an app load its part; the parts follow the order of the apps."""
    _loads.append(load)


def address(name: str) -> str:
    """Return the e-mail address of an account."""
    return f"{name}@{DOMAIN}"


def password() -> str:
    """Return the password of all accounts: made once, kept under ``var/``."""
    path = VAR / "demo_password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(f"yangpu-{secrets.token_hex(4)}")
    return path.read_text().strip()


def is_loaded() -> bool:
    """Return whether the demonstration is in the database."""
    return User.objects.filter(is_demonstration=True).exists()


@transaction.atomic
def load() -> None:
    """Make the accounts and let each app load its part: all of it, or nothing."""
    hashed = make_password(password())  # once: hashing is slow on purpose
    accounts = {name: _make(name, account, hashed) for name, account in ACCOUNTS.items()}
    for part in _loads:
        part(accounts)
    analyse(*(model for model in apps.get_models() if model._meta.managed))


def _make(name: str, account: Account, hashed_password: str) -> User:
    user = User.objects.create(
        email=address(name),
        password=hashed_password,
        name=account.name,
        language=account.language,
        is_staff=account.is_staff,
        is_superuser=account.is_superuser,
        is_demonstration=True,
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if account.role:
        user.groups.add(Group.objects.get(name=account.role))
    return user
