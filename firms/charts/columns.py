"""Columns side by side, one a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from firms.charts.pictures import WIDTH, Picture, Table, Words
from firms.charts.values import FEWER, Value

_LEFT, _TOP, _PLOT, _FOOT = 40, 12, 190, 28
_COLOURS = {True: "#a8432a", False: "#0a5a8a"}


@dataclass(frozen=True)
class Column:
    """A column as drawn."""

    label: str
    value: Value
    x: float
    width: float
    height: float
    fill: str

    @property
    def y(self) -> float:
        """Its upper edge."""
        return round(_TOP + _PLOT - self.height, 1)

    @property
    def centre(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 1)

    @property
    def is_hidden(self) -> bool:
        """Whether its number is not shown."""
        return self.value.number is None


@dataclass(frozen=True, kw_only=True)
class Columns(Picture):
    """Columns over an axis, with lines to read them by."""

    template: ClassVar[str] = "firms/charts/columns.svg"

    columns: tuple[Column, ...]
    lines: tuple[tuple[float, str], ...]
    key: tuple[tuple[int, str, str, bool], ...] = ()

    left: ClassVar[int] = _LEFT
    base: ClassVar[int] = _TOP + _PLOT

    @property
    def height(self) -> int:
        """The plot with its axis, and the key."""
        return _TOP + _PLOT + _FOOT + 20 * len(self.key)

    @property
    def labelled(self) -> list[Column]:
        """The columns whose label is written: each fifth, counted from the last full one."""
        return [column for column in self.columns if column.label.isdecimal() and int(column.label) % 5 == 0]


def columns(
    values: Sequence[tuple[str, Value]],
    *,
    words: Words,
    table: Table,
    accented: Sequence[str] = (),
    key: Sequence[tuple[bool | None, str]] = (),
) -> Columns:
    """Make a picture of columns.

    Args:
        values: label and value of each.
        words: what is said of it.
        table: the numbers.
        accented: labels of the columns in the second colour.
        key: what the second colour (True), the first (False) and a broken line (None) mean.
    """
    most = max((value.number or 0 for _label, value in values), default=0)
    step = axis_step(max(most, FEWER))
    top = step * -(-max(most, FEWER) // step)
    pitch = (WIDTH - _LEFT) / max(1, len(values))
    drawn = tuple(
        Column(
            label,
            value,
            round(_LEFT + number * pitch + pitch * 0.12, 1),
            round(pitch * 0.76, 1),
            round(_PLOT * (FEWER - 1 if value.number is None else value.number) / top, 1),
            _COLOURS[label in accented],
        )
        for number, (label, value) in enumerate(values)
    )
    marks = [number * step for number in range(int(top // step) + 1)]
    lines = tuple((round(_TOP + _PLOT * (1 - mark / top), 1), f"{mark:,.0f}") for mark in marks)
    base = _TOP + _PLOT + _FOOT + 6
    swatches = tuple(
        (base + 20 * number, "#ffffff" if colour is None else _COLOURS[colour], text, colour is None)
        for number, (colour, text) in enumerate(key)
    )
    return Columns(
        words=words,
        table=table,
        columns=drawn,
        lines=lines,
        key=swatches,
    )


def axis_step(most: float) -> int:
    """Return the distance of lines that makes about four up to a number: 1, 2 or 5 by a power of ten."""
    unit = 1
    while True:
        for step in (unit, 2 * unit, 5 * unit):
            if step * 5 >= most:
                return step
        unit *= 10
