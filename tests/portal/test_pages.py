"""The core's own pages, in both languages, and the pages that tell of errors."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from pytest_django.fixtures import Settings

from portal import desk
from portal.desk import DeskItem, DeskLink
from portal.models import User

LANG = {"en": "en", "zh-hans": "zh-Hans"}
LANGUAGES = list(LANG)
PUBLIC = ["", "help/", "open-data/", "privacy/", "accounts/login/", "accounts/signup/", "accounts/password/reset/"]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PUBLIC)
def test_a_public_page_speaks_the_language_without_inline_code(client: Client, language: str, page: str) -> None:
    response = client.get(f"/{language}/{page}")

    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{LANG[language]}">' in html
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)
    assert not re.search(r'(src|href)="(https?:)?//(?!localhost)', html)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_page_speaks_the_language(client: Client, language: str) -> None:
    response = client.get(f"/{language}/nothing/?page=10")

    html = response.content.decode()
    assert response.status_code == 404
    assert {"en": "This page is not here", "zh-hans": "页面不存在"}[language] in html


@pytest.mark.django_db  # whom to call is read from it
@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html"])
def test_an_error_page_renders_without_a_request(template: str) -> None:
    assert render_to_string(template).count("<h1") == 1


@pytest.mark.parametrize("template", ["500.html", "503.html"])
def test_a_page_for_failures_needs_nothing_and_speaks_both_languages(template: str) -> None:
    html = render_to_string(template)

    assert "分钟" in html
    assert "minutes" in html


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_plain_words() -> None:
    response = Client(enforce_csrf_checks=True).post("/zh-hans/accounts/login/", {})

    assert response.status_code == 403
    assert "表单已失效" in response.content.decode()


@pytest.mark.django_db
def test_the_desk_asks_who_is_there(client: Client) -> None:
    response = client.get("/zh-hans/desk/")

    assert response.status_code == 302
    assert response.headers["Location"] == "/zh-hans/accounts/login/?next=/zh-hans/desk/"


@pytest.mark.django_db
def test_the_desk_shows_what_apps_contribute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_contributions", [])
    monkeypatch.setattr(desk, "_links", [])
    desk.contribute(lambda user: [DeskItem(f"For {user.name}", "/en/b/")], heading="Second", order=20)
    desk.contribute(lambda user: [DeskItem("<One>", "/en/a/", status="Late", tone="red")], heading="First", order=10)
    desk.contribute(lambda user: [], heading="Empty", order=5)
    desk.contribute_links(lambda user: [DeskLink("Begin", "/en/c/")])
    client.force_login(User.objects.create_user("a@example.org", "x", name="Ann"))

    html = client.get("/en/desk/").content.decode()

    assert [group.heading for group in desk.groups_for(User(name="Ann"))] == ["First", "Second"]
    assert "&lt;One&gt;" in html
    assert "For Ann" in html
    assert '<a href="/en/c/">Begin' in html


@pytest.mark.django_db
def test_an_empty_desk_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "_contributions", [])
    client.force_login(User.objects.create_user("a@example.org", "x", name="Ann"))

    assert "Nothing waits for you" in client.get("/en/desk/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["accounts/email/", "accounts/2fa/", "accounts/password/change/", "accounts/logout/"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_account_pages_wear_the_portals_look(client: Client, language: str, page: str) -> None:
    client.force_login(User.objects.create_user("a@example.org", "x", name="Ann"))

    html = client.get(f"/{language}/{page}").content.decode()

    assert 'class="site-header"' in html
    assert 'class="side-nav"' in html
    assert html.count("<h1") == 1


@pytest.mark.django_db
def test_the_footer_invents_nothing(client: Client, settings: Settings) -> None:
    assert "site-footer__official" not in client.get("/en/").content.decode()

    settings.SITE_ICP = "沪ICP备00000000号"

    assert "沪ICP备00000000号" in client.get("/en/").content.decode()


def test_an_email_is_in_its_language_and_escapes() -> None:
    html = render_to_string(
        "emails/base.html", {"subject": "<b>", "paragraphs": ["1 < 2"], "language": "zh-hans", "action_url": ""}
    )

    assert '<html lang="zh-Hans">' in html
    assert "&lt;b&gt;" in html
    assert "1 &lt; 2" in html
