"""What programs read: security.txt and robots.txt."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from time_machine import travel


@pytest.mark.django_db  # the page names whom to call
def test_security_txt_without_contact_is_404(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = ""

    assert client.get("/.well-known/security.txt").status_code == 404


@travel("2026-03-01T23:30:00Z", tick=False)
def test_security_txt_names_contact_and_end(client: Client, settings: Any) -> None:
    settings.SECURITY_CONTACT = "mailto:security@portal.example"
    settings.SITE_URL = "https://portal.example"

    answer = client.get("/.well-known/security.txt")

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content.decode() == (
        "Contact: mailto:security@portal.example\n"
        "Expires: 2026-08-28T00:00:00Z\n"
        "Preferred-Languages: zh, en\n"
        "Canonical: https://portal.example/.well-known/security.txt\n"
    )


@pytest.mark.parametrize(
    ("contact", "faults"),
    [
        ("", []),
        ("mailto:security@portal.example", []),
        ("https://portal.example/report", []),
        ("tel:+86-21-0000-0000", []),
        ("security@portal.example", ["portal.E004"]),
        ("http://portal.example", ["portal.E004"]),
        ("mailto:a@portal.example\nContact: mailto:b@portal.example", ["portal.E004"]),
    ],
)
def test_security_contact_is_checked(settings: Any, contact: str, faults: list[str]) -> None:
    settings.SECURITY_CONTACT = contact

    assert [fault.id for fault in run_checks(tags=["security"]) if str(fault.id).startswith("portal.")] == faults


def test_robots_txt_leaves_out_private_pages(client: Client, settings: Any) -> None:
    settings.DEMONSTRATION = False

    assert client.get("/robots.txt").content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /documents/",
        "Disallow: /i18n/",
        "Disallow: /en/accounts/",
        "Disallow: /en/desk/",
        "Disallow: /zh-hans/accounts/",
        "Disallow: /zh-hans/desk/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]


def test_robots_txt_of_demonstration_leaves_out_all(client: Client, settings: Any) -> None:
    settings.DEMONSTRATION = True

    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/security.txt"])
def test_post_is_refused(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
