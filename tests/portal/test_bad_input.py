"""Input that must get a clear answer: never a 5xx on any address."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from portal.models import User

OF_ANY_ADDRESS = [
    "page=1000000000000000000000000000000",
    "page=-1",
    "page=%00",
    "q=%00",
    "q=%ED%A0%80",
    "q=%FF%FE",
    "q=" + "长" * 5000,
    "q=%25_%27%22%3Cscript%3E",
]
OF_LISTS = [
    "p=99999999999999999999",
    "o=x.-y.99999",
    "ordering=__nothing__",
    "all=1",
    "id__exact=100000000000000000000000000000",
    "id__regex=(",
    "status__regex=(",
    "status__exact=nothing",
    "pk__in=" + "1," * 500,
    "at__year=9999",
    "at__gte=0001-01-01",
    "day__year=99999",
    "e=1&_changelist_filters=%2500",
]
"""What the lists of the workplace read: they get one after another, other addresses all at once."""


def _names(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _names(pattern.url_patterns, inner)
        elif pattern.name:
            yield namespace + pattern.name


def names_of_addresses() -> list[str]:
    """Return the name of every address of the portal."""
    return sorted(set(_names(get_resolver().url_patterns)))


def _addresses() -> list[str]:
    found = set()
    for name in names_of_addresses():
        try:
            found.add(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(path for path in found if not path.endswith("/logout/"))


@pytest.fixture
def browser_of_admin(db: None, without_logs: None) -> Client:
    """Sign in as someone who may open everything."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("root@demo.example", "x", name="Root", is_demonstration=True))
    return client


def _server_errors(client: Client, paths: Iterable[str], query: str) -> dict[str, int]:
    """Return the addresses that answer a query with a server error."""
    answers = {}
    for path in paths:
        answer = client.get(f"{path}?{query}")
        answers[path] = answer.status_code
        if answer.streaming:
            answer.getvalue()  # closes the file
    answers.pop("/readyz", None)  # 503 is its answer where no worker runs
    return {path: status for path, status in answers.items() if status >= 500}


def _lists() -> set[str]:
    return {reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry}


@pytest.mark.parametrize("query", [*OF_ANY_ADDRESS, "&".join(OF_LISTS)])
def test_address_answers_bad_query_without_server_error(browser_of_admin: Client, settings: object, query: str) -> None:
    settings.DEMONSTRATION = True

    assert _server_errors(browser_of_admin, _addresses(), query) == {}


@pytest.mark.parametrize("query", OF_LISTS)
def test_list_of_the_workplace_answers_bad_query_without_server_error(
    browser_of_admin: Client, settings: object, query: str
) -> None:
    settings.DEMONSTRATION = True

    assert _server_errors(browser_of_admin, _lists(), query) == {}


@pytest.mark.parametrize(
    "path", ["/%00", "/en/%00/", "/en/%FF%FE/", "/en/%ED%A0%80", "/en//evil.example/", "/admin/portal/user/%00/change/"]
)
def test_address_answers_bad_path_without_server_error(db: None, path: str) -> None:
    client = Client(raise_request_exception=False)

    assert client.get(path).status_code in {302, 400, 404}


@pytest.mark.parametrize(("path", "language"), [("/en/?q=%00", "en"), ("/zh-hans/?q=%00", "zh-Hans")])
def test_refusal_speaks_the_language_of_the_page(db: None, path: str, language: str) -> None:
    answer = Client(raise_request_exception=False).get(path)

    assert (answer.status_code, f'<html lang="{language}">' in answer.text) == (400, True)


def test_address_answers_nul_in_cookie(db: None) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["session"] = "\x00"

    assert client.get("/en/", headers={"cookie": 'session="\\000"'}).status_code == 400


@pytest.mark.parametrize(
    "next_url", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]
)
def test_login_follows_next_only_to_this_site(db: None, settings: object, next_url: str) -> None:
    settings.DEMONSTRATION = True
    user = User.objects.create_user("wei@demo.example", "river-blue-77", name="Wei")
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)

    answer = Client().post("/en/accounts/login/", {"login": user.email, "password": "river-blue-77", "next": next_url})

    assert (answer.status_code, answer["Location"]) == (302, "/en/desk/")


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "hex", "idna", "nonsense", "\xff"])
def test_form_in_another_charset_is_refused(db: None, charset: str) -> None:
    client = Client(raise_request_exception=False)
    kind = f"application/x-www-form-urlencoded; charset={charset}"

    answers = [client.generic("POST", path, b"a=%ED+b", kind).status_code for path in ("/i18n/setlang/", "/en/")]

    assert answers == [400, 400]


BAD_KEYS = ["abc", "\ud800", "1" * 30, "-1", "１２", "1e3"]


@pytest.mark.parametrize("key", BAD_KEYS)
@pytest.mark.parametrize("name", ["user", "organisation"])
def test_choosing_a_row_by_a_key_that_is_none_is_no_server_error(
    browser_of_admin: Client, settings: object, name: str, key: str
) -> None:
    settings.DEMONSTRATION = True
    typed = quote(key.encode("utf-8", "surrogatepass"))

    opened = browser_of_admin.get(f"/admin/firms/membership/add/?{name}={typed}")
    sent = browser_of_admin.post("/admin/firms/membership/add/", {name: key.encode("utf-8", "surrogatepass")})

    assert (opened.status_code, sent.status_code) == (200, 200)


@pytest.mark.parametrize("typed", ["on", "", "1" * 30, "-1", "１２", "\ud800", "1\x002"])
def test_ticking_a_row_by_a_key_that_is_none_is_no_server_error(
    browser_of_admin: Client, settings: object, typed: str
) -> None:
    settings.DEMONSTRATION = True
    data = {"action": "try_again", "_selected_action": typed.encode("utf-8", "surrogatepass")}

    assert browser_of_admin.post("/admin/portal/notice/", data).status_code < 500


def test_lists_of_the_workplace_are_searched_by_their_own_filters_alone(
    browser_of_admin: Client, settings: object, rf: RequestFactory
) -> None:
    settings.DEMONSTRATION = True
    request = rf.get("/")
    request.user = User.objects.get()
    allowed = set()
    for model, page in admin.site._registry.items():
        for column in model._meta.concrete_fields:
            lookups = ("regex", "year", "contains") if not column.is_relation else ("pk__regex", "id__contains")
            asked = (f"{column.name}__{lookup}" for lookup in lookups)
            allowed |= {
                (model._meta.label, lookup) for lookup in asked if page.lookup_allowed(lookup, "99999", request)
            }
    key = {path: browser_of_admin.get(f"{path}?pk__regex=99999").status_code for path in _lists()}

    assert allowed == {("portal.Holiday", "day__year")}  # what its own calendar asks
    assert set(key.values()) == {400}, key


def test_row_is_found_by_its_key_where_the_address_names_an_empty_column(
    browser_of_admin: Client, settings: object
) -> None:
    settings.DEMONSTRATION = True
    user = User.objects.get()

    assert browser_of_admin.get(f"/admin/portal/user/{user.pk}/change/?_to_field=").status_code == 200


def test_second_factors_are_not_to_be_read_in_the_admin(browser_of_admin: Client, settings: object) -> None:
    settings.DEMONSTRATION = True

    assert browser_of_admin.get("/admin/mfa/authenticator/").status_code == 404


def test_every_model_of_the_admin_is_named_in_the_test(browser_of_admin: Client) -> None:
    assert _lists() <= set(_addresses())
