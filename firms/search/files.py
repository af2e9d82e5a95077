"""What every directory's files have in common: CSV of everything found, a spreadsheet of the first rows."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, ClassVar, NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firms.search.counting import Counts
from portal import local_form
from portal.spreadsheets import Cell, Sheet, csv_lines, workbook

MOST_OF_SPREADSHEET = 10_000
"""A spreadsheet has no more rows than this; the CSV file has all."""

type Text = str | Promise


class Column[Told](NamedTuple):
    """A column: its heading, what it has of a row, and how wide it is in a spreadsheet."""

    heading: Text
    value: Callable[[Told], Cell]
    width: int = 14


class Export[Told](ABC):
    """A search whose finds are written to a file, in the language of the page.

    A subclass names what is found and its columns, and reads what is found, batch by batch.

    Args:
        found_by: what was looked for, in words.
        counts: how many rows that finds.
        address: of the page with the search, for the line that names the source.
    """

    name: ClassVar[str]
    """Of the file, behind ``yangpu-`` and before the day."""
    title: ClassVar[Text]
    subject: ClassVar[Text]
    invented: ClassVar[Text]
    """What a demonstration says of the rows."""
    numbered: ClassVar[Text]
    """The heading of how many they are."""
    columns: ClassVar[tuple[Column[Any], ...]]

    def __init__(self, found_by: str, counts: Counts, address: str) -> None:
        self._found_by = found_by
        self._counts = counts
        self._address = address
        self._language = get_language() or "en"
        self._now = timezone.now()

    @abstractmethod
    def told(self) -> Iterator[list[Told]]:
        """Yield what is found, in batches; only what public pages show."""

    def filename(self, ending: str) -> str:
        """Return a name with the day in Shanghai."""
        return f"yangpu-{self.name}-{self._now.astimezone(local_form.SHANGHAI):%Y-%m-%d}.{ending}"

    def csv(self) -> Iterator[bytes]:
        """Yield the whole file by and by; it may be read outside the transaction of the request."""
        with translation.override(self._language):
            yield "\ufeff".encode()  # by it Excel knows the encoding
            yield csv_lines([*self._about(), (), [str(column.heading) for column in self.columns]])
            for rows in self._rows():
                yield csv_lines(rows)

    def spreadsheet(self) -> IO[bytes]:
        """Return a workbook as a file on disk: the first rows, and a sheet that says what they are."""
        headings, widths = [str(column.heading) for column in self.columns], [column.width for column in self.columns]
        rows = (row for batch in self._rows(MOST_OF_SPREADSHEET) for row in batch)
        return workbook(
            Sheet(str(self.title), headings, widths, rows),
            Sheet(_("About this file"), [], [16, 80], self._about(MOST_OF_SPREADSHEET)),
        )

    def _rows(self, most: int | None = None) -> Iterator[list[list[Cell]]]:
        written = 0
        for batch in self.told():
            shown = batch if most is None else batch[: most - written]
            written += len(shown)
            yield [[column.value(one) for column in self.columns] for one in shown]
            if written == most:
                return

    def _about(self, most: int | None = None) -> list[tuple[str, str]]:
        """Return what the file is, from where and of when."""
        lines = [(str(self.title), str(self.subject))]
        if settings.DEMONSTRATION:
            lines.append((_("Demonstration"), str(self.invented)))
        address = {"address": self._address}
        return [
            *lines,
            (_("As of"), local_form.moment(self._now)),
            (_("Source"), _("The directory of the Yangpu District Investor Portal, %(address)s") % address),
            (_("Found by"), self._found_by),
            (str(self.numbered), self._number(most)),
        ]

    def _number(self, most: int | None) -> str:
        number = f"{self._counts.total:,}"
        if self._counts.is_capped:
            number = _("more than %(number)s") % {"number": number}
        if most is not None and self._counts.total > most:
            words = {"most": f"{most:,}", "number": number}
            number = _("the first %(most)s of %(number)s; the CSV file has all") % words
        return number


def listed(things: Iterable[Any], sign: str = "") -> str:
    """Join what is listed in one cell, as the language of the page does."""
    return (sign or ("、" if local_form.is_chinese() else "; ")).join(map(str, things))
