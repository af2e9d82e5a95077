"""The steps of a lifecycle on its object's page in the staff workplace: buttons, reasons, what happened."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from portal.lifecycle import NotAllowed, Step, StepClosed, lifecycle_of
from portal.models import StepTaken

_MOST = 4000
_TYPED = "step_typed"


class ReasonForm(forms.Form):
    """What is written with a step."""

    reason = forms.CharField(required=False, max_length=_MOST, strip=True)


class StepsAdmin(ModelAdmin):
    """An admin whose change page has the steps that this person may take, each a POST of its own.

    Whoever may view the object sees the page; the lifecycle alone decides who may take a step. A step that needs
    more than a reason names its form in ``step_forms``; the form's values reach the effect as ``change.data``.
    ``steps_elsewhere`` have a page of their own.
    """

    change_form_outer_before_template: str | None = "portal/admin/steps.html"
    step_forms: dict[str, type[forms.Form]] = {}
    steps_elsewhere: tuple[str, ...] = ()

    def get_urls(self) -> list[URLPattern]:
        """Add the address that takes a step."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        view = self.admin_site.admin_view(require_POST(self.take_step))
        return [path("<int:object_id>/step/<slug:step>/", view, name=name), *super().get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the steps above the form."""
        context = dict(extra_context or {})
        obj = self.get_object(request, object_id) if object_id else None
        if obj is not None and self.has_view_permission(request, obj):
            context["step_doors"] = self._doors(request, obj)
            context["steps_taken"] = self._taken(obj)
        return super().changeform_view(request, object_id, form_url, context)

    def _taken(self, obj: Model) -> list[dict[str, Any]]:
        steps = lifecycle_of(obj).steps
        named = {one.pk: "" if one.pk == obj.pk else str(one) for one in self.with_predecessors(obj)}
        about = StepTaken.objects.filter(subject_type=ContentType.objects.get_for_model(obj), subject_id__in=named)
        return [
            {
                "at": row.at,
                "by": row.by,
                "reason": row.reason,
                "label": getattr(steps.get(row.step), "label", row.step),
                "of": named[row.subject_id],
            }
            for row in about.select_related("by").order_by("-id")[:20]
        ]

    def with_predecessors(self, obj: Model) -> list[Model]:
        """Return the objects whose steps its page shows: itself, and what it has taken the place of."""
        return [obj]

    def _doors(self, request: HttpRequest, obj: Model) -> list[dict[str, Any]]:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_step"
        typed = request.session.pop(_TYPED, {})  # shown once: what was typed of a person stays in no session
        return [
            {
                "step": door.step,
                "reasons": door.reasons,
                "url": (url := reverse(name, args=[obj.pk, door.step.name])),
                "form": self.step_form(request, obj, door.step, typed.get(url)),
                "reason": typed.get(url, {}).get("reason", ""),
            }
            for door in lifecycle_of(obj).allowed(request.user, obj)  # type: ignore[arg-type]
            if door.step.name not in self.steps_elsewhere
        ]

    def step_form(self, request: HttpRequest, obj: Model, step: Step, data: Any = None) -> forms.Form | None:
        """Return the form of what a step needs beside a reason, with what was typed."""
        form = self.step_forms.get(step.name)
        files = request.FILES if request.method == "POST" else None
        return form(data, files, prefix=step.name) if form else None

    def take_step(self, request: HttpRequest, object_id: int, step: str) -> HttpResponse:
        """Take a step, and say what came of it."""
        obj = get_object_or_404(self.get_queryset(request), pk=object_id)
        if not self.has_view_permission(request, obj) or step not in lifecycle_of(obj).steps:
            raise PermissionDenied
        row = lifecycle_of(obj).steps[step]
        reason, form = ReasonForm(request.POST), self.step_form(request, obj, row, request.POST)
        page = redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", obj.pk)
        errors = [str(error) for part in (reason, form) if part for found in part.errors.values() for error in found]
        if errors:
            return self._shown_again(request, page, errors)
        try:
            data = form.cleaned_data if form else {}
            written = reason.cleaned_data["reason"]
            lifecycle_of(obj).apply(obj, step, by=request.user, reason=written, **data)  # type: ignore[arg-type]
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            return self._shown_again(request, page, [str(text) for text in closed.reasons])
        messages.success(request, _("Done: %(step)s") % {"step": row.label})
        return page

    def _shown_again(self, request: HttpRequest, page: HttpResponse, errors: list[str]) -> HttpResponse:
        """Say why the step was not taken, and let the next page show what was typed."""
        messages.error(request, " ".join(errors))
        request.session[_TYPED] = {request.path: request.POST.dict()}
        return page
