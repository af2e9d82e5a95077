"""Registry imports: upload, progress, differences, apply, undo."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db.models import Count, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from firms.differences import shown_lines
from firms.forms.imports import UploadForm
from firms.lifecycle import IMPORT
from firms.models import ImportLine, RegistryImport
from firms.rules import is_registry_officer
from firms.services.imports import upload_import
from firms.services.moving_out import move_out_missing
from firms.services.undoing import obstacles
from portal import keyset, local_form
from portal.admin.lookups import FilteredLookups
from portal.admin.work import ReadOnlyAdmin
from portal.lifecycle import Door, NotAllowed, StepClosed
from portal.models import StepTaken

LINES_PER_PAGE = 50
_SHOWN_OBSTACLES = 50
_STEPS = ("apply", "undo", "discard", "retry")
_KINDS = ImportLine.Kind
_MAXIMUM_DIGITS = 18  # of a bigint


@admin.register(RegistryImport)
class RegistryImportAdmin(FilteredLookups, ReadOnlyAdmin):
    """Imports, newest first."""

    admin_icon = "upload_file"
    admin_position = 3
    list_display = ("uploaded_at", "name", "status", "created", "updated", "bad", "by")
    list_filter = ("status",)
    search_fields = ("name", "source")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RegistryImport]:
        """Show what the role may see."""
        return RegistryImport.objects.visible_to(request.user).select_related("uploaded_by", "settled_by", "progress")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Let registry officers upload."""
        return is_registry_officer(request.user)

    @admin.display(description=gettext_lazy("uploaded by"))
    def by(self, found: RegistryImport) -> str:
        """Name who uploaded it."""
        return str(found.uploaded_by or _("by command"))

    def get_urls(self) -> list[Any]:
        """Add the pages of one import."""
        views = {
            "<int:object_id>/progress/": (self.progress_view, "progress"),
            "<int:object_id>/errors/": (self.errors_view, "errors"),
            "<int:object_id>/move-out/": (require_POST(self.move_out_view), "move_out"),
            "<int:object_id>/step/<slug:step>/": (self.step_view, "step"),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"firms_registryimport_{name}")
            for route, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]

    def _one(self, request: HttpRequest, object_id: Any) -> RegistryImport:
        """Return an import that the person may see.

        Raises:
            Http404: there is none.
        """
        found = self.get_object(request, str(object_id))
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found

    def _page(self, request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"firms/admin/{template}.html", page, status=status)

    # --- Upload -----------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take a file."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method != "POST":
            return self._page(request, "import_upload", title=_("Import the registry"), form=UploadForm())
        if not form.is_valid():
            return self._page(request, "import_upload", 422, title=_("Import the registry"), form=form)
        data = form.cleaned_data
        found = upload_import(
            by=request.user,  # type: ignore[arg-type]
            upload=data["file"],
            is_full=data["is_full"],
            source=data["source"],
            source_date=data["source_date"],
        )
        return redirect("admin:firms_registryimport_change", found.pk)

    # --- One import -------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show how far an import is; its differences; what became of it."""
        found = self._one(request, object_id)
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        tabs = self._tabs(request, found)
        user: Any = request.user
        return self._page(
            request,
            "import",
            title=found.name,
            found=found,
            progress=getattr(found, "progress", None),
            counts=[
                (self.opts.get_field(name).verbose_name, getattr(found, name))
                for name in _COUNTS
                if name != "missing" or found.is_full
            ],
            notes=[_in_language(note) for note in found.notes],
            problem=_in_language(found.problem),
            doors=[door for door in IMPORT.allowed(user, found) if _is_offered(found, door)],
            tabs=tabs,
            taken=self._taken(found),
            history=f"{reverse('admin:portal_historyentry_changelist')}?{urlencode({'q': found.request})}"
            if request.user.has_perm("portal.view_historyentry")
            else "",
            recorded=_RECORDED,
            may_move_out=found.status == RegistryImport.Status.APPLIED and is_registry_officer(request.user),
            **self._lines(request, found, tabs),
        )

    def _taken(self, found: RegistryImport) -> list[tuple[Any, StepTaken]]:
        rows = StepTaken.objects.about(found).select_related("by").order_by("pk")
        return [(getattr(IMPORT.steps.get(row.step), "label", row.step), row) for row in rows]

    def _tabs(self, request: HttpRequest, found: RegistryImport) -> list[dict[str, Any]]:
        numbers = dict(found.lines.values_list("kind").annotate(Count("pk")).order_by())
        kinds = [kind for kind in _KINDS if kind in numbers or (kind == _KINDS.MISSING and found.is_full)]
        wanted = request.GET.get("tab", "")
        current = wanted if wanted in kinds else next(iter(kinds), "")
        return [
            {"kind": kind, "label": _TABS[kind], "number": numbers.get(kind, 0), "is_current": kind == current}
            for kind in kinds
        ]

    def _lines(self, request: HttpRequest, found: RegistryImport, tabs: list[dict[str, Any]]) -> dict[str, Any]:
        """Return one page of the current tab."""
        kind = next((tab["kind"] for tab in tabs if tab["is_current"]), None)
        if kind is None or found.is_at_work:
            return {}
        lines = found.lines.filter(kind=kind).order_by("pk")
        before = "before" in request.GET
        mark = request.GET.get("before" if before else "after", "")
        if mark and not (mark.isascii() and mark.isdigit() and len(mark) <= _MAXIMUM_DIGITS):
            raise SuspiciousOperation
        page = keyset.page_beside(
            lines,
            keyset.keys_of(lines),
            [int(mark)] if mark else None,
            size=LINES_PER_PAGE,
            before=before and bool(mark),
        )
        return {
            "kind": kind,
            "lines": shown_lines(page.rows),
            "previous": _query(kind, before=page.rows[0].pk) if page.has_previous and page.rows else "",
            "next": _query(kind, after=page.rows[-1].pk) if page.has_next and page.rows else "",
        }

    def progress_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Answer the page that asks again and again; let it load anew when the work is done."""
        found = self._one(request, object_id)
        if not found.is_at_work or found.parked_at:
            return HttpResponseClientRefresh() if getattr(request, "htmx", False) else self._back(found)
        context = {"found": found, "progress": getattr(found, "progress", None)}
        return TemplateResponse(request, "firms/admin/import_progress.html", context)

    def _back(self, found: RegistryImport) -> HttpResponse:
        return redirect("admin:firms_registryimport_change", found.pk)

    def errors_view(self, request: HttpRequest, object_id: int) -> FileResponse:
        """Hand out the bad rows with their reasons."""
        found = self._one(request, object_id)
        if request.method not in {"GET", "HEAD"} or not found.errors:
            raise Http404
        return FileResponse(
            found.errors.open("rb"),
            as_attachment=True,
            filename=f"import-{found.pk}-errors.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )

    # --- Steps ------------------------------------------------------------------------

    def step_view(self, request: HttpRequest, object_id: int, step: str) -> HttpResponse:
        """Ask whether a step is meant, and take it."""
        found = self._one(request, object_id)
        if step not in _STEPS or not IMPORT.steps[step].may(request.user, found):  # type: ignore[arg-type]
            raise PermissionDenied
        if request.method == "POST":
            return self._take(request, found, step)
        if not any(door.step.name == step and door.is_open for door in IMPORT.allowed(request.user, found)):  # type: ignore[arg-type]
            return self._back(found)
        in_the_way = obstacles(found, request.user) if step == "undo" else []  # type: ignore[arg-type]
        return self._page(
            request,
            "import_confirm",
            title=found.name,
            found=found,
            step=IMPORT.steps[step],
            obstacles=in_the_way[:_SHOWN_OBSTACLES],
            more=max(0, len(in_the_way) - _SHOWN_OBSTACLES),
        )

    def _take(self, request: HttpRequest, found: RegistryImport, step: str) -> HttpResponse:
        if step == "apply" and request.POST.get("digest") != found.digest:
            messages.error(request, _("The differences are others now than your page showed. Please look again."))
            return self._back(found)
        try:
            IMPORT.apply(found, step, by=request.user)  # type: ignore[arg-type]
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            messages.error(request, " ".join(str(reason) for reason in closed.reasons))
        return self._back(found)

    def move_out_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Record the ticked firms as moved out."""
        found = self._one(request, object_id)
        ticked = [int(key) for key in request.POST.getlist("firm")[:LINES_PER_PAGE] if key.isascii() and key.isdigit()]
        keys = [key for key in ticked if key < 2**63]
        try:
            done, refused = move_out_missing(by=request.user, found=found, organisations=keys)  # type: ignore[arg-type]
        except NotAllowed as error:
            raise PermissionDenied from error
        except StepClosed as closed:
            messages.error(request, " ".join(str(reason) for reason in closed.reasons))
            return self._back(found)
        if done or not refused:
            messages.success(request, _("Recorded as moved out: %(count)s.") % {"count": done})
        for reason in refused:
            messages.error(request, reason)
        return redirect(f"{reverse('admin:firms_registryimport_change', args=[found.pk])}?{_query(_KINDS.MISSING)}")


_COUNTS = ("rows", "created", "updated", "unchanged", "duplicates", "blank", "bad", "missing")
_RECORDED = {"applied", "undoing", "undone"}
_TABS = {
    _KINDS.NEW: pgettext_lazy("import tab", "New"),
    _KINDS.CHANGED: pgettext_lazy("import tab", "Changed"),
    _KINDS.MISSING: pgettext_lazy("import tab", "Missing from the file"),
    _KINDS.BAD: pgettext_lazy("import tab", "Bad rows"),
}


def _is_offered(found: RegistryImport, door: Door) -> bool:
    """Offer open steps; to apply, only what has a good row."""
    return door.is_open and (door.step.name != "apply" or bool(found.created + found.updated + found.unchanged))


def _query(kind: str, **mark: int) -> str:
    return urlencode({"tab": kind, **mark})


def _in_language(pair: list[str]) -> str:
    """Return which of two texts, English and Chinese, the reader reads."""
    return (pair[1] if local_form.is_chinese() else pair[0]) if pair else ""
