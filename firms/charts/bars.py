"""Bars one under another, each with its label above and its number behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from firms.charts.pictures import WIDTH, Picture, Table, Words, lines_of
from firms.charts.values import Value

_ROW, _BAR, _ROOM = 50, 20, 132


@dataclass(frozen=True)
class Bar:
    """A bar as drawn."""

    lines: tuple[str, ...]
    value: Value
    text: str
    y: int
    width: float
    fill: str

    @property
    def label_y(self) -> int:
        """Where its label stands."""
        return self.y + 16

    @property
    def bar_y(self) -> int:
        """Its upper edge."""
        return self.y + 22

    @property
    def text_y(self) -> int:
        """Where its number stands."""
        return self.y + 37

    @property
    def text_x(self) -> float:
        """Where its number begins."""
        return round(self.width + 7, 1)

    @property
    def is_hidden(self) -> bool:
        """Whether its number is not shown."""
        return self.value.number is None


@dataclass(frozen=True, kw_only=True)
class Bars(Picture):
    """Bars from one line to the right."""

    template: ClassVar[str] = "firms/charts/bars.svg"

    bars: tuple[Bar, ...]
    bar_height: ClassVar[int] = _BAR

    @property
    def height(self) -> int:
        """A row for each."""
        return _ROW * len(self.bars)


def bars(
    values: Sequence[tuple[str, Value, str]],
    *,
    words: Words,
    table: Table,
    accented: Sequence[str] = (),
) -> Bars:
    """Make a picture of bars.

    Args:
        values: label and value of each, and what is written behind it.
        words: what is said of it.
        table: the numbers.
        accented: labels of the bars in the second colour.
    """
    most = max((value.number or 0 for _label, value, _text in values), default=0)
    drawn = tuple(
        Bar(
            tuple(lines_of(label, 13)[:1]),
            value,
            text or value.text,
            _ROW * number,
            round((WIDTH - _ROOM) * (value.number or 0) / most, 1) if most else 0,
            "#a8432a" if label in accented else "#0a5a8a",
        )
        for number, (label, value, text) in enumerate(values)
    )
    return Bars(words=words, table=table, bars=drawn)
