"""Which sides are brought together, each pairing with its table of criteria."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from investors.matching import capital, digital, needs, premises, technology
from investors.matching.verdicts import Criterion, Text
from investors.models.facts import Kind


@dataclass(frozen=True)
class Pairing:
    """Two sides that are brought together.

    Args:
        name: its word.
        title: what the two sides are.
        kind: of the opportunities found; of a digital firm, of the one that seeks.
        criteria: the table.
    """

    name: str
    title: Text
    kind: Kind
    criteria: tuple[Criterion, ...]


CAPITAL = Pairing("capital", _("Investors and firms that seek capital"), Kind.CAPITAL, capital.CRITERIA)
TECHNOLOGY = Pairing("technology", _("Investors and technology on offer"), Kind.OFFER, technology.CRITERIA)
LABORATORY = Pairing("laboratory", _("Investors and joint laboratories"), Kind.LAB, technology.LABORATORY)
NEED = Pairing("need", _("Technology needed and technology on offer"), Kind.OFFER, needs.CRITERIA)
DIGITAL = Pairing("digital", _("Manufacturers and digital firms"), Kind.DIGITAL, digital.CRITERIA)
PREMISES = Pairing("premises", _("Organisations and premises"), Kind.PREMISES, premises.CRITERIA)

PAIRINGS = {pairing.name: pairing for pairing in (CAPITAL, TECHNOLOGY, LABORATORY, NEED, DIGITAL, PREMISES)}

OF_INVESTORS = (CAPITAL, TECHNOLOGY, LABORATORY)
"""Those in which an investor's profile seeks."""
