"""The main navigation and the footer's links: one list each; an entry shows once its page exists."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAIN: list[tuple[str | Promise, str]] = [
    (_("Firms"), "firms:directory"),
    (_("Clusters"), "firms:clusters"),
    (_("Universities and parks"), "firms:universities"),
    (_("Incentives"), "incentives:programmes"),
    (_("Opportunities"), "investors:opportunities"),
    (_("Public notices"), "incentives:public_notices"),
    (_("Service standard"), "service_standard"),
]
FOOTER: list[tuple[str | Promise, str]] = [
    (_("Help"), "help"),
    (_("Privacy"), "privacy"),
    (_("Service standard"), "service_standard"),
    (_("Ask a question"), "investors:new_inquiry"),
    (_("Complaints"), "investors:about_complaints"),
    (_("Awards"), "incentives:awards"),
    (_("Open data"), "open_data"),
]
SECTIONS: dict[str, tuple[str, ...]] = {
    "firms:universities": ("firms:institutes", "firms:parks", "firms:laboratories", "investors:talent")
}
"""Pages that have no entry of their own and lie below that of another."""


@dataclass(frozen=True)
class Entry:
    """A link of the navigation."""

    label: str | Promise
    url: str
    current: bool = False


def existing_url(name: str) -> str:
    """Return the address of a page in the active language, empty while there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def entries(items: list[tuple[str | Promise, str]], path: str) -> list[Entry]:
    """Return the entries whose pages exist, marking the one that the path lies in."""
    found = [(label, [existing_url(page) for page in (name, *SECTIONS.get(name, ()))]) for label, name in items]
    return [Entry(label, urls[0], path.startswith(tuple(filter(None, urls)))) for label, urls in found if urls[0]]


def in_language(full_path: str, language: str) -> str:
    """Return the same page in another language, query string included.

    A page outside the languages (the admin, documents) leads to the home page of that language.
    """
    for code, _name in settings.LANGUAGES:
        prefix = f"/{code}/"
        if full_path.startswith(prefix):
            return f"/{language}/{full_path.removeprefix(prefix)}"
    return f"/{language}/"
