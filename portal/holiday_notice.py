"""Reading the State Council's yearly notice of public holidays, as it is pasted from its page, or plain dates."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from chinese_calendar import constants
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

LONGEST = 20_000
_MOST_DAYS = 31

NAMES = {
    "元旦": gettext_noop("New Year's Day"),
    "春节": gettext_noop("Spring Festival"),
    "清明": gettext_noop("Tomb-sweeping Day"),
    "劳动": gettext_noop("Labour Day"),
    "端午": gettext_noop("Dragon Boat Festival"),
    "中秋": gettext_noop("Mid-autumn Festival"),
    "国庆": gettext_noop("National Day"),
}
"""The holidays by the beginning of what the notice calls them; rows carry the English name, pages say it in both."""


class Day(NamedTuple):
    """A day that differs from its weekday, or a holiday that falls on a weekend."""

    is_working: bool
    name: str


_MAKE_UP, _HOLIDAY = gettext_noop("make-up working day"), gettext_noop("public holiday")

type Days = dict[date, Day]

_ISO = re.compile(
    r"(?P<first>\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:\.\.|~|至|到|to)\s*(?P<last>\d{4}-\d{1,2}-\d{1,2}))?\s*(?P<name>.*)"
)
_WORK = re.compile(r"上班|补班|\bwork", re.IGNORECASE)
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?P<name>[^:：\d]{1,20})[:：](?P<rest>.*)$")
_DAY = r"(?:(?P<month{n}>\d{{1,2}})月)?(?P<day{n}>\d{{1,2}})日(?:\([^)]*\))?"
_STRETCH = re.compile(_DAY.format(n=1) + r"(?:\s*[至到—-]+\s*" + _DAY.format(n=2) + r")?")


def known_to_package(year: int) -> Days:
    """Return the days of a year as the ``chinesecalendar`` package knows them; none of a year that it does not know."""
    days = {day: Day(is_working=False, name=name) for day, name in constants.holidays.items()}
    days |= {day: Day(is_working=True, name=name) for day, name in constants.workdays.items()}
    return {
        day: Day(row.is_working, str(row.name).rpartition(",")[2])
        for day, row in sorted(days.items())
        if day.year == year
    }


def read(text: str, year: int) -> Days:
    """Read the days of a year.

    Args:
        text: the paragraphs of the notice ("元旦：1月1日（周四）至3日（周六）放假。"), or lines such as
            ``2027-10-01..2027-10-07 National Day`` and ``2027-10-09 work``.
        year: the year of the notice.

    Raises:
        ValidationError: a line cannot be understood, names a day of another year, or a day stands twice with
            different meanings; the error names the line.
    """
    found: Days = {}
    for number, line in enumerate(text.splitlines(), start=1):
        plain = unicodedata.normalize("NFKC", line).strip()
        if not plain:
            continue
        try:
            days = list(_line(plain, year))
        except ValueError as error:
            words = {"number": number, "line": line.strip()[:80]}
            raise ValidationError(_("Line %(number)s names a day that does not exist: “%(line)s”") % words) from error
        if not days:
            words = {"number": number, "line": line.strip()[:80]}
            raise ValidationError(_("Line %(number)s cannot be understood: “%(line)s”") % words)
        for day, row in days:
            _check(day, row, year, found)
            found[day] = row
    return dict(sorted(found.items()))


def _check(day: date, row: Day, year: int, found: Mapping[date, Day]) -> None:
    words = {"day": day.isoformat(), "year": year}
    if day.year != year:
        raise ValidationError(_("%(day)s is no day of %(year)s.") % words)
    if day in found and found[day].is_working != row.is_working:
        raise ValidationError(_("%(day)s stands twice, as a holiday and as a working day.") % words)
    if row.is_working and day.weekday() < 5:  # noqa: PLR2004 -- Monday to Friday
        raise ValidationError(
            _("%(day)s is no weekend: only a Saturday or Sunday can be a make-up working day.") % words
        )


def _line(line: str, year: int) -> Iterator[tuple[date, Day]]:
    if iso := _ISO.fullmatch(line):
        first = _iso(iso["first"])
        name = iso["name"].strip()
        is_working = bool(_WORK.search(name))
        yield from _stretch(first, _iso(iso["last"]) if iso["last"] else first, Day(is_working, _named(name)))
    elif heading := _HEADING.match(line):
        yield from _paragraph(heading["rest"], _named(heading["name"]), year)


def _iso(text: str) -> date:
    year, month, day = text.split("-")
    return date(int(year), int(month), int(day))


def _paragraph(text: str, name: str, year: int) -> Iterator[tuple[date, Day]]:
    """Yield the days of one holiday: the sentences that say 放假 are off, those that say 上班 are worked."""
    for sentence in re.split(r"[。.;；]", text):
        is_working = bool(_WORK.search(sentence))
        if not is_working and "放假" not in sentence:
            continue
        month = 0
        for match in _STRETCH.finditer(sentence):
            month = int(match["month1"] or month)
            first = date(year, month, int(match["day1"]))
            last = date(year, int(match["month2"] or month), int(match["day2"])) if match["day2"] else first
            yield from _stretch(first, last, Day(is_working, name))


def _stretch(first: date, last: date, row: Day) -> Iterator[tuple[date, Day]]:
    if not timedelta(0) <= last - first < timedelta(days=_MOST_DAYS):
        raise ValueError
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number), row


def _named(text: str) -> str:
    """Return the English name by which a holiday is kept, or what is written where it is none of the seven."""
    plain = text.strip(" ,.、")
    places = {plain.index(beginning): name for beginning, name in NAMES.items() if beginning in plain}
    if places:
        return str(places[min(places)])
    return _WORK.sub("", plain).strip()[:60] or (_MAKE_UP if plain else _HOLIDAY)
