"""The map of the site for search engines: each app contributes what the public sees, in pages of 5,000 addresses."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

type Rows = Callable[[], QuerySet[Any, tuple[str, datetime | None]]]

_HREFLANG = {"en": "en", "zh-hans": "zh-Hans"}


class _InEachLanguage(Sitemap, ABC):
    """Pages, each of which stands under every language and names the others."""

    limit = 2500
    """Things on one page of the map: twice as many addresses."""

    @abstractmethod
    def paths(self, items: Sequence[Any]) -> list[tuple[dict[str, str], datetime | None]]:
        """Return the path of each thing by language, and when it was changed."""

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """Return one page of the map; addresses are those of the site, whatever the host that was asked."""
        found = []
        for paths, changed in self.paths(list(self.paginator.page(page).object_list)):
            addresses = {language: settings.SITE_URL + path for language, path in paths.items()}
            others = [{"lang_code": _HREFLANG[language], "location": one} for language, one in addresses.items()]
            others.append({"lang_code": "x-default", "location": addresses["en"]})
            found += [{"location": one, "lastmod": changed, "alternates": others} for one in addresses.values()]
        return found


class _OfRows(_InEachLanguage):
    """Rows that have a page each."""

    def __init__(self, page: str, rows: Rows) -> None:
        self._page, self._rows = page, rows

    def items(self) -> QuerySet[Any, tuple[str, datetime | None]]:
        """Return slugs and moments, in an order that stays."""
        return self._rows()

    def paths(self, items: Sequence[Any]) -> list[tuple[dict[str, str], datetime | None]]:
        """Put each slug behind the address of its kind, which is worked out once."""
        heads = {}
        for language in _HREFLANG:
            with translation.override(language):
                heads[language] = reverse(self._page, args=["slug"]).removesuffix("slug/")
        return [({code: f"{head}{slug}/" for code, head in heads.items()}, at) for slug, at in items]


class _OfPages(_InEachLanguage):
    """Pages that are there for themselves."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def items(self) -> list[str]:
        """Return the names of their addresses."""
        return self.names

    def paths(self, items: Sequence[Any]) -> list[tuple[dict[str, str], datetime | None]]:
        """Work out the address of each."""
        found: list[tuple[dict[str, str], datetime | None]] = [({}, None) for _item in items]
        for language in _HREFLANG:
            with translation.override(language):
                for name, (paths, _changed) in zip(items, found, strict=True):
                    paths[language] = reverse(name)
        return found


_pages = _OfPages()
_sections: dict[str, _InEachLanguage] = {"pages": _pages}


def contribute_pages(*names: str) -> None:
    """Add pages to the map, by the names of their addresses; the same again changes nothing."""
    _pages.names += [name for name in names if name not in _pages.names]


def contribute_rows(section: str, *, page: str, rows: Rows) -> None:
    """Add a section of things that have a page each; the same name again replaces it.

    Args:
        section: its name in the address of the map.
        page: the name of their address, which takes a slug and ends with it.
        rows: returns the public ones' slugs and when each was changed, ordered; asked one page at a time.
    """
    _sections[section] = _OfRows(page, rows)


def pages_of(section: str) -> range:
    """Return the numbers of a section's pages."""
    return range(1, _sections[section].paginator.num_pages + 1)


def sections() -> dict[str, type[Sitemap] | Sitemap]:
    """Return every section, that of the pages first."""
    return dict(_sections)


contribute_pages("home", "service_standard", "help", "open_data", "privacy")
