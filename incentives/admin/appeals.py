"""Appeals: rejected here with reasons, or upheld by reopening the application, by an officer who took no part."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives import hearing, services
from incentives.admin.reading import tell
from incentives.admin.waiting import HearerFilter, WaitingAdmin, WaitsFilter
from incentives.appeal_lifecycle import APPEAL
from incentives.forms.deciding import ReasonForm
from incentives.lifecycle import APPLICATION
from incentives.models import Appeal
from portal.lifecycle import StepClosed
from portal.models import Document, StepTaken


class AppealHearerFilter(HearerFilter):
    """What an appeal officer may decide."""

    roles = hearing.APPEALS
    heard = staticmethod(hearing.appealed)


@admin.register(Appeal)
class AppealAdmin(WaitingAdmin):
    """What declined applicants say against the decision."""

    admin_icon = "balance"
    admin_position = 4
    list_display = ("number", "organisation", "programme", "status", "at", "due")
    list_filter = (WaitsFilter, "status", AppealHearerFilter, "application__round__programme")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        """Return what the person may read here."""
        mine = Exists(hearing.appealed(request.user).filter(pk=OuterRef("application")))  # type: ignore[arg-type]
        found: QuerySet[Appeal] = self.with_waiting(Appeal.objects.handled_by(request.user), mine)
        return found.select_related("by")

    def get_urls(self) -> list[Any]:
        """Add the address of deciding."""
        decide = path(
            "<path:object_id>/<slug:step>/",
            self.admin_site.admin_view(self.decide_view),
            name="incentives_appeal_decide",
        )
        return [*super().get_urls()[:-1], decide, *super().get_urls()[-1:]]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the appeal."""
        return self._screen(request, self.one(request, object_id))

    def decide_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Reject it, or reopen the application, with reasons."""
        appeal: Appeal = self.one(request, object_id)
        if request.method != "POST" or step not in {"reject", "reopen"}:
            raise Http404
        form = ReasonForm(request.POST, application=appeal.application, prefix=step)
        if not form.is_valid():
            return self._screen(request, appeal, (step, form))
        reason = form.cleaned_data["reason"]
        try:
            if step == "reject":
                services.reject_appeal(appeal=appeal, by=request.user, reason=reason)  # type: ignore[arg-type]
            else:
                services.take_step(application=appeal.application, step=step, by=request.user, reason=reason)  # type: ignore[arg-type]
        except StepClosed as closed:
            tell(request, closed)
        else:
            done = {
                "reject": gettext("The appeal is rejected."),
                "reopen": gettext("The application is under review again."),
            }
            messages.success(request, done[step])
        return redirect("admin:incentives_appeal_change", appeal.pk)

    def _screen(
        self, request: HttpRequest, appeal: Appeal, bound: tuple[str, ReasonForm] | None = None
    ) -> HttpResponse:
        own = APPEAL.allowed(request.user, appeal)  # type: ignore[arg-type]
        reopen = [d for d in APPLICATION.allowed(request.user, appeal.application) if d.step.name == "reopen"]  # type: ignore[arg-type]
        doors = [*(reopen if own else []), *own]
        forms = {d.step.name: ReasonForm(application=appeal.application, prefix=d.step.name) for d in doors}
        forms |= dict([bound]) if bound else {}
        context = {
            "title": _("Appeal"),
            "appeal": appeal,
            "due": appeal.due_at if appeal.is_waiting else None,  # type: ignore[attr-defined]
            "is_late": self.is_late(appeal),
            "documents": list(Document.objects.about(appeal)),
            "doors": [(door, forms[door.step.name]) for door in doors],
            "declined": StepTaken.objects.about(appeal.application).filter(step="decline").order_by("-id").first(),
            "taken": list(_decided(appeal)),
        }
        return self.page(request, "appeal", context, status=422 if bound else 200)


def _decided(appeal: Appeal) -> QuerySet[StepTaken]:
    """Return who decided the appeal and why: whoever upheld it did so by reopening the application."""
    if appeal.status == Appeal.Status.UPHELD:
        return StepTaken.objects.about(appeal.application).filter(step="reopen").select_related("by")
    return StepTaken.objects.about(appeal).filter(step="reject").select_related("by")
