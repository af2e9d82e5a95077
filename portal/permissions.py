"""Which role may do what in the admin: each app says it in its ``contributions.py``."""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission

from portal.roles import Role

_granted: dict[Role, set[str]] = {}


def allow(role: Role, *permissions: str) -> None:
    """Give a role admin permissions, written ``app.action_model``.

    Args:
        role: the role.
        permissions: for example ``firms.change_organisation``.
    """
    _granted.setdefault(role, set()).update(permissions)


def grant_to_roles() -> None:
    """Make the groups' permissions just what the apps contributed.

    Raises:
        LookupError: an app named a permission that does not exist.
    """
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for role in Role:
        wanted = _granted.get(role, set())
        if unknown := wanted - known.keys():
            raise LookupError(_message(unknown))
        Group.objects.get_or_create(name=role)[0].permissions.set(known[name] for name in wanted)


def _message(unknown: Iterable[str]) -> str:
    return f"no such permissions: {', '.join(sorted(unknown))}"
