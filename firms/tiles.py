"""The tile grid: the subdistricts as equal tiles, north on top, each with a number. A picture, not a map."""

from collections.abc import Mapping
from dataclasses import dataclass

from firms.models import Subdistrict

_SHADES = ("#eef5f9", "#cfe4f0", "#9dc9e0", "#4f97bf", "#0a5a8a")
_WIDTH, _HEIGHT, _GAP = 190, 84, 8


@dataclass(frozen=True)
class Tile:
    """A subdistrict of the grid with its number of firms."""

    subdistrict: Subdistrict
    count: int
    fill: str
    ink: str
    is_chosen: bool = False

    @property
    def x(self) -> int:
        """Left edge, in the units of the picture."""
        return (self.subdistrict.column - 1) * (_WIDTH + _GAP) + 2

    @property
    def y(self) -> int:
        """Upper edge."""
        return (self.subdistrict.row - 1) * (_HEIGHT + _GAP) + 2

    @property
    def centre(self) -> int:
        """Where its words are centred."""
        return self.x + _WIDTH // 2

    @property
    def first_line(self) -> int:
        """Where the name stands."""
        return self.y + 36

    @property
    def second_line(self) -> int:
        """Where the number stands."""
        return self.y + 64


def tiles_of(numbers: Mapping[str, int], chosen: frozenset[str] = frozenset()) -> list[Tile]:
    """Return the subdistricts with their numbers, darker where there are more.

    Args:
        numbers: of firms, by the code of the subdistrict; 0 where there is none.
        chosen: codes of subdistricts that are outlined.
    """
    most = max(numbers.values(), default=0)
    return [_tile(place, numbers.get(place.pk, 0), most, chosen) for place in Subdistrict.objects.all()]


def _tile(place: Subdistrict, count: int, most: int, chosen: frozenset[str]) -> Tile:
    step = min(len(_SHADES) - 1, count * len(_SHADES) // most) if most else 0
    return Tile(place, count, _SHADES[step], "#ffffff" if step == len(_SHADES) - 1 else "#14212b", place.pk in chosen)
