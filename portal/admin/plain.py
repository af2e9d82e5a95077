"""Related rows by name alone: Django links them whether or not the reader's role may open them."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString


def plain(model: type[Model], name: str) -> Callable[[Any], str]:
    """Return a read-only column that names the row which a foreign key points to, without a link.

    Args:
        model: the model that has the foreign key.
        name: the foreign key.
    """

    @admin.display(description=model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    def shown(row: Any) -> str:
        return str(getattr(row, name) or "–")

    return shown


def unbroken(model: type[Model], name: str) -> Callable[[Any], SafeString]:
    """Return a column of a list that stays on one line, sorted by the field.

    Args:
        model: the model that has the field.
        name: the field, such as a reference.
    """

    @admin.display(description=model._meta.get_field(name).verbose_name, ordering=name)  # type: ignore[union-attr]
    def shown(row: Any) -> SafeString:
        return format_html('<span class="whitespace-nowrap">{}</span>', getattr(row, name))

    return shown
