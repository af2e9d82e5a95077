"""System checks of what settings and database must hold."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection


@register(Tags.database)
def no_demonstration_accounts(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Refuse accounts of the demonstration in any other installation."""
    from portal.models import User

    if settings.DEMONSTRATION or not databases or User._meta.db_table not in connection.introspection.table_names():
        return []
    found = User.objects.filter(is_demonstration=True).count()
    if not found:
        return []
    return [Error(f"{found} demonstration accounts exist, and this is no demonstration.", id="portal.E001")]
