"""Whom to call, on every public page: the officers of its topic who are here and speak its language."""

from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from investors.models import Absence, Inquiry, InquiryTopic
from tests.investors.test_officers import put_in_charge
from tests.investors.test_site_map import SECTIONS, addresses
from tests.investors.test_strangers import contexts
from tests.portal.test_bad_input import names_of_addresses

DEAD = ["/en/nothing/", "/en/inquiries/confirm/gone/", "/en/shortlist/shared/gone/"]


@pytest.fixture
def _contact(people: SimpleNamespace) -> None:
    officer = put_in_charge(people.officer, *Inquiry.Topic.values, zh=False)
    officer.telephone = "021-0000 0001"
    officer.save()
    InquiryTopic.objects.update(telephone="021-0000 0009")


def _pages() -> dict[str, tuple[str, int]]:
    """Return the text and status of what the public may open: by the map of the site, by name, and the errors."""
    mapped = [path for section in SECTIONS for path in addresses(f"/sitemap-{section}.xml") if path.startswith("/en/")]
    named = []
    for name in names_of_addresses():
        with suppress(NoReverseMatch):
            named.append(reverse(name))
    client, found = Client(), {}
    for path in sorted({*mapped, *named, *DEAD}):
        answer = client.get(path)
        text = (answer.getvalue() if answer.streaming else answer.content).decode(errors="replace")
        if "</main>" in text and answer.status_code in {200, 404, 410}:  # no part of a page, no file
            found[path] = text, answer.status_code
    return found


@pytest.mark.usefixtures("_contact")
def test_contact_stands_once_on_each_public_page(people: SimpleNamespace, make_opportunity: Any) -> None:
    contexts(make_opportunity)
    pages = _pages()
    for page, (text, status) in pages.items():
        shown = text.count('id="contact"'), "Investment" in text, "021-0000 0001" in text, "021-0000 0009" in text
        assert shown == (1, True, True, True), (page, status)
    assert len(pages) > 50
    chinese = Client().get("/zh-hans/").text
    assert ("021-0000 0001" in chinese, "021-0000 0009" in chinese) == (False, True)  # answers in English alone


def test_contact_is_blank_until_set_and_read_once_a_minute(
    people: SimpleNamespace, django_assert_num_queries: Callable[..., CaptureQueriesContext], settings: Any
) -> None:
    from django.core.cache import cache

    from investors.contacts import contact_for

    settings.CONTACT_SECONDS = 60
    cache.clear()
    assert 'id="contact"' not in Client().get("/en/").text
    with django_assert_num_queries(2):
        contact_for("talent")
    with django_assert_num_queries(0):
        assert contact_for("talent") == ([], "")
    cache.clear()


@pytest.mark.usefixtures("_contact")
def test_contact_is_nobody_who_is_away(people: SimpleNamespace) -> None:
    from investors.contacts import contact_for

    named = contact_for("investment").officers
    today = timezone.localdate()
    Absence.objects.create(officer=people.officer, first_day=today, last_day=today, entered_by=people.officer)

    assert (named, contact_for("investment").officers) == ([("Investment", "021-0000 0001")], [])
