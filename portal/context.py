"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from portal.models import Notice


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the facts of the installation that base templates show."""
    return {
        "demonstration": settings.DEMONSTRATION,
        "site_owner": settings.SITE_OWNER,
        "site_icp": settings.SITE_ICP,
        "site_police_filing": settings.SITE_POLICE_FILING,
        "site_code": settings.SITE_CODE,
        "site_telephone": settings.SITE_TELEPHONE,
        "unread_notices": SimpleLazyObject(lambda: _unread_notices(request)),
    }


def _unread_notices(request: HttpRequest) -> int:
    """Count what the person has not read yet; asked only by pages that show it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return 0
    return Notice.objects.visible_to(user).unread().count()


def admin_environment(request: HttpRequest) -> list[Any] | None:
    """Mark the admin of the demonstration."""
    return [_("Demonstration"), "warning"] if settings.DEMONSTRATION else None
