"""The home page and the short pages that explain the portal."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _

from portal.consents import VERSION


def home(request: HttpRequest) -> HttpResponse:
    """Show what the portal is and where to begin."""
    facts = [
        {"figure": _("About 7,000"), "label": _("technology firms in the district")},
        {
            "figure": _("Over half"),
            "label": _("of the district's total sales are made by them"),
        },
        {
            "figure": _("About a third"),
            "label": _("of its tax revenue is paid by them"),
        },
        {
            "figure": _("CNY 15 million"),
            "label": _("in incentives at most for a promising firm"),
        },
    ]
    return render(request, "portal/home.html", {"facts": facts})


def help_page(request: HttpRequest) -> HttpResponse:
    """Explain how to use the portal."""
    return render(request, "portal/help.html")


def privacy(request: HttpRequest) -> HttpResponse:
    """Explain what the portal keeps about people, why and for how long."""
    kept = {"inquiry_years": settings.INQUIRY_RETENTION_YEARS, "version": VERSION}
    return render(request, "portal/privacy.html", kept)


def favicon(request: HttpRequest) -> HttpResponse:
    """Send those who ask by the old name to the portal's mark."""
    return redirect(static("mark.svg"))
