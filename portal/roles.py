"""The district's roles: groups of Django, made by migration, named once here."""

from collections.abc import Callable
from typing import Any

import rules
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """A staff role; the value is the name of its group."""

    REGISTRY = "registry officer", _("registry officer")
    SCREENING = "screening officer", _("screening officer")
    REVIEWER = "reviewer", _("reviewer")
    MANAGER = "programme manager", _("programme manager")
    APPROVER = "approver", _("approver")
    APPEAL = "appeal officer", _("appeal officer")
    FINANCE = "finance officer", _("finance officer")
    INVESTMENT = "investment officer", _("investment officer")
    AUDITOR = "auditor", _("auditor")
    HEAD = "head", _("head")
    ADMINISTRATOR = "administrator", _("administrator")


def has_role(user: object, *roles: Role) -> bool:
    """Return whether a member of staff holds one of the roles; read once per user object."""
    if not getattr(user, "is_active", False) or not getattr(user, "is_staff", False):
        return False
    held = getattr(user, "_role_names", None)
    if held is None:
        held = set(user.groups.values_list("name", flat=True))  # type: ignore[attr-defined]
        user._role_names = held  # type: ignore[attr-defined]
    return not held.isdisjoint(roles)


def may_read_as(user: object, *roles: Role) -> bool:
    """Return whether a person reads what these roles read: they hold one, or are a superuser.

    A superuser reads everything and decides nothing: every step asks for a role.
    """
    return has_role(user, *roles) or bool(
        getattr(user, "is_active", False) and getattr(user, "is_staff", False) and getattr(user, "is_superuser", False)
    )


_followers: list[Callable[[Any], None]] = []


def follow(function: Callable[[Any], None]) -> None:
    """Call a function with each person whose roles or whose access may have changed, in that transaction."""
    _followers.append(function)


def changed(user: Any) -> None:
    """Say that a person's roles, or whether they are active staff, may have changed."""
    for function in _followers:
        function(user)


def is_role(*roles: Role) -> rules.Predicate:
    """Return the predicate that is true for active staff who hold one of the roles."""
    return rules.predicate(lambda user: has_role(user, *roles), name=f"is_{roles[0].name.lower()}")
