"""Brochures: asked for from a list, waited for on a page that can be left, fetched by whoever asked."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from investors import shortlisting
from investors.forms.shortlists import BrochureForm
from investors.models import Brochure
from investors.models.brochures import MOST_PRINTED
from investors.services.brochures import KEPT, Order, TooManyBrochures, brochures_of, order_brochure
from investors.views.inquiries import too_many
from investors.visitor_lists import holder_of, holder_to_be, shortlist_of
from portal.addresses import asking_from
from portal.views.documents import as_attachment


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def brochures(request: HttpRequest) -> HttpResponse:
    """Ask for a brochure of one's shortlist, and show those that there are."""
    pks = [line.entry.pk for line in shortlisting.lines(shortlist_of(request).entries()) if line.opportunity]
    initial = {"language": get_language(), "key": uuid4()}
    form = BrochureForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if not pks:
            messages.error(request, _("There is nothing on your shortlist that can be printed."))
            return redirect("investors:shortlist")
        try:
            order = Order(pks, **form.cleaned_data, address=asking_from(request))
            made = order_brochure(by=holder_to_be(request), order=order)
        except TooManyBrochures:
            form.add_error(None, _("Many brochures were made within the hour. Please try again later."))
            return too_many(_page(request, form, pks, status=429))
        return redirect(made)
    return _page(request, form, pks, status=422 if form.errors else 200)


def _page(request: HttpRequest, form: BrochureForm, pks: list[int], *, status: int) -> HttpResponse:
    context = {
        "form": form,
        "number": min(len(pks), MOST_PRINTED),
        "left_out": max(len(pks) - MOST_PRINTED, 0),
        "most": MOST_PRINTED,
        "made": brochures_of(holder_of(request)),
        "days": KEPT.days,
    }
    return render(request, "investors/brochures.html", context, status=status)


@never_cache
@require_safe
def brochure(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Say how far a brochure is; where a script runs, the part that changes is asked for by itself."""
    found = _own(request, uid)
    template = "investors/_brochure_state.html" if request.htmx else "investors/brochure.html"  # type: ignore[attr-defined]
    return render(request, template, {"brochure": found, "days": KEPT.days})


@never_cache
@require_safe
def brochure_file(request: HttpRequest, uid: UUID) -> FileResponse:
    """Send the file to whoever asked for it: the person, or the session."""
    found = _own(request, uid)
    if found.document is None:
        raise Http404
    return as_attachment(found.document)


def _own(request: HttpRequest, uid: UUID) -> Brochure:
    """Return a brochure of the person or the session that asks."""
    found = next((one for one in brochures_of(holder_of(request)) if one.uid == uid), None)
    if found is None:
        raise Http404
    return found
