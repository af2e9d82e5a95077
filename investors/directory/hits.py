"""What was found as lists show it: facts in short, and where the text was met if title and summary do not show it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from firms.search.marking import Marks, Snippet
from firms.search.texts import Text
from investors.models import Opportunity
from investors.presentation import in_short


class Hit(NamedTuple):
    """An opportunity that was found."""

    opportunity: Opportunity
    short: list[str]
    snippet: Snippet | None


def marks_of(text: Text, opportunities: Iterable[Opportunity]) -> Marks:
    """Return what marks a text in some opportunities, English words by their stem."""
    return Marks(text, english=[one for shown in opportunities for one in (shown.title_en, shown.summary_en)])


def hits(opportunities: Iterable[Opportunity], marks: Marks) -> list[Hit]:
    """Return what lists show of some opportunities."""
    return [Hit(shown, in_short(shown), _snippet(shown, marks)) for shown in opportunities]


def _snippet(shown: Opportunity, marks: Marks) -> Snippet | None:
    owner = shown.owner
    visible = [(text, False) for text in (shown.title_en, shown.title_zh, shown.summary_en, shown.summary_zh)]
    visible += [(owner.name_en, False), (owner.name_zh, False), (owner.name_pinyin, True)]
    missing = marks.not_in(visible)
    return marks.snippet(_texts(shown), missing) if missing else None


def _texts(shown: Opportunity) -> Iterator[tuple[str, str, str]]:
    for language, side in (("en", "en"), ("zh-Hans", "zh")):
        yield "text", language, getattr(shown, f"text_{side}")
