"""The yearly figures and certificates of one's organisation: what is known, and giving the figures of a year."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firms import expiring, presentation, sizing, yearly
from firms.forms.yearly_figures import FiguresForm, typed
from firms.models import Organisation, YearlyFigure
from firms.models.yearly_figures import EARLIEST_YEAR
from firms.registry.normalising import today_in_shanghai
from firms.rules import is_editor
from firms.services.edits import Stale
from firms.services.yearly_figures import remove_figures, state_figures
from firms.views.profile import own
from portal.lifecycle import StepClosed


def _figures(request: HttpRequest, organisation: Organisation) -> list[YearlyFigure]:
    return list(YearlyFigure.objects.visible_to(request.user).filter(organisation=organisation).order_by("-year"))


@require_safe
@login_required
@never_cache
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the figures of each year, what follows from them, which years are asked for, and the certificates."""
    organisation = own(request, slug)
    found = _figures(request, organisation)
    by_year = {figure.year: figure for figure in found}
    last = yearly.last_ended_year()
    years = sorted({*range(last - yearly.YEARS_ASKED + 1, last + 1), *by_year}, reverse=True)
    newest = max(by_year, default=last)
    context = {
        "organisation": organisation,
        "rows": [(year, by_year.get(year)) for year in years],
        "newest": newest,
        "size": sizing.size_of(organisation, found, year=newest),
        "intensity": yearly.rd_intensity(by_year[newest]) if newest in by_year else None,
        "growth": yearly.growth(found, newest),
        "certificates": [
            (shown, expiring.is_soon(shown.certificate))
            for shown in presentation.certificates_of(organisation, today_in_shanghai())
        ],
        "may_edit": is_editor(request.user, organisation),
    }
    return render(request, "firms/figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def edit_figures(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Give or correct the figures of a year."""
    organisation = own(request, slug)
    if not EARLIEST_YEAR <= year <= yearly.last_ended_year():
        raise Http404
    if not is_editor(request.user, organisation):
        messages.error(request, _("Only editors and signatories give figures."))
        return redirect("firms:figures", slug=organisation.slug)
    found = _figures(request, organisation)
    form = FiguresForm(request.POST or None, year=year, figures=found, initial=_initial(found, year))
    if request.method != "POST":
        return _page(request, organisation, year, form)
    if not form.is_valid():
        return _page(request, organisation, year, form, status=422)
    seen = form.cleaned_data["seen"]
    try:
        state_figures(by=request.user, organisation=organisation, year=year, values=form.values(), seen=seen)  # type: ignore[arg-type]
    except Stale:
        return _stale(request, organisation, year, form)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, organisation, year, form, status=422)
    messages.success(request, _("The figures of %(year)s are kept.") % {"year": year})
    return redirect("firms:figures", slug=organisation.slug)


def _initial(found: list[YearlyFigure], year: int) -> dict[str, Any]:
    figure = next((figure for figure in found if figure.year == year), None)
    return {**typed(figure), "seen": figure.version if figure else 0}


def _stale(request: HttpRequest, organisation: Organisation, year: int, form: FiguresForm) -> HttpResponse:
    """Show what stands there now beside what was typed; it stays in the form, and may be sent now."""
    found = _figures(request, organisation)
    now, yours = _initial(found, year), typed(YearlyFigure(**form.values()))
    theirs = [
        (form.fields[name].label, now.get(name, ""), text) for name, text in yours.items() if now.get(name, "") != text
    ]
    again = FiguresForm({**request.POST.dict(), "seen": now["seen"]}, year=year, figures=found)
    return _page(request, organisation, year, again, status=409, theirs=theirs, is_stale=True)


def _page(
    request: HttpRequest, organisation: Organisation, year: int, form: FiguresForm, status: int = 200, **context: Any
) -> HttpResponse:
    figure = YearlyFigure.objects.visible_to(request.user).filter(organisation=organisation, year=year).first()
    context |= {"organisation": organisation, "year": year, "form": form, "figure": figure}
    return render(request, "firms/edit_figures.html", context, status=status)


@require_POST
@login_required
def take_back_figures(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Take back figures that were given by mistake."""
    organisation = own(request, slug)
    figure = get_object_or_404(
        YearlyFigure.objects.visible_to(request.user), organisation=organisation, year=min(year, 9999)
    )
    seen = request.POST.get("seen", "")
    try:
        remove_figures(by=request.user, figure=figure, seen=int(seen) if seen.isascii() and seen.isdigit() else 0)  # type: ignore[arg-type]
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("The figures of %(year)s are taken back.") % {"year": year})
    return redirect("firms:figures", slug=organisation.slug)
