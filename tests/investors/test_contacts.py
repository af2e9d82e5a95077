"""Whom to call, on every public page: the officers of its topic who are here and speak its language."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from investors.models import Absence, InquiryTopic
from tests.investors.test_officers import put_in_charge
from tests.investors.test_strangers import contexts


@pytest.fixture
def _contact(people: SimpleNamespace) -> None:
    from django.core.cache import cache

    cache.clear()
    officer = put_in_charge(
        people.officer, "organisation", "incentives", "opportunity", "investment", "other", zh=False
    )
    officer.telephone = "021-0000 0001"
    officer.save()
    InquiryTopic.objects.update(telephone="021-0000 0009")


@pytest.mark.usefixtures("_contact")
def test_contact_stands_on_each_public_page(people: SimpleNamespace, make_opportunity: Any) -> None:
    from django.core.cache import cache

    things = contexts(make_opportunity)
    pages = [
        things["organisation"].get_absolute_url(), things["opportunity"].get_absolute_url(), "/en/", "/en/incentives/",
        "/en/opportunities/", "/en/universities/", "/en/help/",
        *map(reverse, (
            "firms:directory", "firms:clusters", "incentives:awards", "incentives:public_notices", "incentives:calendar",
            "incentives:check", "incentives:verify_letter", "investors:about_complaints", "open_data",
            "service_standard", "privacy",
        )),
    ]  # fmt: skip
    for page in pages:
        text = Client().get(page).text
        assert ("Investment" in text, "021-0000 0001" in text, "021-0000 0009" in text) == (True, True, True), page
    chinese = Client().get("/zh-hans/").text
    assert ("021-0000 0001" in chinese, "021-0000 0009" in chinese) == (False, True)  # answers in English alone
    cache.clear()


def test_contact_is_blank_until_set_and_read_once_a_minute(
    people: SimpleNamespace, django_assert_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    from django.core.cache import cache

    from investors.contacts import contact_for

    cache.clear()
    assert 'id="contact"' not in Client().get("/en/").text
    with django_assert_num_queries(2):
        contact_for("talent")
    with django_assert_num_queries(0):
        assert contact_for("talent") == ([], "")
    cache.clear()


@pytest.mark.usefixtures("_contact")
def test_contact_is_nobody_who_is_away(people: SimpleNamespace) -> None:
    from django.core.cache import cache

    from investors.contacts import contact_for

    named = contact_for("investment").officers
    today = timezone.localdate()
    Absence.objects.create(officer=people.officer, first_day=today, last_day=today, entered_by=people.officer)
    cache.clear()

    assert (named, contact_for("investment").officers) == ([("Investment", "021-0000 0001")], [])
    cache.clear()
