"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the facts of the installation that base templates show."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "site_owner": settings.SITE_OWNER,
        "site_icp": settings.SITE_ICP,
        "site_police_filing": settings.SITE_POLICE_FILING,
        "site_code": settings.SITE_CODE,
        "site_telephone": settings.SITE_TELEPHONE,
    }


def admin_environment(request: HttpRequest) -> list[Any] | None:
    """Mark the admin of the demonstration."""
    return [_("Demonstration"), "warning"] if settings.DEMONSTRATION else None
