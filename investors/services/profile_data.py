"""What an investor's profile holds about a person, and how it is erased."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from investors.models import InvestorProfile
from investors.services.profiles import PURPOSE, delete_profile
from portal.models import User
from portal.personal_data import Part, Purpose, contribute, contribute_purpose

_APART = {"id", "user", "matches"}


def profiles_of(user: User) -> list[dict[str, Any]]:
    """Return a person's investor profile in values of JSON, and how many opportunities fit it; nothing without one."""
    profile = InvestorProfile.objects.filter(user=user).select_related("organisation").first()
    if profile is None:
        return []
    columns = [field for field in profile._meta.concrete_fields if field.name not in _APART]
    said = {field.name: _plain(getattr(profile, field.name)) for field in columns}
    for name in ("clusters", "excluded_clusters"):
        said[name] = sorted(getattr(profile, name).values_list("slug", flat=True))
    return [{**said, "matches": profile.matches.on_offer().count()}]


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return getattr(value, "title", str(value))
    is_plain = value is None or isinstance(value, bool | int | list | str)
    return value if is_plain or hasattr(value, "isoformat") else str(value)


def erase_profile(user: User) -> int:
    """Delete a person's profile with its matches, and return how many profiles that were."""
    return delete_profile(by=user)


def contribute_all() -> None:
    """Add the purpose of being matched, and the part that holds the profile."""
    contribute_purpose(
        Purpose(
            PURPOSE,
            _("Matches for investors"),
            _(
                "What you say in your investor profile, to find opportunities that fit, and to tell you and their "
                "owners of it. It is kept until you delete it."
            ),
            _("Your investor profile and its matches are deleted."),
        )
    )
    contribute(Part("investor_profile", _("Investor profile"), profiles_of, erase_profile, purpose=PURPOSE))
