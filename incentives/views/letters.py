"""Letters: the way to the file for those who may see it, and the page where anyone checks one that they hold."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incentives.forms.verifying import VerifyLetterForm
from incentives.models import Letter


@require_safe
@login_required
@never_cache
def letter(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Lead to the file of a letter, or say that it is being prepared."""
    found = get_object_or_404(
        Letter.objects.visible_to(request.user).select_related("application", "document"), uid=uid
    )
    if found.document:
        return redirect("document", found.document.uid)
    return render(request, "incentives/letter_prepared.html", {"letter": found, "application": found.application})


@require_safe
@never_cache
def verify_letter(request: HttpRequest) -> HttpResponse:
    """Say when and as what a letter was issued, and the fingerprint of its file; nothing of what it says."""
    asked = bool(request.GET)
    form = VerifyLetterForm(request.GET if asked else None)
    found = form.letter() if asked else None
    context = {"form": form, "found": found, "unknown": asked and form.is_valid() and found is None}
    return render(request, "incentives/verify_letter.html", context)
