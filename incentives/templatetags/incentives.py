"""What other pages show of the incentives."""

from typing import Any

from django import template

from firms.models import Cluster
from incentives import catalogue

register = template.Library()


@register.inclusion_tag("incentives/_open_rounds.html")
def open_rounds(*, cluster: Cluster | None = None) -> dict[str, Any]:
    """Show the programmes that one can apply for now; of a cluster those that name it, or name none."""
    entries = catalogue.open_entries()
    if cluster is not None:
        named = [(entry, list(entry.programme.clusters.all())) for entry in entries]
        entries = [entry for entry, clusters in named if not clusters or cluster in clusters]
    return {"entries": entries}
