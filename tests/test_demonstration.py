"""Over the whole demonstration: every page of the workplace opens for those who may see it, and leads to the site."""

from collections import Counter
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db.models import (
    AutoField,
    BinaryField,
    DateTimeField,
    FileField,
    ForeignKey,
    JSONField,
    UUIDField,
)
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import HistoryEntry, User
from tests.conftest import cloned_database


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_row_opens_in_the_workplace_for_those_who_may_see_it(demonstration: str, rf: Any) -> None:
    wrong = {}
    for user in User.objects.filter(is_demonstration=True, is_staff=True):
        client = _client(user)
        request = rf.get("/")
        request.user = user
        for model, page in admin.site._registry.items():
            row = page.get_queryset(request).order_by("pk").first()
            may = row is not None and page.has_view_permission(request, row)
            expected = {200} if may else {302, 403, 404}
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            status = client.get(reverse(name, args=[row.pk if row else 10**9]), follow=may).status_code
            if status not in expected:
                wrong[user.email, name] = status

    assert wrong == {}


def test_links_from_the_workplace_to_the_site_lead_to_pages(demonstration: str, rf: Any) -> None:
    links: dict[str, int] = {}
    client = Client()
    request = rf.get("/")
    request.user = User.objects.get(email="admin@demo.example")
    for page in admin.site._registry.values():
        for row in page.get_queryset(request).order_by("-pk")[:30]:
            if url := page.get_view_on_site_url(row):
                links[url] = client.get(url, follow=True).status_code

    assert len(links) > 40
    assert {url: status for url, status in links.items() if status != 200} == {}


def _content() -> dict[str, Counter[tuple[str, ...]]]:
    """Return what each table holds, but for keys, moments and numbers that the next row gets."""
    leave_out = (AutoField, BinaryField, DateTimeField, FileField, ForeignKey, JSONField, UUIDField)
    named = {
        "code",
        "number",
        "reference",
        "password",
        "terms_hash",
        "sha256",
        "key",
        "event",
        "txid",
        "subject_id",
        "request",
        "actor",
    }
    content = {}
    for model in apps.get_models():
        if model._meta.app_label in {"portal", "firms", "incentives", "investors"}:
            columns = [
                field.name
                for field in model._meta.concrete_fields
                if not isinstance(field, leave_out) and field.name not in named
            ]
            rows = model._base_manager.values_list(*columns) if columns else []
            content[model._meta.label] = Counter(tuple(map(str, row)) for row in rows)
    return content


def _loaded_anew(template: str) -> dict[str, Counter[tuple[str, ...]]]:
    with cloned_database(template):
        call_command("load_demonstration", verbosity=0)
        return _content()


def test_demonstration_is_the_same_each_time(demonstration: str, template_database: str) -> None:
    day, before = timezone.localdate(HistoryEntry.objects.latest("pk").at), _content()
    again = _loaded_anew(template_database)
    if timezone.localdate() != day:  # it tells of days counted from its own
        before = _loaded_anew(template_database)

    assert sum(before["firms.Organisation"].values()) > 7000
    assert {label: before[label] - rows for label, rows in again.items() if before[label] != rows} == {}
