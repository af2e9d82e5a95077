"""The applicant's appeal: until when, the reasons, a document; afterwards where it stands."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from incentives import conditions, rules, services
from incentives.forms.appealing import AppealForm
from incentives.models import Appeal, Application
from incentives.views.applications import load
from portal import deadlines
from portal.lifecycle import StepClosed
from portal.models import Document, StepTaken


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def appeal(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Appeal against a decision, or read what became of the appeal."""
    application = load(request, uid)
    made = Appeal.objects.filter(application=application).first()
    if made is None and application.status != Application.Status.DECLINED:
        return redirect(application)
    form = AppealForm(request.POST or None, request.FILES or None, initial={"key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            services.appeal_decision(application=application, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except (StepClosed, ValidationError) as refused:
            form.add_error(None, refused.messages if isinstance(refused, ValidationError) else str(refused))
        else:
            messages.success(request, _("Your appeal was received."))
            return redirect("incentives:appeal", application.uid)
    context = {
        "application": application,
        "form": form,
        "appeal": made,
        "closed": list(conditions.within_appeal_period(application)),
        "until": conditions.appeal_until(application),
        "declined": StepTaken.objects.about(application).filter(step="decline").order_by("-id").first(),
        "signs": rules.signs(request.user, application),  # type: ignore[arg-type]
        **(_about(made) if made else {}),
    }
    return render(request, "incentives/appeal.html", context, status=422 if form.errors else 200)


def _about(made: Appeal) -> dict[str, object]:
    decided = StepTaken.objects.about(made).filter(step__in=["reject", "uphold"]).first()
    due = deadlines.open_deadline(made, "remind")
    return {
        "documents": list(Document.objects.about(made)),
        "decided": decided,
        "due": due.due_at if due else None,
    }
