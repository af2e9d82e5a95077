"""A number as pictures, tables and files show it, or the word that stands in its place."""

from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

FEWER = 5
"""Numbers from 1 up to, and without, this one are not shown."""


@dataclass(frozen=True)
class Value:
    """A number with the words for it.

    Args:
        number: what it is; None where it is not shown.
        text: in a table.
        mark: in a picture, where room is scarce.
    """

    number: float | None
    text: str
    mark: str

    @classmethod
    def of(cls, number: int) -> Self:
        """Show a whole number."""
        return cls(number, f"{number:,}", f"{number:,}")

    @classmethod
    def few(cls) -> Self:
        """Say that there are fewer than may be shown, though at least one."""
        return cls(None, _("fewer than %(number)s") % {"number": FEWER}, f"<{FEWER}")

    @classmethod
    def withheld(cls) -> Self:
        """Say nothing of a number, so that no other can be told from it."""
        return cls(None, _("not shown"), "–")

    @classmethod
    def share(cls, part: float, whole: float) -> Self:
        """Show a part of a whole in per cent; nothing of nothing is no share."""
        if not whole:
            return cls(None, "–", "–")
        text = _("%(number)s%%") % {"number": f"{100 * part / whole:.1f}"}
        return cls(round(100 * part / whole, 1), text, text)

    @classmethod
    def ratio(cls, number: float) -> Self:
        """Show a quotient with two places."""
        return cls(round(number, 2), f"{number:,.2f}", f"{number:,.2f}")

    @property
    def cell(self) -> str:
        """What a file has in its cell: digits alone, or the words."""
        if self.number is None:
            return self.text
        return f"{self.number:g}" if self.number != int(self.number) else str(int(self.number))
