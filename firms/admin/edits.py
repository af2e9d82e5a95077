"""Profiles to moderate: the proposed beside the published, decided field by field or, where harmless, many at once."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Count, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from firms.forms.moderating import VerdictForm, VersionForm
from firms.lifecycle import EDIT
from firms.models import HARMLESS, ProposedEdit, ProposedValue
from firms.rules import moderates_edit
from firms.services.edits import Stale, accept_harmless, harmless_values, moderate_edit
from portal.admin.lookups import FilteredLookups
from portal.admin.work import ReadOnlyAdmin
from portal.lifecycle import NotAllowed, StepClosed
from portal.local_form import day
from portal.models import StepTaken

MOST_AT_ONCE = 100


@admin.register(ProposedEdit)
class ProposedEditAdmin(FilteredLookups, ReadOnlyAdmin):
    """Proposed edits, oldest first."""

    admin_icon = "rate_review"
    admin_position = 1
    list_display = ("organisation_name", "status", "changes", "harmless", "submitted_at", "due", "proposed_by")
    list_filter = ("status",)
    search_fields = ("organisation__name_zh", "organisation__name_en", "=organisation__uscc")
    list_per_page = 50
    actions = ("accept_harmless_ones",)

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show those that wait first, the oldest on top."""
        return [Case(When(status=ProposedEdit.Status.SUBMITTED, then=0), default=1), "submitted_at", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProposedEdit]:
        """Show what the role may see, with the numbers of changes."""
        pending = Q(values__status=ProposedValue.Status.PENDING)
        found = ProposedEdit.objects.visible_to(request.user).select_related("organisation", "proposed_by")
        return found.annotate(
            number=Count("values", filter=pending),
            number_harmless=Count("values", filter=pending & Q(values__field__in=HARMLESS)),
        )

    @admin.display(description=gettext_lazy("organisation"))
    def organisation_name(self, edit: ProposedEdit) -> str:
        """Name the organisation in the reader's language."""
        return edit.organisation.title

    @admin.display(description=gettext_lazy("changes that wait"))
    def changes(self, edit: Any) -> int:
        """Count what waits."""
        return int(edit.number)

    @admin.display(description=gettext_lazy("of these harmless"))
    def harmless(self, edit: Any) -> int:
        """Count what may be accepted from the list."""
        return int(edit.number_harmless)

    @admin.display(description=gettext_lazy("due"), ordering="due_at")
    def due(self, edit: ProposedEdit) -> str:
        """Say by when members were promised to hear."""
        return day(edit.due_at)

    def get_urls(self) -> list[Any]:
        """Add the page that accepts harmless values; each proposal in a transaction of its own."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.harmless_view))
        found = transaction.non_atomic_requests(view)
        return [path("harmless/", found, name="firms_proposededit_harmless"), *super().get_urls()]

    # --- One proposal -----------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a proposal beside what is published, and take the verdicts."""
        edit = self._one(request, object_id)
        if request.method != "POST":
            return self._screen(request, edit, self._forms(edit))
        forms = self._forms(edit, request.POST)
        version = VersionForm(request.POST)
        if not version.is_valid() or any(form.errors for form in forms):
            return self._screen(request, edit, forms, status=422)
        verdicts = {form.value.pk: verdict for form in forms if (verdict := form.decided())}
        try:
            decided = moderate_edit(
                by=request.user,  # type: ignore[arg-type]
                edit=edit,
                version=version.cleaned_data["version"],
                verdicts=verdicts,
            )
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            for reason in closed.reasons:
                messages.error(request, str(reason))
            fresh = self._one(request, object_id)
            kept = None if isinstance(closed, Stale) else request.POST
            return self._screen(request, fresh, self._forms(fresh, kept), status=409)
        return self._after(request, decided, verdicts)

    def _after(self, request: HttpRequest, edit: ProposedEdit, verdicts: dict[int, Any]) -> HttpResponse:
        accepted = sum(verdict.accept for verdict in verdicts.values())
        numbers = {"accepted": accepted, "refused": len(verdicts) - accepted}
        messages.success(request, _("Accepted: %(accepted)s, refused: %(refused)s.") % numbers)
        if edit.status == ProposedEdit.Status.SUBMITTED:
            return redirect("admin:firms_proposededit_change", edit.pk)
        messages.info(request, _("Everything is decided; the members are told."))
        return redirect("admin:firms_proposededit_changelist")

    def _one(self, request: HttpRequest, object_id: str) -> ProposedEdit:
        """Return a proposal that the person may see.

        Raises:
            Http404: there is none.
        """
        if not object_id.isascii() or not object_id.isdigit() or len(object_id) > 18:  # noqa: PLR2004 -- a bigint
            raise Http404
        found = self.get_queryset(request).filter(pk=int(object_id)).first()
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def _forms(self, edit: ProposedEdit, data: Any = None) -> list[VerdictForm]:
        pending = edit.values.filter(status=ProposedValue.Status.PENDING)
        return [VerdictForm(data, value=value, organisation=edit.organisation) for value in pending]

    def _screen(
        self,
        request: HttpRequest,
        edit: ProposedEdit,
        forms: list[VerdictForm],
        status: int = 200,
    ) -> HttpResponse:
        decided = edit.values.exclude(status=ProposedValue.Status.PENDING).select_related("decided_by")
        taken = StepTaken.objects.about(edit).select_related("by").order_by("pk")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": edit.organisation.title,
            "edit": edit,
            "organisation": edit.organisation,
            "forms": forms,
            "may_decide": edit.status == ProposedEdit.Status.SUBMITTED and moderates_edit(request.user, edit),  # type: ignore[arg-type]
            "decided": decided.exclude(status=ProposedValue.Status.WITHDRAWN),
            "taken": [(getattr(EDIT.steps.get(row.step), "label", row.step), row) for row in taken],
        }
        return TemplateResponse(request, "firms/admin/edit.html", context, status=status)

    # --- Many at once -----------------------------------------------------------------

    @admin.action(description=gettext_lazy("Accept harmless changes…"), permissions=["moderate"])
    def accept_harmless_ones(self, request: HttpRequest, queryset: QuerySet[ProposedEdit]) -> HttpResponse:
        """Lead to the page that shows what would be accepted."""
        keys = sorted(queryset.values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(keys) > MOST_AT_ONCE:
            messages.warning(request, _("The first %(count)s of the selection are shown.") % {"count": MOST_AT_ONCE})
        query = urlencode({"edit": keys[:MOST_AT_ONCE]}, doseq=True)
        return redirect(f"{reverse('admin:firms_proposededit_harmless')}?{query}")

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """Offer the action to those who decide."""
        return request.user.has_perm("firms.change_proposededit")

    def harmless_view(self, request: HttpRequest) -> HttpResponse:
        """Show which harmless changes would be accepted; accept them, and say what came of each."""
        if not self.has_moderate_permission(request):
            raise PermissionDenied
        given = request.POST if request.method == "POST" else request.GET
        keys = [int(key) for key in given.getlist("edit")[:MOST_AT_ONCE] if key.isascii() and key.isdigit()]
        found = self.get_queryset(request).filter(pk__in=[key for key in keys if key < 2**63]).order_by("pk")
        rows = [self._accept(request, edit) if request.method == "POST" else self._preview(edit) for edit in found]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Harmless changes"),
            "rows": rows,
            "is_done": request.method == "POST",
            "is_open": any(row["values"] for row in rows),
        }
        return TemplateResponse(request, "firms/admin/harmless.html", context)

    def _preview(self, edit: ProposedEdit) -> dict[str, Any]:
        is_open = edit.status == ProposedEdit.Status.SUBMITTED
        values = harmless_values(edit.organisation, edit) if is_open else []
        return {"edit": edit, "values": [VerdictForm(value=v, organisation=edit.organisation) for v in values]}

    def _accept(self, request: HttpRequest, edit: ProposedEdit) -> dict[str, Any]:
        """Accept what is harmless in one proposal, in its own transaction."""
        try:
            with transaction.atomic():
                accepted = accept_harmless(by=request.user, edit=edit)  # type: ignore[arg-type]
        except StepClosed as closed:
            return {"edit": edit, "values": [], "refused": " ".join(str(reason) for reason in closed.reasons)}
        return {"edit": edit, "values": [], "accepted": [value.label for value in accepted]}
