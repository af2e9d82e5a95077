"""What the notices of this app have in common: those who hold a role, and days in both languages."""

from collections.abc import Iterable
from datetime import date

from django.utils import translation

from portal import local_form
from portal.models import User
from portal.roles import Role


def holders(*roles: Role) -> Iterable[User]:
    """Return the active staff who hold one of the roles."""
    return User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles).distinct().order_by("pk")


def day(moment: date) -> dict[str, str]:
    """Return a day for a message's context: each reader gets it as their language writes it."""
    with translation.override("en"):
        english = local_form.day(moment)
    with translation.override("zh-hans"):
        return {"en": english, "zh": local_form.day(moment)}
