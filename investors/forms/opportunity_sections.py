"""The sections of an opportunity's form by kind, and what is said beside its fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from investors.models.fact_rules import FACTS
from investors.models.facts import Kind, TechnologyFacts

type Text = Any  # a lazy translation

WORDS = ("title_en", "title_zh", "summary_en", "summary_zh", "text_en", "text_zh")
CONFIDENTIAL = ("confidential_en", "confidential_zh")
_RIGHT = ("legal_status", "object_number", "jurisdiction", "legal_expires_on", "disclosure_checked")
_PRICE = ("modes", "price_kind", "price_from", "price_to", "royalty_percent")
_EXPORT = ("export_declaration", "export_licence_number", "export_licence_on")

_FACTS_OF: Mapping[Kind, Text] = {
    Kind.CAPITAL: _("The round"),
    Kind.OFFER: _("The technology"),
    Kind.NEED: _("What is needed"),
    Kind.DIGITAL: _("What is to be digitalised"),
    Kind.TALENT: _("The programme"),
    Kind.LAB: _("The laboratory"),
    Kind.PREMISES: _("The premises"),
}


def sections(kind: Kind) -> Iterator[tuple[Text, tuple[str, ...]]]:
    """Yield the sections of a kind's form: heading and names of the fields.

    Args:
        kind: of the opportunity.
    """
    apart = (*_RIGHT, *_PRICE, *_EXPORT) if kind == Kind.OFFER else ()
    yield _("In words, for everyone"), WORDS
    yield _FACTS_OF[kind], tuple(name for name in FACTS[kind] if name not in apart)
    if kind == Kind.OFFER:
        yield _("Legal status"), _RIGHT
        yield _("Cooperation and price"), _PRICE
        yield _("Export of technology: your declaration"), _EXPORT
    yield _("Confidential part"), CONFIDENTIAL
    yield _("Cluster and place"), ("laboratory", "clusters", "subdistrict")
    yield _("Until when"), ("expires_on",)


HINTS: Mapping[str, Text] = {
    "summary_en": _("One or two sentences, as lists show them."),
    "expires_on": _("At most a year ahead. We ask you two weeks before whether it stands."),
    "foreign_capital": _(
        "As you understand the negative list for foreign investment in force; this site does not decide."
    ),
    "object_number": _("Of the application, patent or registration. Leave it empty for know-how."),
    "trl_evidence_en": _("What was built or measured, where, and when: a trial, a report, a customer who uses it."),
    "disclosure_checked": _(
        "Publication destroys novelty (Patent Law, article 22). Describe what the technology achieves, not how, until "
        "the application is filed."
    ),
    "export_declaration": _(
        "This site cites the rules and does not decide: the Regulations on Technology Import and Export; the catalogue "
        "of technologies prohibited or restricted from export, in its edition in force; the Patent Law, article 10 (a "
        "right passes to a foreign party by the procedures of the law) and article 19 (an invention made in China is "
        "examined for confidentiality before it is filed abroad)."
    ),
    "export_licence_number": _(
        "Only where export is restricted. The number is shown to nobody but your organisation and the officers."
    ),
    "confidential_en": _(
        "Never public. It is read only by those with whom both sides have agreed on confidentiality, and every reading "
        "is recorded."
    ),
    "process_en": _("Which work is done today, by how many people, and where it stops or goes wrong."),
    "systems_en": _(
        "Programs, machines and records in use, on paper too: what a partner has to connect to. Write “None” if there "
        "are none."
    ),
    "budget_from": _("One end is enough."),
    "price_from": _("A fixed price stands here alone; a range states both ends."),
    "ticket_min": _("What fits a single investor: profiles of investors are compared with it."),
    "rent": _("Without fees. Leave it empty where it is negotiated."),
}
"""What is said beside a field, by its name."""

Export = TechnologyFacts.Export

OPENS: tuple[tuple[str, Text], ...] = (
    (Export.FREE, _("Free: the confidential part opens, after the agreement, to a counterparty anywhere")),
    (
        Export.RESTRICTED,
        _("Restricted: outside mainland China it opens only once the number of the export licence is recorded"),
    ),
    (Export.PROHIBITED, _("Prohibited: the technology is not published here, and nothing opens to anyone")),
    (Export.NOT_ASSESSED, _("Not assessed yet: the confidential part stays closed outside mainland China")),
)
"""The declarations with what each opens."""
