"""The decision register as a file: CSV of everything, a spreadsheet of the first rows."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import IO, NamedTuple

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from incentives import register
from portal import local_form, spreadsheets
from portal.models import User

MOST_OF_SPREADSHEET = 10_000
"""A spreadsheet has no more decisions than this; the CSV file has all."""


class Column(NamedTuple):
    """A column: its heading, what it has of a decision, how wide it is in a spreadsheet."""

    heading: str | Promise
    value: Callable[[register.Entry], str | Decimal | None]
    width: int = 16


COLUMNS = (
    Column(gettext_lazy("Date and time (Shanghai)"), lambda entry: _moment(entry.step.at), 20),
    Column(gettext_lazy("Decision"), lambda entry: str(entry.label), 24),
    Column(gettext_lazy("Decided by"), lambda entry: str(entry.step.by or _("the system")), 24),
    Column(gettext_lazy("Application"), lambda entry: entry.number),
    Column(gettext_lazy("Applicant"), lambda entry: entry.about, 36),
    Column(gettext_lazy("Programme"), lambda entry: str(entry.programme), 36),
    Column(gettext_lazy("Round"), lambda entry: str(entry.round or "")),
    Column(gettext_lazy("Amount (CNY)"), lambda entry: entry.amount),
    Column(gettext_lazy("Conditions"), lambda entry: entry.conditions, 40),
    Column(gettext_lazy("Reasons"), lambda entry: entry.step.reason, 60),
    Column(gettext_lazy("Meeting"), lambda entry: entry.meeting, 24),
    Column(gettext_lazy("Reference of the minutes"), lambda entry: entry.minutes, 24),
    Column(gettext_lazy("From status"), lambda entry: entry.step.source),
    Column(gettext_lazy("To status"), lambda entry: entry.step.target),
)


class RegisterFile:
    """What a person looks at of the register, written in the language of the page.

    Args:
        user: who reads.
        wanted: what is looked at.
        words: the same, in words.
        address: of the page, for the line that names the source.
    """

    def __init__(self, user: User, wanted: register.Wanted, words: str, address: str) -> None:
        self._user, self._wanted = user, wanted
        self._words, self._address = words, address
        self._language = get_language() or "en"
        self._now = timezone.now()

    def filename(self, ending: str) -> str:
        """Return a name with the day in Shanghai."""
        return f"decisions-{self._now.astimezone(local_form.SHANGHAI):%Y-%m-%d}.{ending}"

    def csv(self) -> Iterator[bytes]:
        """Yield the whole file by and by; it may be read outside the transaction of the request."""
        with translation.override(self._language):
            yield "\ufeff".encode()  # by it Excel knows the encoding
            yield spreadsheets.csv_lines([*self._about(), [], [str(column.heading) for column in COLUMNS]])
            for batch in register.in_batches(self._user, self._wanted):
                yield spreadsheets.csv_lines([[column.value(entry) for column in COLUMNS] for entry in batch])

    def spreadsheet(self) -> IO[bytes]:
        """Return a workbook as a file on disk, with a sheet that says what it is."""
        headings, widths = [str(c.heading) for c in COLUMNS], [c.width for c in COLUMNS]
        rows = (
            [column.value(entry) for column in COLUMNS]
            for batch in register.in_batches(self._user, self._wanted, MOST_OF_SPREADSHEET)
            for entry in batch
        )
        about = self._about(_("the first %(most)s; the CSV file has all") % {"most": f"{MOST_OF_SPREADSHEET:,}"})
        return spreadsheets.workbook(
            spreadsheets.Sheet(_("Decisions"), headings, widths, rows),
            spreadsheets.Sheet(_("About this file"), [], [16, 80], about),
        )

    def _about(self, most: str = "") -> list[list[str]]:
        lines = [[_("Decision register"), _("Decisions and refusals about incentives of Yangpu District, Shanghai")]]
        if settings.DEMONSTRATION:
            lines.append([_("Demonstration"), _("The firms are invented.")])
        lines += [
            [_("As of"), local_form.moment(self._now)],
            [_("Source"), _("The Yangpu District Investor Portal, %(address)s") % {"address": self._address}],
            [_("Shown"), self._words],
        ]
        return [*lines, [_("Number of rows"), most]] if most else lines


def _moment(at: datetime | date) -> str:
    return f"{timezone.localtime(at, local_form.SHANGHAI):%Y-%m-%d %H:%M:%S}" if isinstance(at, datetime) else str(at)
