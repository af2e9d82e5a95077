"""Rows that share a whole: their sum is shown below them, whatever it is while they are written."""

from typing import Any

from django.forms.models import BaseInlineFormSet


class SharesFormSet(BaseInlineFormSet):
    """Rows of a programme with a ``weight`` or ``share`` in per cent."""

    @property
    def total(self) -> int:
        """What the rows come to, as typed where they were typed."""
        name = "weight" if hasattr(self.model, "weight") else "share"
        return sum(self._value(form, name) for form in self.forms)

    def _value(self, form: Any, name: str) -> int:
        if self.can_delete and form.is_bound and self._should_delete_form(form):  # type: ignore[attr-defined]
            return 0
        return getattr(form.instance, name) or 0
