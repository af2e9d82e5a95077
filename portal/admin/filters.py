"""Filters whose choices the code knows: none looks through a table to find them."""

from typing import Any

from django.apps import apps
from django.contrib.admin import SimpleListFilter
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.lifecycle import all_lifecycles
from portal.triggers import History


class _Known(SimpleListFilter):
    """Narrows a list to the rows whose column has the value chosen."""

    parameter_name: str

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the choice."""
        known = {value for value, _label in self.lookup_choices}
        value = self.value()
        if value is None:
            return queryset
        return queryset.filter(**{self.parameter_name: value}) if value in known else queryset.none()


class TableFilter(_Known):
    """Of the history: which kind of record."""

    title = _("kind of record")
    parameter_name = "subject_table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the governed tables, by their names in the language of the reader."""
        governed = [
            m for m in apps.get_models() if any(isinstance(t, History) for t in getattr(m._meta, "triggers", []))
        ]
        return sorted(((m._meta.db_table, capfirst(m._meta.verbose_name)) for m in governed), key=lambda pair: pair[1])


class RecordFilter(_Known):
    """Of steps and deadlines: which kind of record."""

    title = _("kind of record")
    parameter_name = "subject_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer what has a lifecycle."""
        models = [table.model for table in all_lifecycles() if table.model]
        types = ContentType.objects.get_for_models(*models)
        return sorted(((str(types[m].pk), capfirst(m._meta.verbose_name)) for m in models), key=lambda pair: pair[1])


class StepFilter(_Known):
    """Of steps and deadlines: which step."""

    title = _("step")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the steps of every lifecycle, by name; those of one name together."""
        labels: dict[str, list[str]] = {}
        for table in all_lifecycles():
            for name, step in table.steps.items():
                label = str(step.label)
                if label not in labels.setdefault(name, []):
                    labels[name].append(label)
        return sorted(((name, capfirst(" / ".join(found))) for name, found in labels.items()), key=lambda pair: pair[1])
