"""The map of the site for search engines: what the public sees, in both languages, a page of 5,000 addresses at a time."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firms.models import Organisation
from investors.models import Opportunity
from portal import site_map
from tests.investors.conftest import make_organisation

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
SECTIONS = [
    "pages", "firms", "universities", "institutes", "parks", "clusters", "laboratories", "programmes", "opportunities",
]  # fmt: skip


def addresses(path: str) -> list[str]:
    """Return the addresses that a map or its index names, without the site's own."""
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    found = ET.fromstring(answer.content).findall("*/s:loc", SPACE)  # noqa: S314 -- our own
    assert all(str(one.text).startswith(settings.SITE_URL) for one in found)
    return [str(one.text).removeprefix(settings.SITE_URL) for one in found]


def test_index_names_every_section(db: None) -> None:
    assert addresses("/sitemap.xml") == [f"/sitemap-{name}.xml" for name in SECTIONS]


def test_what_the_public_sees_is_named_in_both_languages_and_nothing_else(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Callable[..., Opportunity]
) -> None:
    shown = make_opportunity()
    make_opportunity("draft")
    make_opportunity("withdrawn")
    make_organisation("Hidden", status="unlisted")
    university = make_organisation("University", kind="university")

    both = {
        name: addresses(f"/sitemap-{name}.xml") for name in ("firms", "universities", "opportunities", "programmes")
    }

    assert both == {
        "firms": [f"/{language}/firms/{firm.slug}/" for language in ("en", "zh-hans")],
        "universities": [f"/{language}/universities/{university.slug}/" for language in ("en", "zh-hans")],
        "opportunities": [f"/{language}/opportunities/{shown.slug}/" for language in ("en", "zh-hans")],
        "programmes": [],
    }
    assert {Client().get(path).status_code for paths in both.values() for path in paths} == {200}


def test_each_address_names_the_other_language(firm: Organisation) -> None:
    answer = Client().get("/sitemap-firms.xml")

    english, chinese = ET.fromstring(answer.content).findall("s:url", SPACE)  # noqa: S314 -- our own
    links = {link.get("hreflang"): str(link.get("href")) for link in english.findall("x:link", SPACE)}
    assert links == {link.get("hreflang"): link.get("href") for link in chinese.findall("x:link", SPACE)}
    page = f"firms/{firm.slug}/"
    assert links == {
        "en": f"{settings.SITE_URL}/en/{page}",
        "zh-Hans": f"{settings.SITE_URL}/zh-hans/{page}",
        "x-default": f"{settings.SITE_URL}/en/{page}",
    }


def test_pages_of_the_map_lead_to_pages_of_the_site(db: None) -> None:
    english = [path for path in addresses("/sitemap-pages.xml") if path.startswith("/en/")]

    assert len(english) == 24
    assert {path: Client().get(path).status_code for path in english} == dict.fromkeys(english, 200)


@pytest.mark.parametrize("number", [1, 3])
def test_map_is_cut_into_pages_at_the_same_cost(db: None, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    for place in range(number):
        make_organisation(f"Firm{place}")
    monkeypatch.setattr(site_map._InEachLanguage, "limit", 2)

    with CaptureQueriesContext(connection) as queries:
        last = addresses(f"/sitemap-firms.xml?p={(number + 1) // 2}")
    asked = len([query for query in queries.captured_queries if query["sql"].startswith("SELECT")])

    index = [path for path in addresses("/sitemap.xml") if "firms" in path]
    assert index == ["/sitemap-firms.xml", "/sitemap-firms.xml?p=2"][: (number + 1) // 2]
    assert (len(last), asked) == (2, 2)


@pytest.mark.parametrize("path", ["firms.xml?p=2", "firms.xml?p=0", "firms.xml?p=-1", "firms.xml?p=x", "nothing.xml"])
def test_what_the_map_has_not_is_not_found(db: None, path: str) -> None:
    assert Client().get(f"/sitemap-{path}").status_code == 404


def test_map_is_kept_by_who_asks(db: None, client: Any) -> None:
    assert client.get("/sitemap.xml")["Cache-Control"] == "public, max-age=3600"
    assert client.post("/sitemap.xml").status_code == 405
