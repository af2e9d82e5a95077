"""The district's roles: groups of Django, made by migration, named once here."""

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


def is_role(*roles: Role) -> rules.Predicate:
    """Return the predicate that is true for active staff who hold one of the roles."""
    return rules.predicate(lambda user: has_role(user, *roles), name=f"is_{roles[0].name.lower()}")
