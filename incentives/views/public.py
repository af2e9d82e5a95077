"""What the public sees of decisions: public notices with their objections, and awards."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from incentives import conditions, services
from incentives.forms.applying import ObjectionForm
from incentives.models import Application, Award
from portal.lifecycle import StepClosed
from portal.local_form import SHANGHAI
from portal.models import User
from portal.spreadsheets import csv_lines

COLUMNS = (
    "number",
    "organisation_zh",
    "organisation_en",
    "uscc",
    "programme_zh",
    "programme_en",
    "amount_cny",
    "awarded",
)
MOST_AWARDS = 50_000


def _notices() -> Any:
    return (
        Application.objects.in_public_notice()
        .select_related("organisation", "round__programme", "programme_version")
        .prefetch_related("recommendations")
        .with_due_date()
        .order_by(F("due_at"), "id")
    )


@require_safe
def public_notices(request: HttpRequest) -> HttpResponse:
    """List the awards that anyone may object to now."""
    page = Paginator(_notices(), 20).get_page(request.GET.get("page"))
    for application in page:
        application.terms = next(r for r in application.recommendations.all() if r.voided_at is None)
    return render(request, "incentives/public_notices.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def public_notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show one public notice, and take an objection to it."""
    application = get_object_or_404(_notices(), number=number)
    form = ObjectionForm(request.POST or None, initial={"key": uuid4()})
    if form.is_bound and form.is_valid():
        try:
            services.object_to_award(
                application=application, language=get_language() or User.Language.CHINESE, **form.cleaned_data
            )
        except StepClosed as closed:
            messages.error(request, str(closed))
        else:
            messages.success(
                request, _("We received your objection. Someone who took no part will decide it; we write to you then.")
            )
        return redirect("incentives:public_notice", number)
    context = {"application": application, "terms": conditions.live_recommendation(application), "form": form}
    return render(request, "incentives/public_notice.html", context, status=422 if form.errors else 200)


def _awards() -> Any:
    return Award.objects.select_related(
        "application__organisation", "application__round__programme", "application__programme_version"
    )


@require_safe
def awards(request: HttpRequest) -> HttpResponse:
    """List the awards."""
    page = Paginator(_awards(), 20).get_page(request.GET.get("page"))
    return render(request, "incentives/awards.html", {"page": page})


@require_safe
def awards_csv(request: HttpRequest) -> HttpResponse:
    """Give the awards as a file that spreadsheets read as text, never as formulas."""
    rows = [_award_row(award) for award in _awards()[:MOST_AWARDS]]
    response = HttpResponse(["\ufeff", csv_lines([COLUMNS, *rows])], content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="awards.csv"'
    return response


def _award_row(award: Award) -> list[str]:
    application = award.application
    organisation, programme = application.organisation, application.round.programme
    return [
        application.number or "",
        organisation.name_zh,
        organisation.name_en,
        organisation.uscc or "",
        programme.title_zh,
        programme.title_en,
        f"{award.amount:.2f}",
        award.awarded_at.astimezone(SHANGHAI).date().isoformat(),
    ]
