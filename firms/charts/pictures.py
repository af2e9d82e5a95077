"""What every picture has: a title, a description, a table, and an SVG that can stand on a page or in a file."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import ClassVar

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firms.charts.values import Value
from portal.spreadsheets import as_text

WIDTH = 378
"""How many units wide every picture is: letters of 12 units can be read on a screen of 320 pixels."""

INK = "#14212b"
SOFT = "#4a5a66"
FEW = "#ffffff"
"""What is filled so, inside a broken line, is a number that is not shown."""

_LINE = 17
_WIDE = 0x2E80  # from here on characters are as wide as they are high


@dataclass(frozen=True)
class Table:
    """The numbers of a picture. The first cell of each row names it."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str | Value]]

    def csv(self, words: "Words") -> str:
        """Write it, and what is said of it, as a file in which no spreadsheet finds a formula."""
        out = StringIO()
        writer = csv.writer(out)
        writer.writerow([as_text(str(heading)) for heading in self.headings])
        for row in self.rows:
            writer.writerow([cell.cell if isinstance(cell, Value) else as_text(cell) for cell in row])
        writer.writerow([])
        for label, text in (
            (_("Figures"), words.title),
            (_("Method"), words.description),
            (_("Source"), words.source),
        ):
            writer.writerow([label, as_text(text)])
        return "\ufeff" + out.getvalue()


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said of a picture.

    Args:
        name: in addresses.
        of: what it is of; with the name it makes ids of a page that has several.
        title: what it shows, as a heading.
        description: how it was made, and what it does not tell.
        source: where its numbers are from and of which day.
    """

    name: str
    title: str
    description: str = ""
    source: str = ""
    of: str = ""

    @property
    def anchor(self) -> str:
        """Its id on a page."""
        return f"{self.name}-{self.of}" if self.of else self.name


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture with its words and its numbers."""

    template: ClassVar[str]
    width: ClassVar[int] = WIDTH

    words: Words
    table: Table

    @property
    def height(self) -> int:
        """How many units high it is."""
        raise NotImplementedError

    @property
    def has_links(self) -> bool:
        """Whether parts of it lead somewhere: then it is no mere image."""
        return False

    def svg(self) -> SafeString:
        """Write it for a page."""
        return self._render(is_file=False)

    def file(self) -> str:
        """Write it as a file that stands alone, with title and source in it."""
        text = self._render(is_file=True)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + "".join(c for c in text if c.isprintable() or c == "\n")

    def _render(self, *, is_file: bool) -> SafeString:
        above = _placed(lines_of(self.words.title, 16), 22, _LINE + 3)
        top = len(above) * (_LINE + 3) + 12 if is_file else 0
        below = _placed(lines_of(self.words.source, 11), top + self.height + 20, _LINE - 2)
        context = {
            "picture": self,
            "is_file": is_file,
            "language": "zh-Hans" if (get_language() or "").startswith("zh") else "en",
            "above": above,
            "top": top,
            "below": below,
            "whole": top + self.height + (len(below) * (_LINE - 2) + 14 if is_file else 0),
            "ink": INK,
            "soft": SOFT,
        }
        return render_to_string(self.template, context)

    def csv(self) -> str:
        """Write its table as a file."""
        return self.table.csv(self.words)


def width_of(text: str, size: float) -> float:
    """Estimate how many units a text is wide."""
    return sum(size if ord(c) >= _WIDE else size * 0.56 for c in text)


def lines_of(text: str, size: float, width: float = WIDTH - 8) -> list[str]:
    """Break a text into lines: between words, or between Chinese characters."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width_of(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and ord(character) < _WIDE and ord(pieces[-1][-1]) < _WIDE and not pieces[-1].endswith(" "):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _placed(lines: list[str], first: int, step: int) -> list[tuple[int, str]]:
    return [(first + number * step, line) for number, line in enumerate(lines)]
