"""What the signatory declares with a submission, each by itself; kept with what is submitted, in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from incentives.facts import Text, pair_of

VERSION = "1"
"""Of the words below: whoever changes them counts on, so that a record says which were declared."""

WORDS: dict[str, Text] = {
    "complete": _(
        "The answers and documents are true and complete, and the organisation shows the originals where they are "
        "asked for."
    ),
    "funding": _(
        "All other public funding for the same project, received or applied for, is disclosed in this application. No "
        "cost is paid twice from public money."
    ),
    "relations": _(
        "As far as I know, nobody who works on, reviews or decides on applications to this programme belongs to the "
        "organisation, holds a share in it or is a close relative of its management; where somebody does, I have told "
        "the contact of the programme."
    ),
    "publication": _(
        "The organisation agrees that, if it is to get an award, its name and code, the programme, the amount and the "
        "dates are published in public notice and in the list of awards."
    ),
    "authority": _("I may sign for the organisation, and it answers for these declarations."),
}
"""Each declaration, by the key that is kept with it."""

KEYS = tuple(WORDS)


def missing(declared: Iterable[str]) -> list[Text]:
    """Return the declarations that were not made."""
    made = set(declared)
    return [words for key, words in WORDS.items() if key not in made]


def as_data() -> dict[str, Any]:
    """Return all declarations as JSON with their words in both languages, for the record of a submission."""
    made = []
    for key, words in WORDS.items():
        both = pair_of(str, words)
        made.append({"key": key, "words_en": both["en"], "words_zh": both["zh"]})
    return {"version": VERSION, "made": made}


def made_with(submitted: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what was declared with a submission; the earliest had one declaration, which is not in their record."""
    made: list[dict[str, str]] = submitted.get("declarations", {}).get("made", [])
    return made
