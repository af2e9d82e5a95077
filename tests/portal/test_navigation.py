"""The navigation shows only pages that exist, in the language of the page."""

import pytest
from django.utils import translation

from portal.navigation import Entry, entries, in_language


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_entry_without_a_page_is_left_out(language: str) -> None:
    with translation.override(language):
        shown = entries([("Help", "help"), ("Nowhere", "no:where"), ("Privacy", "privacy")], f"/{language}/help/")

    assert shown == [Entry("Help", f"/{language}/help/", current=True), Entry("Privacy", f"/{language}/privacy/")]


@pytest.mark.parametrize("page", ["universities/", "institutes/", "parks/some-park/"])
def test_pages_of_institutions_lie_below_one_entry(page: str) -> None:
    with translation.override("en"):
        shown = entries([("Universities and parks", "firms:universities"), ("Firms", "firms:directory")], f"/en/{page}")

    assert [entry.current for entry in shown] == [True, False]


@pytest.mark.parametrize(
    ("path", "language", "expected"),
    [
        ("/en/firms/x/?a=1", "zh-hans", "/zh-hans/firms/x/?a=1"),
        ("/zh-hans/firms/", "zh-hans", "/zh-hans/firms/"),
        ("/documents/1/", "zh-hans", "/zh-hans/"),
        ("/", "en", "/en/"),
    ],
)
def test_a_page_has_its_address_in_each_language(path: str, language: str, expected: str) -> None:
    assert in_language(path, language) == expected
