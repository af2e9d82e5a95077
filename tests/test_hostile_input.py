"""Everyone's walk over the whole demonstration: no link leads nowhere, and no page or form breaks on hostile input."""

import re
from collections.abc import Iterator
from itertools import chain, cycle, islice
from typing import Any, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from portal.demonstration import ACCOUNTS, address
from portal.models import User
from tests.walking import Form, Page, Seen, begin, view_of, walk

MEMBERS = ("signatory", "editor", "investor", "university")
GROUPS: dict[str, tuple[tuple[str, ...], int, int]] = {
    "those without rights": (("", *MEMBERS), 100, 60),
    "incentives": (("screener", "reviewer3", "manager", "approver2", "appeal", "finance"), 60, 40),
    "registry and investors": (("registry", "officer", "head", "auditor"), 60, 40),
    "administrator": (("admin",), 10, 10),
}
"""Who walks one after another, and how many views and forms they find at least that nobody before them found."""
SLOW = {"admin:firms_cluster_change"}  # sorts 7,000 firms anew at each save

# What is typed into a field or an address. Lone surrogates and broken UTF-8 are sent as the bytes that they are.
VALUES: list[str | bytes] = [
    "1" + "0" * 30,
    "-1",
    b"\xed\xa0\x80",
    "９９９",
    "1e1000",
    "NaN",
    "(",
    "9999-12-31",
    "0001-01-01T00:00",
    "\u202e\u200b",
    "𠀀" * 60,
    "长" * 6000,
    "=1+1\t<script>{{7*7}}{% x %}",
    "a\r\nBcc: x@y.z",
    "x.-y.99999",
    "//evil.example/../%2e",
    "\x00",
    b"\xff\xfe",
    "",
]
ALONE = 12  # fields of a form that get a wrong value beside honest ones
ALL_WRONG = 2  # values that a form gets in every field at once; the next form goes on with the values after them
PARAMETERS = (
    "page",
    "p",
    "q",
    "o",
    "e",
    "all",
    "next",
    "after",
    "before",
    "_popup",
    "_changelist_filters",
)
REFUSING = (("id__regex", "created_at__year", "at__year"), ("_to_field",))
"""Parameters for which the workplace refuses an address, whatever else it asks."""


class Tried(NamedTuple):
    """What was tried: views by their addresses, forms by view and fields, fields of a view beside honest ones."""

    values: Iterator[str | bytes]
    views: set[str]
    forms: set[tuple[str, ...]]
    fields: set[tuple[str, str]]


@pytest.fixture(scope="module")
def tried() -> Tried:
    """Remember what earlier walkers tried: what a page reads is the same whoever asks."""
    return Tried(cycle(VALUES), set(), set(), set())


def _walks(names: tuple[str, ...]) -> Iterator[tuple[str, Client, dict[str, Seen]]]:
    """Yield those who walk, and what they see; no name is nobody, who goes everywhere, as members do and the admin."""
    for name in names:
        client = Client(raise_request_exception=False)
        if not name:
            yield "nobody", client, walk(client, "/en/", "/zh-hans/")
            continue
        user = User.objects.get(email=address(name))
        with transaction.atomic():
            client.force_login(user)
        desk = f"/{user.language}/desk/"
        starts = ("/admin/", desk) if user.is_staff else (desk,)
        within = ("/admin/", "/desk/") if user.is_staff and not user.is_superuser else ("",)
        yield name, client, walk(client, *starts, within=within)


def _send(client: Client, method: str, path: str, data: dict[str, list[Any]]) -> int:
    """Send a request, take back what it wrote, and return its status."""
    pairs = [(name, value) for name, values in data.items() for value in values]
    try:
        with transaction.atomic():
            if method == "get":
                answer = client.get(f"{path}?{urlencode(pairs)}")
            elif any(isinstance(value, bytes) for _name, value in pairs):
                body = urlencode([pair for pair in pairs if isinstance(pair[1], str | bytes)])
                answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
            else:
                answer = client.post(path, data)
            transaction.set_rollback(True)
    except UnicodeEncodeError:  # the test's own client cannot send it
        return 0
    begin(answer)
    return answer.status_code


def _as_it_should_be(form: Form, name: str) -> list[Any]:
    """Return what an honest visitor would send in a field."""
    if any(form.fields[name]):
        return form.fields[name]
    if chosen := [choice for choice in form.choices.get(name, []) if choice]:
        return chosen[:1]
    if form.kinds[name] == "file":
        return [SimpleUploadedFile("a.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")]
    return ["2027-01-15" if form.kinds[name] == "date" else "12"]


def _attacks(form: Form, alone: list[str], values: Iterator[str | bytes]) -> Iterator[dict[str, list[Any]]]:
    """Yield the form with everything wrong, with one field wrong beside honest ones, and with half of it missing."""
    for value in islice(values, ALL_WRONG):
        yield {name: [value] for name in form.fields}
    honest = {name: _as_it_should_be(form, name) for name in form.fields}
    for name in alone:
        yield {**honest, name: [next(values), "x"] if name in form.choices else [next(values)]}
    yield dict(islice(honest.items(), len(honest) // 2))
    if any(name.endswith("_FORMS") for name in form.fields):
        yield {name: ["9" * 10] if name.endswith("_FORMS") else [] for name in form.fields}


def _alone(form: Form, view: str, tried: Tried) -> list[str]:
    """Return the fields that get a wrong value by themselves: those that another form of the view did not have."""
    of_each_row = {re.sub(r"\d+", "#", name): name for name in form.fields}  # one row of a formset stands for all
    new = [name for name in islice(of_each_row, ALONE) if (view, name) not in tried.fields]
    tried.fields.update((view, name) for name in new)
    return [of_each_row[name] for name in new]


def _questions(path: str, page: Page | None, values: Iterator[str | bytes]) -> Iterator[dict[str, list[Any]]]:
    """Yield what the page's own links and search forms ask for in addresses, and what others try, with wrong values.

    Half of the names at once; what makes the workplace refuse all is tried by itself there, and a NUL elsewhere.
    """
    links = page.links if page else []
    asked = {pair.partition("=")[0] for link in links for pair in urlsplit(link).query.split("&") if pair}
    forms = page.forms if page else []
    asked |= {name for form in forms if form.method == "get" for name in form.fields}
    refusing = REFUSING if "/admin/" in path else ()
    names = sorted(asked | {*PARAMETERS, *(() if refusing else chain(*REFUSING))})
    bad = (value for value in values if value != "\x00")
    for some in (names[::2], names[1::2], *refusing):
        yield {name: [value] for name, value in zip(some, bad, strict=False)}


@pytest.mark.usefixtures("without_logs")
@pytest.mark.parametrize("group", GROUPS)
def test_no_link_leads_nowhere_and_nothing_breaks_on_hostile_input(
    demonstration: None, tried: Tried, monkeypatch: pytest.MonkeyPatch, group: str
) -> None:
    monkeypatch.setattr("firms.search.files.MOST_OF_SPREADSHEET", 100)
    names, views, forms = GROUPS[group]
    walks = list(_walks(names))
    found = {(name, path): seen.status for name, _client, pages in walks for path, seen in pages.items()}
    assert {place: status for place, status in found.items() if status not in {200, 302}} == {}

    before = len(tried.views), len(tried.forms)
    failed = [one for _name, client, pages in walks for one in _failed(client, pages, tried)]

    assert failed == []
    found_anew = len(tried.views) - before[0], len(tried.forms) - before[1]
    assert (found_anew[0] > views, found_anew[1] > forms) == (True, True), found_anew


def _failed(client: Client, pages: dict[str, Seen], tried: Tried) -> Iterator[tuple[str, str, str]]:
    """Try what was not tried yet; yield what a server error answered."""
    for path, seen in pages.items():
        plain = path.partition("?")[0]
        if seen.view not in tried.views and "logout" not in plain and seen.status != 404:
            tried.views.add(seen.view)
            for data in _questions(plain, seen.page, tried.values):
                if _send(client, "get", plain, data) >= 500:
                    yield "get", plain, str(data)[:300]
        for form in seen.page.forms if seen.page else []:
            target = urlsplit(urljoin(path, form.action or path)).path
            view = view_of(target)
            key = (view, *sorted(form.fields))
            if key in tried.forms or view in SLOW or "logout" in target:
                continue
            tried.forms.add(key)
            for data in _attacks(form, _alone(form, view, tried), tried.values):
                if _send(client, form.method, target, data) >= 500:
                    yield form.method, target, str(data)[:300]


def test_one_of_each_role_walks() -> None:
    walking = {name for names, _views, _forms in GROUPS.values() for name in names} - {""}

    assert {ACCOUNTS[name].role or name for name in walking} == {one.role or name for name, one in ACCOUNTS.items()}
