"""Writing an application: sections, documents, checking the answers, submitting."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from incentives import conditions, presenting, questions, rules, services
from incentives.facts import in_language
from incentives.forms.applying import DocumentForm, FundingForm, QuestionsForm, SectionForm, SubmitForm
from incentives.models import Application, SectionAnswers
from incentives.views.applications import load
from portal.lifecycle import StepClosed


def _form(application: Application, slug: str, data: Any, saved: SectionAnswers | None) -> SectionForm:
    initial = {**(saved.answers if saved else {}), "version": saved.version if saved else 0}
    return _form_with(application, slug, data, initial)


def _form_with(application: Application, slug: str, data: Any, initial: dict[str, Any]) -> SectionForm:
    content = application.content
    if slug == conditions.FUNDING:
        return FundingForm(data, initial=initial, content=content)
    sections = {section["slug"]: section for section in content["sections"]}
    if slug not in sections:
        raise Http404
    given = questions.given_by(application)
    return QuestionsForm(data, initial=initial, section=sections[slug], content=content, given=given)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def section(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Write one section; what is not finished is saved as a draft."""
    application = load(request, uid)
    saved = next((row for row in application.answers.all() if row.section == slug), None)
    form = _form(application, slug, request.POST or None, saved)
    if not rules.writes(request.user, application):  # type: ignore[arg-type]
        messages.error(request, _("You may not change this application now."))
        return redirect(application)
    if "add_row" in request.POST:  # nothing is saved yet: what was typed stands there again, with a row more
        form = _form_with(application, slug, None, form.with_row(request.POST["add_row"]))
    if form.is_bound and form.is_valid():
        complete = not list(form.missing())
        try:
            row = services.save_section(
                application=application,
                section=slug,
                answers=form.answers(),
                complete=complete,
                version=form.cleaned_data["version"],
                by=request.user,  # type: ignore[arg-type]
            )
        except services.StaleVersionError as stale:
            return _conflict(request, application, slug, stale.saved)
        if form.asks_for_file(wanted := request.POST.get("file", "")):
            return redirect("incentives:section_file", application.uid, slug, wanted)
        if complete or "draft" in request.POST:
            messages.success(request, _("Saved."))
            return redirect(application)
        form = _form(application, slug, _with_version(request, row), row)
        form.is_valid()
        form.require()
    context = {"application": application, "form": form, "title": _title(application, slug), "saved": saved}
    return render(request, "incentives/section.html", context, status=422 if form.errors else 200)


def _with_version(request: HttpRequest, row: SectionAnswers) -> QueryDict:
    """Return what was typed, to be saved over this version."""
    data = request.POST.copy()
    data["version"] = str(row.version)
    return data


def _title(application: Application, slug: str) -> Any:
    return dict(conditions.section_titles(application))[slug]


def _conflict(request: HttpRequest, application: Application, slug: str, saved: SectionAnswers) -> HttpResponse:
    """Show both texts: what someone saved meanwhile, and what was typed here, which is still in the form."""
    form = _form(application, slug, _with_version(request, saved), saved)
    theirs = next(a for a in presenting.answers(load(request, application.uid)) if a.slug == slug)
    context = {
        "application": application,
        "form": form,
        "title": _title(application, slug),
        "saved": saved,
        "theirs": theirs.rows,
    }
    return render(request, "incentives/section.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def document(request: HttpRequest, uid: UUID, slug: str) -> HttpResponse:
    """Add a wanted document, or one in its place."""
    application = load(request, uid)
    found = {wanted["slug"]: (wanted, held) for wanted, held in presenting.wanted_documents(application)}
    if slug not in found:
        raise Http404
    wanted, held = found[slug]
    form = DocumentForm(request.POST or None, request.FILES or None) if request.method == "POST" else DocumentForm()
    if form.is_bound and form.is_valid():
        try:
            services.add_document(
                application=application,
                slug=slug,
                upload=form.cleaned_data["upload"],
                by=request.user,  # type: ignore[arg-type]
            )
        except StepClosed as closed:
            messages.error(request, str(closed))
        else:
            messages.success(request, _("The document was added."))
        return redirect(application)
    title = in_language(wanted["title_en"], wanted["title_zh"])
    context = {"application": application, "form": form, "title": title, "held": held}
    return render(request, "incentives/document.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def submit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Check the answers, declare, submit."""
    application = load(request, uid)
    form = SubmitForm(request.POST or None, initial={"key": uuid4()})
    if form.is_bound and form.is_valid():
        try:
            services.submit_application(
                application=application,
                by=request.user,  # type: ignore[arg-type]
                key=form.cleaned_data["key"],
                declared=form.cleaned_data["declared"],
            )
        except StepClosed as closed:
            for reason in closed.reasons:
                form.add_error(None, str(reason))
        else:
            return redirect("incentives:receipt", application.uid)
    if not application.is_open:
        return redirect("incentives:receipt", application.uid)
    context = {
        "application": application,
        "form": form,
        "answers": presenting.answers(application),
        "documents": list(presenting.wanted_documents(application)),
        "reasons": list(conditions.ready_to_submit(application)),
        "signs": rules.signs(request.user, application),  # type: ignore[arg-type]
    }
    return render(request, "incentives/submit.html", context, status=422 if form.errors else 200)
