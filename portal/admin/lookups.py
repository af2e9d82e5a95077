"""Query strings of the staff workplace: what a list's own filters and a page's own links ask, and nothing else."""

from typing import Any

from django.http import HttpRequest

_PARTS = frozenset({"year", "month", "day"})
_ENDINGS = frozenset({"", "exact", "in", "isnull", "gte", "gt", "lt", "lte", "isempty"})


class FilteredLookups:
    """For ModelAdmins: refuse every lookup (``__regex``, ``__year``, other tables) that no filter of the list makes."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow a filter's field, its key, and the endings that filters use."""
        path, _separator, ending = lookup.rpartition("__")
        if path and path == getattr(self, "date_hierarchy", None) and ending in _PARTS:
            return True
        if ending not in _ENDINGS:
            path, ending = lookup, ""
        names = [item[0] if isinstance(item, tuple | list) else item for item in getattr(self, "list_filter", ())]
        names = [getattr(name, "parameter_name", name) for name in names]  # a filter that is a class of its own
        keys = ("", "__id", "__pk", "__code")
        return ending in _ENDINGS and any(path == f"{name}{key}" for name in names for key in keys)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find a row by its key where the address names an empty column, which Django would look for."""
        return super().get_object(request, object_id, from_field or None)  # type: ignore[misc]
