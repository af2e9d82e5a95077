"""What other pages show of the incentives."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language

from firms.models import Cluster
from incentives import catalogue, questions
from incentives.models import Application, Letter

register = template.Library()


@register.filter
def yuan(amount: Any) -> str:
    """Write an amount in full, with its fen: for columns that are added up."""
    return f"{amount:,.2f}".replace("-", "−") if isinstance(amount, Decimal) else ""


@register.filter
def plain_number(amount: Any) -> str:
    """Write an amount as scripts read it."""
    return f"{amount:.2f}" if isinstance(amount, Decimal) else ""


@register.inclusion_tag("incentives/_open_rounds.html")
def open_rounds(*, cluster: Cluster | None = None) -> dict[str, Any]:
    """Show the programmes that one can apply for now; of a cluster those that name it, or name none."""
    entries = catalogue.open_entries()
    if cluster is not None:
        named = [(entry, list(entry.programme.clusters.all())) for entry in entries]
        entries = [entry for entry, clusters in named if not clusters or cluster in clusters]
    return {"entries": entries}


@register.simple_tag
def files_asked(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the files that questions of a version ask for, each with when it is asked for."""
    return [
        {
            "title": questions.label_of(question),
            "required": question["required"],
            "condition": questions.condition_in_words(content, question["only_if"]) if "only_if" in question else "",
        }
        for _place, question in questions.all_questions(content)
        if question["kind"] == "file"
    ]


@register.inclusion_tag("incentives/_letters.html")
def letters(application: Application) -> dict[str, Any]:
    """Show the letters about an application, the newest first; each in the reader's language before the other."""
    pairs: dict[str, list[Letter]] = {}
    for letter in application.letters.defer("content").order_by("-id"):
        pairs.setdefault(letter.number, []).append(letter)
    ours = get_language()
    return {"letters": [sorted(both, key=lambda letter: letter.language != ours) for both in pairs.values()]}
