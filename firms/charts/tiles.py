"""The tile grid: each subdistrict a tile of the same size, north on top. Schematic, no map."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _

from firms.charts.pictures import FEW, INK, Picture, Table, Words, width_of
from firms.charts.values import Value
from firms.models import Subdistrict

TILE_WIDTH, TILE_HEIGHT, GAP = 122, 66, 6
_NAME = 12.5
SHADES = ("#eef5f9", "#cfe4f0", "#9dc9e0", "#4f97bf", "#0a5a8a")
"""From few to many."""

QUOTIENT_SHADES = ("#f0c9ba", "#f9e7df", "#f4f7f9", "#9dc9e0", "#0a5a8a")
"""From much under to much over the average of the district."""

_QUOTIENTS = ((0.5, "<0.5"), (0.8, "0.5–0.8"), (1.25, "0.8–1.25"), (2.0, "1.25–2"), (float("inf"), "≥2"))
_KEY = (TILE_WIDTH + GAP, 4 * (TILE_HEIGHT + GAP))


@dataclass(frozen=True)
class Tile:
    """A subdistrict with its value, and perhaps a second one and a link."""

    place: Subdistrict
    value: Value
    fill: str
    note: str = ""
    url: str = ""
    is_chosen: bool = False

    @property
    def x(self) -> int:
        """Left edge."""
        return (self.place.column - 1) * (TILE_WIDTH + GAP)

    @property
    def y(self) -> int:
        """Upper edge."""
        return (self.place.row - 1) * (TILE_HEIGHT + GAP)

    @property
    def centre(self) -> int:
        """Where its words are centred."""
        return self.x + TILE_WIDTH // 2

    @property
    def lines(self) -> list[tuple[int, float, int, str]]:
        """Its words: height, size and weight of each line, and the text."""
        name = str(self.place)
        size = _NAME * min(1.0, (TILE_WIDTH - 8) / width_of(name, _NAME))
        if not self.note:
            return [(self.y + 26, round(size, 1), 400, name), (self.y + 50, 18, 700, self.value.mark)]
        return [
            (self.y + 18, round(size, 1), 400, name),
            (self.y + 39, 17, 700, self.value.mark),
            (self.y + 57, 12, 400, self.note),
        ]

    @property
    def ink(self) -> str:
        """A colour that can be read on its own."""
        return "#ffffff" if self.fill == SHADES[-1] else INK

    @property
    def is_hidden(self) -> bool:
        """Whether its number is not shown."""
        return self.value.number is None


@dataclass(frozen=True)
class Swatch:
    """A colour of the key, and which numbers have it."""

    x: int
    y: int
    fill: str
    text: str
    is_hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class TileGrid(Picture):
    """Subdistricts as tiles, with the key of their colours."""

    template: ClassVar[str] = "firms/charts/tile_grid.svg"

    tiles: tuple[Tile, ...]
    key: tuple[Swatch, ...]

    @property
    def height(self) -> int:
        """Five rows."""
        return 5 * TILE_HEIGHT + 4 * GAP

    @property
    def has_links(self) -> bool:
        """Whether tiles lead somewhere."""
        return any(tile.url for tile in self.tiles)


def tile_grid(
    places: Iterable[Subdistrict],
    values: Mapping[str, Value],
    *,
    words: Words,
    notes: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    table: Table | None = None,
    chosen: Collection[str] = (),
    is_quotient: bool = False,
) -> TileGrid:
    """Make a tile grid.

    Args:
        places: the subdistricts.
        values: by their codes; one without is not shown.
        words: what is said of it.
        notes: second lines, by codes.
        links: addresses, by codes.
        table: the numbers, by default name and value.
        chosen: codes of the subdistricts that are outlined.
        is_quotient: shade by distance from 1 instead of from 0.
    """
    found = {place.pk: (place, values.get(place.pk, Value.withheld())) for place in places}
    most = max((value.number or 0 for _place, value in found.values()), default=0)
    shade, steps = (_quotient_shade, list(_quotient_words())) if is_quotient else _shades(most)
    tiles = [
        Tile(
            place,
            value,
            FEW if value.number is None else shade(value.number),
            (notes or {}).get(code, ""),
            (links or {}).get(code, ""),
            code in chosen,
        )
        for code, (place, value) in found.items()
    ]
    table = table or Table(
        (_("Subdistrict"), _("Number of firms")), [(str(place), value) for place, value in found.values()]
    )
    swatches = [
        Swatch(_KEY[0] + 8 + 122 * (number // 3), _KEY[1] + 4 + 21 * (number % 3), fill, text)
        for number, (fill, text) in enumerate(steps)
    ]
    if any(tile.is_hidden for tile in tiles):
        number = len(swatches)
        place = (_KEY[0] + 8 + 122 * (number // 3), _KEY[1] + 4 + 21 * (number % 3))
        swatches.append(Swatch(*place, FEW, _("not shown"), is_hidden=True))
    return TileGrid(
        words=words,
        table=table,
        tiles=tuple(tiles),
        key=tuple(swatches),
    )


def _shades(most: float) -> tuple[Callable[[float], str], list[tuple[str, str]]]:
    """Divide what there is into five steps of the same width."""
    width = max(1, -(-int(most) // len(SHADES)))
    used = min(len(SHADES), max(1, -(-int(most) // width)))

    def shade(number: float) -> str:
        return SHADES[min(len(SHADES) - 1, max(0, int(number) - 1) // width)]

    words = [(SHADES[step], f"{0 if not step else step * width + 1:,}–{(step + 1) * width:,}") for step in range(used)]
    return shade, words


def _quotient_shade(number: float) -> str:
    return next(
        shade for (bound, _text), shade in zip(_QUOTIENTS, QUOTIENT_SHADES, strict=True) if round(number, 2) < bound
    )


def _quotient_words() -> Iterable[tuple[str, str]]:
    return ((shade, text) for (_bound, text), shade in zip(_QUOTIENTS, QUOTIENT_SHADES, strict=True))
