"""The amounts of a panel."""

from decimal import Decimal
from typing import Any

from django import forms

from incentives.forms.fields import MoneyField, WholeNumberField
from incentives.panel import Panel


class PanelForm(forms.Form):
    """A field for the amount of each application that may still be recommended, and the version of the draft."""

    use_required_attribute = False
    version = WholeNumberField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, panel: Panel, **options: Any) -> None:
        super().__init__(*args, **options)
        self.open = [row for row in panel.rows if not row.is_fixed]
        for row in self.open:
            self.fields[f"amount-{row.application.pk}"] = MoneyField(required=False)

    def amounts(self) -> dict[int, Decimal]:
        """Return the amounts that were understood."""
        self.is_valid()
        named = {row.application.pk: self.cleaned_data.get(f"amount-{row.application.pk}") for row in self.open}
        return {pk: amount for pk, amount in named.items() if amount is not None}

    def show_on(self) -> None:
        """Write on the rows what was typed, what of it counts, and what is wrong with it."""
        amounts = self.amounts()
        for row in self.open:
            name = f"amount-{row.application.pk}"
            row.typed, row.amount = str(self.data.get(name, ""))[:40], amounts.get(row.application.pk)
            row.error = " ".join(str(error) for error in self.errors.get(name, []))
