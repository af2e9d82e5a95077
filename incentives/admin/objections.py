"""Objections: dismissed here; upheld as a step of the application."""

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
from incentives.forms.deciding import ReasonForm
from incentives.lifecycle import OBJECTION
from incentives.models import Objection
from portal.lifecycle import StepClosed
from portal.models import StepTaken


class ObjectionHearerFilter(HearerFilter):
    """What an approver or appeal officer may decide."""

    roles = hearing.OBJECTIONS
    heard = staticmethod(hearing.objected)


@admin.register(Objection)
class ObjectionAdmin(WaitingAdmin):
    """What people say against awards in public notice."""

    admin_icon = "front_hand"
    admin_position = 3
    list_display = ("number", "organisation", "programme", "status", "created_at", "due")
    list_filter = (WaitsFilter, "status", ObjectionHearerFilter, "application__round__programme")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Objection]:
        """Return what the person may read."""
        mine = Exists(hearing.objected(request.user).filter(pk=OuterRef("application")))  # type: ignore[arg-type]
        found: QuerySet[Objection] = self.with_waiting(Objection.objects.visible_to(request.user), mine)
        return found

    def get_urls(self) -> list[Any]:
        """Add the address of dismissing."""
        dismiss = path(
            "<path:object_id>/dismiss/",
            self.admin_site.admin_view(self.dismiss_view),
            name="incentives_objection_dismiss",
        )
        return [dismiss, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the objection."""
        objection: Objection = self.one(request, object_id)
        return self._screen(request, objection, ReasonForm(application=objection.application))

    def dismiss_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Dismiss it with reasons."""
        objection: Objection = self.one(request, object_id)
        if request.method != "POST":
            raise Http404
        form = ReasonForm(request.POST, application=objection.application)
        if not form.is_valid():
            return self._screen(request, objection, form)
        try:
            services.dismiss_objection(objection=objection, by=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
        except StepClosed as closed:
            tell(request, closed)
        else:
            messages.success(request, gettext("The objection is dismissed."))
        return redirect("admin:incentives_objection_change", objection.pk)

    def _screen(self, request: HttpRequest, objection: Objection, form: ReasonForm) -> HttpResponse:
        context = {
            "title": _("Objection"),
            "objection": objection,
            "due": objection.due_at if objection.is_waiting else None,  # type: ignore[attr-defined]
            "is_late": self.is_late(objection),
            "form": form,
            "doors": OBJECTION.allowed(request.user, objection),  # type: ignore[arg-type]
            "taken": list(_decided(objection)),
        }
        return self.page(request, "objection", context, status=422 if form.errors else 200)


def _decided(objection: Objection) -> QuerySet[StepTaken]:
    """Return who decided the objection and why: whoever upheld it did so by a step of the application."""
    own = StepTaken.objects.about(objection).filter(step__in=["dismiss", "uphold", "end"]).select_related("by")
    if objection.status != Objection.Status.UPHELD:
        return own
    steps = StepTaken.objects.about(objection.application).filter(step="uphold_objection")
    return steps.filter(pk__gt=own.values("pk").order_by("pk")[:1]).order_by("pk")[:1].select_related("by")
