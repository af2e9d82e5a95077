"""What other pages show of the incentives."""

from typing import Any

from django import template

from incentives import catalogue

register = template.Library()


@register.inclusion_tag("incentives/_open_rounds.html")
def open_rounds() -> dict[str, Any]:
    """Show the programmes that one can apply for now."""
    return {"entries": catalogue.open_entries()}
