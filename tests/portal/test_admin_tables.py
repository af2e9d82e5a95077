"""Rows in a table on a page of the workplace: each field has a name of its own."""

from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from unfold.admin import TabularInline as Table

from portal.admin.tables import TabularInline


def test_every_table_of_rows_names_its_fields() -> None:
    tables = [
        inline
        for page in admin.site._registry.values()
        for inline in page.inlines
        if issubclass(inline, InlineModelAdmin)
    ]

    assert len(tables) > 5
    assert [t.__name__ for t in tables if issubclass(t, Table) and not issubclass(t, TabularInline)] == []
