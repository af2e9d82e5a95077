"""What of opportunities and inquiries is to be known when two organisations are merged."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.merging import Finding, Fold, contribute_check, contribute_fold
from firms.models import Organisation
from investors.models import Commitment, Inquiry, Match, MatchWish, PremisesSearch


def contribute() -> None:
    """Add the checks of the inquiries and of the commitments; of two wishes, the survivor's stays."""
    contribute_check(asks_itself)
    contribute_check(is_promised_something)
    for model in (PremisesSearch, MatchWish, Match):
        contribute_fold(model, Fold())


def asks_itself(survivor: Organisation, going: Organisation) -> Iterator[Finding]:
    """Yield what one asked about the other or its opportunity and nobody answered yet."""
    both = [survivor, going]
    about = Q(opportunity__owner__in=both) | Q(about_organisation__in=both)
    for inquiry in Inquiry.objects.waiting().filter(about, organisation__in=both).order_by("pk"):
        sentence = _("{reference} is a question of one about the other or its opportunity. It stays open.")
        yield Finding(format_lazy(sentence, reference=inquiry.reference), inquiry, stops=False)


def is_promised_something(survivor: Organisation, going: Organisation) -> Iterator[Finding]:
    """Yield what the district still owes to the one that goes: from then on, the survivor sees it."""
    for commitment in Commitment.objects.open().filter(organisation=going).order_by("pk"):
        sentence = _("{reference} is a commitment of the district that is still to be kept. The survivor will see it.")
        yield Finding(format_lazy(sentence, reference=commitment.reference), commitment, stops=False)
