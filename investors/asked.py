"""What an inquiry is about: what the page is about from which somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from firms.models import Organisation
from investors.models import Opportunity


@dataclass(frozen=True)
class Asked:
    """An opportunity, an organisation, or neither."""

    opportunity: Opportunity | None = None
    organisation: Organisation | None = None

    @classmethod
    def find(cls, named: Mapping[str, str]) -> Self:
        """Return what ``opportunity`` or ``about`` names, where the public sees it."""
        if slug := _slug(named, "opportunity"):
            found = Opportunity.objects.published().filter(slug=slug).select_related("owner").first()
            return cls(opportunity=found)
        if slug := _slug(named, "about"):
            return cls(organisation=Organisation.objects.listed().filter(slug=slug).first())
        return cls()

    @property
    def names(self) -> dict[str, str]:
        """The addresses of what it is, as ``find`` reads them."""
        named = {"opportunity": self.opportunity, "about": self.organisation}
        return {name: thing.slug for name, thing in named.items() if thing}


def _slug(named: Mapping[str, str], name: str) -> str:
    slug = named.get(name) or ""
    return "" if "\x00" in slug else slug
