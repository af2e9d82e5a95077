"""Keeping the answers of the public check when asked, and forgetting them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from incentives import kept_answers
from incentives.forms.checking import CheckForm
from incentives.forms.keeping import in_words, to_keep
from incentives.views.programmes import entries_to_check
from portal.local_form import day


def _form(request: HttpRequest) -> CheckForm:
    """Read the answers that were posted; where one programme was checked, of what that one asks."""
    found = entries_to_check(request.POST.get("programme", ""))
    return CheckForm(request.POST, contents=[entry.content for entry in found])


def _back(request: HttpRequest) -> HttpResponse:
    """Lead to the check that the answers are of."""
    slug = request.POST.get("programme", "")
    return redirect("incentives:check_programme", slug) if slug else redirect("incentives:check")


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # it changes nothing: only the page that it shows has the button, and the token
@never_cache
@sensitive_post_parameters()
def ask(request: HttpRequest) -> HttpResponse:
    """Say what would be kept, for how long and where, before anything is."""
    if request.method != "POST":
        return redirect("incentives:check")
    form = _form(request)
    answers = to_keep(form)
    if not answers:
        return _back(request)
    context = {
        "answers": answers,
        "rows": in_words(form),
        "programme": request.POST.get("programme", ""),
        "days": kept_answers.KEPT_FOR.days,
        "kept": kept_answers.kept_in(request.session),
    }
    return render(request, "incentives/keep_answers.html", context)


@require_POST
@never_cache
@sensitive_post_parameters()
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the answers in the session."""
    if answers := to_keep(_form(request)):
        kept = kept_answers.keep(request.session, answers)
        words = _("Your answers are kept in this browser until %(day)s.")
        messages.success(request, words % {"day": day(kept.until)})
    return _back(request)


@require_POST
@never_cache
def forget(request: HttpRequest) -> HttpResponse:
    """Forget them."""
    if kept_answers.forget(request.session):
        messages.success(request, _("Your answers are forgotten."))
    return redirect("incentives:check")
