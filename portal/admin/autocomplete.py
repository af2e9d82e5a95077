"""Choosing a row by typing part of its name: a key that no row can have chooses none."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError


class KeySelect(AutocompleteSelect):
    """Django's widget asks the database for any value typed into an address or a forged form; this one looks first."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        """Return the chosen row, if the value can be a key."""
        return super().optgroups(name, [key for key in value if self._is_key(key)], attr)

    def _is_key(self, value: str) -> bool:
        column = self.field.target_field
        try:
            column.run_validators(column.to_python(value))
        except (ValidationError, ValueError):
            return False
        return True
