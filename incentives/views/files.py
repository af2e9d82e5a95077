"""The file that a question asks for: added, changed or taken back on a page of its own."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from incentives import conditions, questions, rules, services
from incentives.answering import answer_to
from incentives.forms.applying import DocumentForm
from incentives.views.applications import load
from portal.lifecycle import StepClosed


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def file(request: HttpRequest, uid: UUID, slug: str, question: str) -> HttpResponse:
    """Add the file that answers a question, put one in its place, or take it back."""
    application = load(request, uid)
    asked = dict(questions.all_questions(application.content)).get((slug, question))
    if asked is None or asked["kind"] != "file":
        raise Http404
    if not rules.writes(request.user, application):  # type: ignore[arg-type]
        messages.error(request, _("You may not change this application now."))
        return redirect(application)
    removes = "remove" in request.POST
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" and not removes else DocumentForm()
    if removes or (form.is_bound and form.is_valid()):
        key, by = questions.file_key(slug, question), request.user
        data: dict[str, Any] = {"application": application, "slug": key, "by": by}
        try:
            if removes:
                services.remove_document(**data)
            else:
                services.add_document(**data, upload=form.cleaned_data["upload"])
        except StepClosed as closed:
            messages.error(request, str(closed))
            return redirect(application)
        messages.success(request, _("The file was taken back.") if removes else _("The file was added."))
        return redirect("incentives:section", application.uid, slug)
    held = questions.given_by(application).get(slug, {}).get(question)
    context = {"application": application, "form": form, "section": slug, "title": questions.label_of(asked)}
    context["section_title"] = dict(conditions.section_titles(application))[slug]
    context |= {"hint": questions.help_of(asked), "answer": answer_to(asked, held)}
    return render(request, "incentives/file.html", context, status=422 if form.errors else 200)
