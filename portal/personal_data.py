"""What the portal holds about a person: each app contributes its part, which tells it, and erases it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from portal.models import User

type Text = str | Promise

ACCOUNT = "account"
"""The purpose of having an account at all: whoever withdraws it is erased."""


@dataclass(frozen=True)
class Purpose:
    """What personal data are used for, as the person is asked for consent.

    Args:
        name: a short name that stays the same.
        title: in words.
        says: what is kept for it, and for how long.
        withdrawn: what happens when the consent is withdrawn.
    """

    name: str
    title: Text
    says: Text
    withdrawn: Text


def _nothing(user: User) -> Iterable[Text]:
    return ()


@dataclass(frozen=True)
class Part:
    """What one app holds about people.

    Args:
        name: a short name that stays the same: the part's key in the export.
        title: in words.
        held: returns what is held about a person, as values of JSON.
        erase: erases what the law does not want kept, and returns how many records. What is erased already is left
            alone, so that it can be repeated.
        hinders: yields what has to be settled before the person can be erased, and how.
        purpose: for what it is held; withdrawing the consent to it erases this part alone.
    """

    name: str
    title: Text
    held: Callable[[User], Any]
    erase: Callable[[User], int]
    hinders: Callable[[User], Iterable[Text]] = _nothing
    purpose: str = ACCOUNT


_purposes: dict[str, Purpose] = {}
_parts: dict[str, Part] = {}


def contribute_purpose(purpose: Purpose) -> None:
    """Add a purpose; the same name again replaces it."""
    _purposes[purpose.name] = purpose


def contribute(part: Part) -> None:
    """Add an app's part; the same name again replaces it."""
    _parts[part.name] = part


def purposes() -> list[Purpose]:
    """Return every purpose, that of the account first."""
    return sorted(_purposes.values(), key=lambda purpose: (purpose.name != ACCOUNT, purpose.name))


def parts() -> list[Part]:
    """Return every part, the core's first, then the apps' in their order."""
    return list(_parts.values())


def everything_about(user: User) -> dict[str, Any]:
    """Return all that the portal holds about a person, by part, as values of JSON."""
    return {part.name: part.held(user) for part in parts()}


def hindrances(user: User) -> list[Text]:
    """Return what has to be settled before a person can be erased; nothing: they can be."""
    return [reason for part in parts() for reason in part.hinders(user)]


def erase(user: User, purpose: str) -> dict[str, int]:
    """Erase what is held for one purpose, for that of the account everything; the account itself goes last.

    Returns:
        How many records, by part.
    """
    wanted = [part for part in parts() if purpose in (ACCOUNT, part.purpose)]
    return {part.name: part.erase(user) for part in reversed(wanted)}
