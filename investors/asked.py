"""What an inquiry is about: what the page is about from which somebody asks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from firms.models import Laboratory, Organisation
from incentives.models import Programme
from investors.models import Inquiry, Opportunity
from investors.models.facts import TECHNOLOGY, Kind


@dataclass(frozen=True)
class Asked:
    """An opportunity, an organisation or a laboratory of one, a programme of incentives, or none of them."""

    opportunity: Opportunity | None = None
    organisation: Organisation | None = None
    programme: Programme | None = None
    laboratory: Laboratory | None = None

    @classmethod
    def find(cls, named: Mapping[str, str]) -> Self:
        """Return what ``opportunity``, ``laboratory``, ``about`` or ``programme`` names, where the public sees it."""
        if slug := _slug(named, "opportunity"):
            found = Opportunity.objects.published().filter(slug=slug).select_related("owner").first()
            return cls(opportunity=found)
        if slug := _slug(named, "laboratory"):
            laboratory = Laboratory.objects.published().filter(slug=slug).select_related("organisation").first()
            return cls(laboratory=laboratory, organisation=laboratory.organisation if laboratory else None)
        if slug := _slug(named, "about"):
            return cls(organisation=Organisation.objects.listed().filter(slug=slug).first())
        if slug := _slug(named, "programme"):
            return cls(programme=Programme.objects.published().filter(slug=slug).first())
        return cls()

    @property
    def names(self) -> dict[str, str]:
        """The addresses of what it is, as ``find`` reads them."""
        about = None if self.laboratory else self.organisation
        named = {
            "opportunity": self.opportunity,
            "laboratory": self.laboratory,
            "about": about,
            "programme": self.programme,
        }
        return {name: thing.slug for name, thing in named.items() if thing}

    @property
    def topic(self) -> str:
        """The topic of a question about it, one of ``Inquiry.Topic``; empty where it is about nothing."""
        if self.opportunity:
            return topic_of(self.opportunity)
        if self.programme:
            return Inquiry.Topic.INCENTIVES
        return Inquiry.Topic.ORGANISATION if self.organisation else ""

    @property
    def title(self) -> str:
        """What it is called, in the language of the page."""
        if self.programme:
            return str(self.programme)
        thing = self.opportunity or self.laboratory or self.organisation
        return thing.title if thing else ""


def topic_of(opportunity: Opportunity) -> str:
    """Return the topic of a question about an opportunity."""
    return topic_of_kinds([Kind(opportunity.kind)])


def topic_of_kinds(kinds: Iterable[Kind]) -> str:
    """Return the topic of questions about kinds of opportunities: premises and technology have their own."""
    found = set(kinds)
    if found == {Kind.PREMISES}:
        return Inquiry.Topic.PREMISES
    return Inquiry.Topic.TECHNOLOGY if found <= set(TECHNOLOGY) else Inquiry.Topic.OPPORTUNITY


def _slug(named: Mapping[str, str], name: str) -> str:
    slug = named.get(name) or ""
    return "" if "\x00" in slug else slug
