"""Handing in an application: documents, checking the answers, submitting. Its sections: ``sections``."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from incentives import presenting, rules, services
from incentives.facts import in_language
from incentives.forms.applying import DocumentForm, SubmitForm
from incentives.forms.completing import shortcomings
from incentives.views.applications import load
from portal.lifecycle import StepClosed


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
        "shortcomings": list(shortcomings(application)),
        "signs": rules.signs(request.user, application),  # type: ignore[arg-type]
    }
    return render(request, "incentives/submit.html", context, status=422 if form.errors else 200)
