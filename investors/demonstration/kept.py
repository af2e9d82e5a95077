"""What the demonstration's investor keeps: a shortlist with a note, and searches."""

from investors.models import Opportunity
from investors.models.facts import Kind
from investors.services.saved_searches import Wish, save_search
from investors.services.shortlists import keep
from investors.shortlisting import Entry
from portal.models import User

_NOTES = {Kind.CAPITAL: "Demonstration note: ask for the figures of 2026.", Kind.OFFER: "", Kind.PREMISES: ""}


def load_kept(accounts: dict[str, User]) -> None:
    """Keep one opportunity of each of three kinds, and save two searches, as the investor would.

    Args:
        accounts: the demonstration's users by name.
    """
    investor = accounts["investor"]
    for kind, note in _NOTES.items():
        newest = Opportunity.objects.published().filter(kind=kind).order_by("-published_at", "-pk").first()
        if newest:
            keep(by=investor, entry=Entry.of(newest).noted(note))
    save_search(by=investor, wish=Wish("Demonstration: capital for machines", "kind=capital_sought", "immediate"))
    save_search(by=investor, wish=Wish("Demonstration: laboratories", "kind=premises", "weekly"))
