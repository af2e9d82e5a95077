"""Writing a section: saved by the button or by itself, by several people at once, over nobody's newer text."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from incentives import conditions, presenting, rules, services
from incentives.forms.applying import SectionForm, Stored, section_form
from incentives.forms.conflicts import chosen, conflicts, settled
from incentives.forms.prefilling import prefill
from incentives.kept_answers import kept_about
from incentives.models import Application, SectionAnswers
from incentives.views import keeping
from incentives.views.applications import load, load_to_write
from portal.autosave import takes_json
from portal.lifecycle import StepClosed
from portal.local_form import clock_time


def _form(application: Application, slug: str, data: Any, initial: dict[str, Any]) -> SectionForm:
    try:
        return section_form(application, slug, data, initial)
    except KeyError:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@takes_json
def section(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Write one section. Whatever is typed is kept as a draft; whether it answers the questions is judged apart."""
    if not request.user.is_authenticated:
        return keeping.sign_in_first(request, uid)
    application = load_to_write(request, uid)
    if slug not in dict(conditions.section_titles(application)):
        raise Http404
    saved = next((row for row in application.answers.all() if row.section == slug), None)
    if not rules.writes(request.user, application):
        return _closed(request, application)
    if "add_row" in request.POST:
        return _with_row(request, application, slug, saved)
    if request.method == "POST":
        return _save(request, application, slug, saved)
    if kept := keeping.take(request):
        messages.warning(request, _("This is your text from before you signed in. It is not saved yet: save it now."))
        form = _form(application, slug, kept, Stored.of(saved))
        return _page(request, application, slug, form, saved, unsaved=True)
    return _page(request, application, slug, _to_fill_in(request, application, slug, saved), saved)


def _to_fill_in(request: HttpRequest, application: Application, slug: str, saved: SectionAnswers | None) -> SectionForm:
    """Return the form with what is saved, or taken over; with what is wrong in it, where a check leads here."""
    form = _form(application, slug, None, Stored.of(saved))
    kept = kept_about(request.session, request.user, application.organisation)  # type: ignore[arg-type]
    prefill(form, application, slug, saved, kept)
    return _judged(application, slug, form) if "check" in request.GET else form


def _closed(request: HttpRequest, application: Application) -> HttpResponse:
    words = _("You may not change this application now.")
    if not request.accepts("text/html"):
        return JsonResponse({"words": words}, status=HTTPStatus.FORBIDDEN)
    messages.error(request, words)
    return redirect(application)


def _judged(application: Application, slug: str, shown: SectionForm) -> SectionForm:
    """Return what a form shows with what is missing and wrong in it."""
    form = _form(application, slug, Stored(shown.initial), dict(shown.initial))
    for name, field in form.fields.items():
        field.help_text = shown.fields[name].help_text
    form.require()
    return form


def _save(request: HttpRequest, application: Application, slug: str, saved: SectionAnswers | None) -> HttpResponse:
    form = _form(application, slug, request.POST, {})
    if chosen(request.POST):
        form = _form(application, slug, settled(form, request.POST, saved), {})
    complete = form.is_complete()
    try:
        row = services.save_section(
            application=application,
            section=slug,
            answers=form.answers(),
            typed=form.typed(),
            complete=complete,
            version=form.cleaned_data.get("version", -1),
            by=request.user,  # type: ignore[arg-type]
            held=True,
        )
    except services.StaleVersionError as stale:
        return _conflict(request, application, slug, stale.saved)
    except StepClosed:  # submitted, or no longer a member, while this was on its way
        return _closed(request, application)
    if not request.accepts("text/html"):
        words = _("Saved at %(time)s") % {"time": clock_time(row.saved_at)}
        return JsonResponse({"version": row.version, "words": words, "complete": complete})
    return _after_save(request, application, form, row)


def _after_save(request: HttpRequest, application: Application, form: SectionForm, row: SectionAnswers) -> HttpResponse:
    """Lead to where the button leads; stay where something is missing."""
    slug = row.section
    if form.asks_for_file(wanted := request.POST.get("file", "")):
        return redirect("incentives:section_file", application.uid, slug, wanted)
    if row.complete or "draft" in request.POST:
        services.leave_section(application=application, section=slug, by=request.user)  # type: ignore[arg-type]
        said = _("Saved.") if row.complete else _("Saved as a draft; the section is not complete yet.")
        messages.success(request, said)
        return redirect(application)
    form = _form(application, slug, _at_version(form, row.version), {})
    form.require()
    return _page(request, application, slug, form, row)


def _with_row(request: HttpRequest, application: Application, slug: str, saved: SectionAnswers | None) -> HttpResponse:
    """Show what was typed with one more row in a table; nothing is saved yet."""
    typed = _form(application, slug, request.POST, {}).with_row(request.POST["add_row"])
    return _page(request, application, slug, _form(application, slug, None, typed), saved)


def _at_version(form: SectionForm, version: int) -> Stored:
    """Return what was typed, to be saved over this version."""
    return Stored({name: form[name].data for name in form.fields}, version=version)


def _conflict(request: HttpRequest, application: Application, slug: str, saved: SectionAnswers) -> HttpResponse:
    """Show both texts: what someone saved meanwhile, and what was typed here, which is still in the form."""
    typed = _form(application, slug, request.POST, {})
    form = _form(application, slug, _at_version(typed, saved.version), {})
    form.is_valid()
    if not request.accepts("text/html"):
        return JsonResponse({"version": saved.version}, status=HTTPStatus.CONFLICT)
    return _page(request, application, slug, form, saved, conflicts=conflicts(form, saved))


def _page(
    request: HttpRequest,
    application: Application,
    slug: str,
    form: SectionForm,
    saved: SectionAnswers | None,
    **more: Any,
) -> HttpResponse:
    others = services.enter_section(application=application, section=slug, by=request.user)  # type: ignore[arg-type]
    context = {
        "application": application,
        "form": form,
        "slug": slug,
        "title": dict(conditions.section_titles(application))[slug],
        "saved": saved,
        "others": others,
        "asked": presenting.asked(application).get(slug, []),
        **more,
    }
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_bound:
        status = HTTPStatus.CONFLICT if "conflicts" in more else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "incentives/section.html", context, status=status)


@require_safe
@login_required
@never_cache
def others(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Say who else has the section open now, and which version is saved; the page asks again and again."""
    application = load(request, uid)
    if not rules.writes(request.user, application):  # type: ignore[arg-type]
        raise Http404
    saved = next((row for row in application.answers.all() if row.section == slug), None)
    _form(application, slug, None, {})
    there = services.enter_section(application=application, section=slug, by=request.user)  # type: ignore[arg-type]
    return render(request, "incentives/_others.html", {"others": there, "saved": saved})
