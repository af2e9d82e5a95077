"""Whether the owner's export declaration keeps what is confidential closed; rules are cited here, not decided."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from investors.models.facts import Kind, TechnologyFacts

type Text = str | Promise

MAINLAND = "CN"
"""Of mainland China alone; Hong Kong, Macao and Taiwan are outside it, as every other country or region is."""

Export = TechnologyFacts.Export

LOOKED_UP = date(2026, 11, 26)
"""When the editions of the rules below were looked up."""


class Declared(Protocol):
    """What the gate reads of an opportunity."""

    kind: str
    export_declaration: str
    export_licence_number: str


class Reason(StrEnum):
    """Why the confidential part stays closed to a counterparty."""

    PROHIBITED = "prohibited"
    NO_LICENCE = "no_licence"
    NOT_ASSESSED = "not_assessed"


WORDS: dict[Reason, Text] = {
    Reason.PROHIBITED: _(
        "Its owner declares that export of this technology is prohibited. Nothing confidential of it is opened to "
        "anybody here."
    ),
    Reason.NO_LICENCE: _(
        "Its owner declares that export of this technology is restricted and has recorded no licence. Until then its "
        "confidential part is closed to counterparties outside mainland China."
    ),
    Reason.NOT_ASSESSED: _(
        "Its owner has not declared yet whether this technology may be exported. Until then its confidential part is "
        "closed to counterparties outside mainland China."
    ),
}


class Rule(NamedTuple):
    """A rule that a declaration rests on, with the edition that is meant."""

    title: Text
    articles: Text
    edition: Text


RULES: tuple[Rule, ...] = (
    Rule(
        _("Regulations on the Administration of Import and Export of Technologies"),
        _("articles 28 to 30: catalogue, prohibition, licence"),
        _("State Council Order No. 331 of 10 December 2001, as revised on 29 November 2020"),
    ),
    Rule(
        _("Catalogue of Technologies Prohibited or Restricted from Export"),
        "",
        _(
            "Ministry of Commerce and Ministry of Science and Technology, Announcement No. 57 of 2023 (21 December "
            "2023), as adjusted by Announcement No. 28 of 2025 (15 July 2025)"
        ),
    ),
    Rule(
        _("Patent Law"),
        _(
            "article 10: transfer of a patent or an application abroad; article 19: security examination before filing "
            "abroad"
        ),
        _("as amended on 17 October 2020, in force since 1 June 2021"),
    ),
)
"""What owners look at before they declare; the portal names it and decides nothing."""


def gate(opportunity: Declared, country: str) -> list[Reason]:
    """Return why the export declaration keeps the confidential part closed; nothing means that it opens.

    Args:
        opportunity: whose declaration counts; only a technology that is offered has one.
        country: of the counterparty, ISO 3166-1 alpha-2; empty where it is not known, which is outside mainland China.

    Source of the rule: Regulations on the Administration of Import and Export of Technologies, articles 28 to 30
    (see ``RULES``). Who is told something confidential abroad may have been given the technology.
    """
    if opportunity.kind != Kind.OFFER:
        return []
    if opportunity.export_declaration == Export.PROHIBITED:
        return [Reason.PROHIBITED]
    if country == MAINLAND or opportunity.export_declaration == Export.FREE:
        return []
    if opportunity.export_declaration == Export.RESTRICTED:
        return [] if opportunity.export_licence_number.strip() else [Reason.NO_LICENCE]
    return [Reason.NOT_ASSESSED]
