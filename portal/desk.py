"""What waits for a person, and where they may go: each app contributes its part of the desk."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from portal.models import User

type Text = str | Promise
type Tone = Literal["grey", "blue", "green", "amber", "red", "brick"]


@dataclass(frozen=True)
class DeskItem:
    """One thing that waits for somebody, or that they wait for."""

    title: Text
    url: str
    detail: Text = ""
    due_at: datetime | None = None
    status: Text = ""
    tone: Tone = "grey"

    @property
    def is_overdue(self) -> bool:
        """Whether its date has passed."""
        return self.due_at is not None and self.due_at < timezone.now()


@dataclass(frozen=True)
class DeskLink:
    """A place that a person often goes to, or a thing they may begin."""

    label: Text
    url: str
    detail: Text = ""


@dataclass(frozen=True)
class DeskGroup:
    """The items of one contribution under their heading."""

    heading: Text
    items: list[DeskItem]
    url: str = ""


@dataclass(frozen=True)
class _Contribution:
    function: Callable[[User], Iterable[DeskItem]]
    heading: Text
    order: int
    page: str = ""


_contributions: list[_Contribution] = []
_links: list[tuple[int, Callable[[User], Iterable[DeskLink]]]] = []


def contribute(
    function: Callable[[User], Iterable[DeskItem]], *, heading: Text, order: int = 100, page: str = ""
) -> None:
    """Show on the desk what the function returns for the person.

    Args:
        function: returns the items, most urgent first; called at each visit of the desk.
        heading: above the items; left out with them when there are none.
        order: smaller comes earlier.
        page: the name of the address where all of them are.
    """
    _contributions.append(_Contribution(function, heading, order, page))


def contribute_links(function: Callable[[User], Iterable[DeskLink]], *, order: int = 100) -> None:
    """Show on the desk the links that the function returns for the person."""
    _links.append((order, function))


def groups_for(user: User) -> list[DeskGroup]:
    """Return what waits for the person, without empty groups."""
    ordered = sorted(_contributions, key=lambda contribution: contribution.order)
    groups = [
        DeskGroup(part.heading, list(part.function(user)), reverse(part.page) if part.page else "") for part in ordered
    ]
    return [group for group in groups if group.items]


def links_for(user: User) -> list[DeskLink]:
    """Return where the person may go from the desk."""
    return [link for _order, function in sorted(_links, key=lambda pair: pair[0]) for link in function(user)]
