"""What programs read about the site: whom to tell of a weakness, what to leave out of an index, what there is."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal import site_map

# RFC 9116 asks for less than a year; whoever keeps a copy looks again after this.
_SECURITY_TXT_LASTS = timedelta(days=180)
_NOT_FOR_AN_INDEX = ("/admin/", "/documents/", "/i18n/", "/en/accounts/", "/en/desk/", "/zh-hans/accounts/",
                     "/zh-hans/desk/")  # fmt: skip


@transaction.non_atomic_requests
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness (RFC 9116); 404 until ``SECURITY_CONTACT`` is set, for nobody is invented."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    last_day = timezone.now().astimezone(UTC).date() + _SECURITY_TXT_LASTS
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {datetime.combine(last_day, time.min):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return _text(lines)


@transaction.non_atomic_requests
@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Keep private pages out of indexes; of the demonstration, whose firms apply for invented things, every page."""
    if settings.DEMONSTRATION:
        return _text(["User-agent: *", "Disallow: /"])
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_AN_INDEX)]
    return _text([*lines, f"Sitemap: {settings.SITE_URL}{reverse('site_map')}"])


@require_safe
@cache_control(public=True, max_age=3600)
def site_map_index(request: HttpRequest) -> TemplateResponse:
    """Name each page of each section of the map."""
    pages = [
        {"location": settings.SITE_URL + reverse("site_map_section", args=[name]) + (f"?p={page}" if page > 1 else "")}
        for name in site_map.sections()
        for page in site_map.pages_of(name)
    ]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": pages}, content_type="application/xml")


@require_safe
@cache_control(public=True, max_age=3600)
def site_map_section(request: HttpRequest, section: str) -> HttpResponse:
    """Print one page of a section."""
    return sitemap(request, sitemaps=site_map.sections(), section=section)


def _text(lines: list[str]) -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
