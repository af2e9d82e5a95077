"""Calendars that other programs subscribe to, as RFC 5545 has them."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_MOST_OCTETS = 75


@dataclass(frozen=True)
class Event:
    """A moment, such as a deadline.

    Args:
        uid: the same whenever the event is written, and unlike any other event's in the world.
        at: when.
        summary: what, in a few words.
        url: where to read more.
        description: what else is to be said.
    """

    uid: str
    at: datetime
    summary: str
    url: str = ""
    description: str = ""


def calendar(name: str, events: Iterable[Event], *, now: datetime) -> str:
    """Return a calendar of events, its lines folded and ended as the standard asks.

    Args:
        name: of the calendar.
        events: in any order.
        now: when it was written.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//yangpu-portal//calendar//EN", f"X-WR-CALNAME:{_text(name)}"]
    for event in events:
        lines += _event(event, now)
    return "".join(f"{line}\r\n" for long in [*lines, "END:VCALENDAR"] for line in _folded(long))


def _event(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(event.uid)}"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"DTSTART:{_moment(event.at)}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    if event.url:
        yield f"URL:{_visible(event.url)}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        value = value.replace(sign, written)
    return _visible(value)


def _visible(value: str) -> str:
    """Leave out control characters: a line break in a name would begin a property of its own."""
    return "".join(sign for sign in value if unicodedata.category(sign) != "Cc")


def _folded(line: str) -> Iterator[str]:
    """Break a line after at most 75 octets, never within a character; what continues begins with a space."""
    part = ""
    for sign in line:
        if len((part + sign).encode()) > _MOST_OCTETS:
            yield part
            part = " "
        part += sign
    yield part
