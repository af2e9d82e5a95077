"""The programmes, and the check of who can get them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firms.models import Organisation
from firms.rules import is_editor
from incentives import catalogue, kept_answers, services
from incentives.catalogue import Entry
from incentives.forms.applying import preview_forms
from incentives.forms.checking import CheckForm
from incentives.forms.keeping import costs_of_kept, facts_of_kept, fill_in
from incentives.kept_answers import Kept
from incentives.models import Programme, Round
from incentives.publishing import as_it_stands, what_is_missing
from portal import clock
from portal.lifecycle import StepClosed


def _chosen(request: HttpRequest) -> tuple[Organisation | None, list[Organisation]]:
    """Return the organisation whose check is asked for, and all that the person acts for."""
    mine = catalogue.organisations_of(request.user)
    slug = request.POST.get("organisation") or request.GET.get("organisation", "")
    return next((o for o in mine if o.slug == slug), mine[0] if mine else None), mine


def _entry(slug: str) -> Entry:
    found = catalogue.entries(slug=slug)
    if not found:
        raise Http404
    return found[0]


def entries_to_check(slug: str = "") -> list[Entry]:
    """Return the one programme that is checked, or every one that is open now."""
    return [_entry(slug)] if slug else catalogue.open_entries()


def _kept(request: HttpRequest, organisation: Organisation | None) -> Kept | None:
    """Return the answers that the visitor kept, where they are about the organisation that is checked."""
    if organisation is None:
        return kept_answers.kept_in(request.session)
    return kept_answers.kept_about(request.session, request.user, organisation)  # type: ignore[arg-type]


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """List the programmes, open rounds first."""
    found = catalogue.entries()
    context = {
        "open": [entry for entry in found if entry.open_round],
        "others": [entry for entry in found if not entry.open_round],
    }
    return render(request, "incentives/programmes.html", context)


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a programme gives, who can get it and how it is decided."""
    entry = _entry(slug)
    organisation, mine = _chosen(request)
    kept = _kept(request, organisation) if organisation else None
    if organisation:
        said = facts_of_kept(kept, [entry.content]) if kept else {}
        catalogue.check_organisation([entry], organisation, said=said)
    context = {
        "entry": entry,
        "kept": kept,
        "organisation": organisation,
        "organisations": mine,
        "application": catalogue.live_application(entry.open_round, organisation),
        "may_apply": organisation is not None and is_editor(request.user, organisation),
    }
    return render(request, "incentives/programme.html", context)


@require_safe
@login_required
@never_cache
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show staff a programme and its form as applicants would see them if it were published now."""
    if not request.user.has_perm("incentives.view_programme"):
        raise Http404
    programme = get_object_or_404(Programme.objects.prefetch_related("clusters", "rounds__budget"), slug=slug)
    version = as_it_stands(programme)
    context = {
        "entry": Entry(version, timezone.now()),
        "preview": preview_forms(version.content),
        "missing": list(what_is_missing(programme)),
    }
    return render(request, "incentives/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # it changes nothing; without a token the empty form is the same page for everybody
@sensitive_post_parameters()
def check_programme(request: HttpRequest, slug: str) -> HttpResponse:
    """Check one programme: for the person's organisation, or from a few answers."""
    return _check(request, entries_to_check(slug), single=True)


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
@sensitive_post_parameters()
def check(request: HttpRequest) -> HttpResponse:
    """Check every programme that is open now."""
    return _check(request, entries_to_check(), single=False)


def _check(request: HttpRequest, found: list[Entry], *, single: bool) -> HttpResponse:
    """Show the questions, or what follows from the answers: these are posted, so no address and no log has them."""
    organisation, mine = _chosen(request)
    contents = [entry.content for entry in found]
    form = CheckForm(request.POST or None, contents=contents, known=organisation is not None)
    kept = _kept(request, organisation)
    if kept and not form.is_bound:
        fill_in(form, kept, contents, known=organisation is not None)
    _judge(found, form, organisation, kept)
    context = {
        "entries": found,
        "form": form,
        "kept": kept,
        "organisation": organisation,
        "organisations": mine,
        "single": found[0] if single else None,
    }
    response = render(request, "incentives/check.html", context, status=422 if form.errors else 200)
    if form.is_bound or kept:
        add_never_cache_headers(response)
    return response


def _judge(found: list[Entry], form: CheckForm, organisation: Organisation | None, kept: Kept | None) -> None:
    """Write the verdicts into the programmes: on the organisation, or on the answers of somebody without one."""
    contents = [entry.content for entry in found]
    if organisation is None:
        if form.is_bound and form.is_valid():
            today = timezone.localdate(timezone=clock.SHANGHAI)
            catalogue.check_facts(found, form.facts(), on=today, asked=True, **form.rest())
        return
    costs = form.rest().get("costs") if form.is_bound else None
    if kept and not form.is_bound:
        costs = costs_of_kept(kept, contents)
    said = facts_of_kept(kept, contents) if kept else {}
    catalogue.check_organisation(found, organisation, costs=costs, said=said)


@require_POST
@login_required
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an application, or open the one begun before."""
    opened = get_object_or_404(Round.objects.published(), programme__slug=slug, slug=request.POST.get("round", ""))
    organisation = get_object_or_404(
        Organisation.objects.with_member(request.user),
        slug=request.POST.get("organisation", ""),
    )
    try:
        application = services.start_application(
            round=opened,
            organisation=organisation,
            by=request.user,  # type: ignore[arg-type]
        )
    except StepClosed as closed:
        messages.error(request, _("You cannot apply now: %(reasons)s") % {"reasons": closed})
        return redirect("incentives:programme", slug)
    return redirect(application)
