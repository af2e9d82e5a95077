"""Areas one upon another over time, stepping where something moved, under a line that is their limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from firms.charts.columns import axis_step
from firms.charts.pictures import WIDTH, Picture, Table, Words

_LEFT, _TOP, _PLOT, _FOOT = 52, 26, 190, 28


@dataclass(frozen=True)
class Layer:
    """One of the areas: what it is of, its colour, and its amount after each day."""

    label: str
    fill: str
    amounts: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class Areas(Picture):
    """Areas over an axis of days."""

    template: ClassVar[str] = "firms/charts/areas.svg"

    areas: tuple[tuple[str, str, str], ...]
    limit: tuple[str, str]
    lines: tuple[tuple[float, str], ...]
    unit: str
    first: str
    last: str

    left: ClassVar[int] = _LEFT
    base: ClassVar[int] = _TOP + _PLOT

    @property
    def height(self) -> int:
        """The plot with its axis, and the key."""
        return _TOP + _PLOT + _FOOT + 20 * (len(self.areas) + 1)

    @property
    def key(self) -> list[tuple[int, str, str]]:
        """Where each entry of the key stands, with its colour; the limit has none."""
        base = _TOP + _PLOT + _FOOT + 6
        entries = [(fill, label) for label, fill, _path in reversed(self.areas)]
        return [(base + 20 * place, *entry) for place, entry in enumerate([("", self.limit[0]), *entries])]


def areas(
    days: Sequence[date],
    layers: Sequence[Layer],
    limit: tuple[str, Sequence[float]],
    *,
    words: Words,
    table: Table,
    unit: tuple[str, int],
    write_day: Callable[[date], str],
) -> Areas:
    """Make a picture of areas.

    Args:
        days: on which something moved, in order, and the day up to which it is known.
        layers: from the axis upwards.
        limit: what the areas stay under, and its amount after each day.
        words: what is said of it.
        table: the numbers.
        unit: what the axis counts in: its name, and how many of an amount it is.
        write_day: writes a day.
    """
    heights = [sum(layer.amounts[place] for layer in layers) for place in range(len(days))]
    most = max([*limit[1], *heights, 1])
    step = axis_step(most)
    top = step * -(-most // step)
    span = max((days[-1] - days[0]).days, 1) if days else 1

    def x(place: int) -> float:
        """Days go from left to right; the last reaches the edge, also where it is the only one."""
        return round(_LEFT + (WIDTH - _LEFT) * ((days[place] - days[0]).days / span), 1)

    def y(amount: float) -> float:
        return round(_TOP + _PLOT * (1 - amount / top), 1)

    def stair(amounts: Sequence[float]) -> list[str]:
        points = [f"{x(0)} {y(amounts[0])}"]
        for place in range(1, len(days)):
            points += [f"{x(place)} {y(amounts[place - 1])}", f"{x(place)} {y(amounts[place])}"]
        return points if len(days) > 1 else [*points, f"{WIDTH} {y(amounts[0])}"]

    below = [0.0] * len(days)
    drawn = []
    for layer in layers:
        above = [low + amount for low, amount in zip(below, layer.amounts, strict=True)]
        path = f"M {' L '.join([*stair(above), *reversed(stair(below))])} Z"
        drawn.append((layer.label, layer.fill, path))
        below = above
    marks = [step * number for number in range(int(top // step) + 1)]
    return Areas(
        words=words,
        table=table,
        areas=tuple(drawn),
        limit=(limit[0], f"M {' L '.join(stair(limit[1]))}"),
        lines=tuple((y(mark), f"{mark / unit[1]:,g}") for mark in marks),
        unit=unit[0],
        first=write_day(days[0]) if len(days) > 1 else "",
        last=write_day(days[-1]),
    )
