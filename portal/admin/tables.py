"""Rows of another model in a table on a page: the column's name is also each field's own, for who hears the page."""

from typing import Any

from django.forms import Field
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import TabularInline as Table


class TabularInline(Table):
    """Like unfold's, with a name for each field, which stands only above the column otherwise."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field | None:
        """Name the field."""
        field: Field | None = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs.setdefault("aria-label", capfirst(str(field.label)))
        return field
