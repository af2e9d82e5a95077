"""System checks of what settings and database must hold."""

import re
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 -- Django's name
from django.db import connection

from portal import database, pdf

_CONTACT = re.compile(r"(?:mailto:|https://|tel:)\S+")


@register(Tags.security)
def security_contact_is_an_address(*, app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a contact that a reader of security.txt could not use."""
    if not settings.SECURITY_CONTACT or _CONTACT.fullmatch(settings.SECURITY_CONTACT):
        return []
    return [Error("SECURITY_CONTACT must begin with mailto:, https:// or tel:, on one line.", id="portal.E004")]


@register(Tags.files, deploy=True)
def letters_can_be_printed(*, app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Look for the libraries and the font without which no PDF is made: letters would wait for them."""
    try:
        pdf.ensure_can_print()
    except pdf.CannotPrintError as error:
        return [Warning(f"No PDF can be made: {error}. Run deploy/bootstrap.sh as root.", id="portal.W001")]
    return []


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


@register(Tags.database)
def triggers_fire_always(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Find guards that a session could switch off, and a server that splits no Chinese text."""
    if not databases or connection.vendor != "postgresql":
        return []
    errors: list[CheckMessage] = [
        Error(f"The trigger {name} does not fire ALWAYS: run manage.py migrate.", id="portal.E002")
        for name in database.triggers_not_always()
    ]
    errors += [
        Error(f"The function {name} can be evaded: run manage.py migrate.", id="portal.E005")
        for name in database.functions_not_guarded()
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('show_trgm') IS NOT NULL")
        if not cursor.fetchone()[0]:  # nothing is migrated yet
            return errors
        cursor.execute("SELECT cardinality(show_trgm('中国')) > 0")
        if not cursor.fetchone()[0]:
            errors.append(Error("Trigrams of Chinese are empty: make the cluster with C.UTF-8.", id="portal.E003"))
    return errors
