"""Possible duplicates: the queue, two organisations side by side, and the merge."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from firms import merging, profile
from firms.duplicate_lifecycle import DUPLICATE
from firms.forms.merging import DismissForm, FindForm, MergeForm
from firms.models import Duplicate, DuplicateSearch, Organisation
from firms.models.duplicates import QUEUE
from firms.rules import settles_duplicate
from firms.services.duplicates import ask_for_search, put_together
from firms.services.edits import Stale
from firms.services.merging import likely_survivor, merge_organisations, shown_state
from portal.admin.lookups import FilteredLookups
from portal.admin.work import ReadOnlyAdmin
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import StepTaken

_SHOWN = 20


def key_of(text: str) -> int:
    """Return the key of a row that an address names.

    Raises:
        Http404: it can be none.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 -- a bigint
        raise Http404
    return int(text)


@admin.register(Duplicate)
class DuplicateAdmin(FilteredLookups, ReadOnlyAdmin):
    """Pairs, the likeliest of those that wait first."""

    admin_icon = "join_inner"
    admin_position = 2
    list_display = ("pair", "what_speaks", "score", "status", "found_at", "decided_by")
    list_filter = ("status",)
    list_select_related = ("first", "second", "decided_by")
    search_fields = ("first__name_zh",)
    search_help_text = gettext_lazy("Name in Chinese, English or pinyin, or code")
    list_before_template = "firms/admin/duplicates.html"

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show those that wait first."""
        return list(QUEUE)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Duplicate]:
        """Show what the role may see."""
        return super().get_queryset(request) & Duplicate.objects.visible_to(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Duplicate], search_term: str
    ) -> tuple[QuerySet[Duplicate], bool]:
        """Search for either organisation as the directory does."""
        if not search_term.strip():
            return queryset, False
        found = Organisation.objects.search(search_term[:100]).values("pk")
        return queryset.filter(first__in=found) | queryset.filter(second__in=found), False

    @admin.display(description=gettext_lazy("organisations"))
    def pair(self, duplicate: Duplicate) -> str:
        """Name both."""
        return f"{duplicate.first} / {duplicate.second}"

    @admin.display(description=gettext_lazy("what speaks for it"))
    def what_speaks(self, duplicate: Duplicate) -> str:
        """Say by what they are alike."""
        return profile.one_line(duplicate.reason_labels)

    def get_urls(self) -> list[Any]:
        """Add the page on which two are put together by hand, and the wish for a search."""
        by_hand = require_http_methods(["GET", "HEAD", "POST"])(self.by_hand)
        return [
            path("by-hand/", self.admin_site.admin_view(by_hand), name="firms_duplicate_by_hand"),
            path("look/", self.admin_site.admin_view(require_POST(self.look)), name="firms_duplicate_look"),
            *super().get_urls(),
        ]

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Whether the person decides about pairs, those of their own organisations excepted."""
        return request.user.has_perm("firms.change_duplicate")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Say above the list when duplicates were last looked for."""
        searches = DuplicateSearch.objects.order_by("-pk")
        context = {
            "may_settle": self.has_settle_permission(request),
            "last_search": searches.exclude(done_at=None).first(),
            "next_search": searches.open().first(),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def look(self, request: HttpRequest) -> HttpResponse:
        """Have duplicates looked for now."""
        if not self.has_settle_permission(request):
            raise PermissionDenied
        ask_for_search(at_once=True)
        messages.success(request, _("Duplicates are being looked for. Open this page again in a minute."))
        return redirect("admin:firms_duplicate_changelist")

    def by_hand(self, request: HttpRequest) -> HttpResponse:
        """Find two organisations to compare, one after the other."""
        if not self.has_settle_permission(request):
            raise PermissionDenied
        living = Organisation.objects.living().select_related("subdistrict")
        given = request.POST if request.method == "POST" else request.GET
        first = get_object_or_404(living, pk=key_of(given["first"])) if given.get("first") else None
        if request.method == "POST" and first:
            second = get_object_or_404(living, pk=key_of(given.get("second", "")))
            return self._put_together(request, first, second)
        form = FindForm(given)
        text = form.cleaned_data["q"] if form.is_valid() else ""
        others = living.exclude(pk=first.pk) if first else living
        found = list(others.search(text).order_by("sort_zh", "pk")[: _SHOWN + 1]) if text else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Compare two organisations"),
            "first": first,
            "form": form,
            "text": text,
            "found": found[:_SHOWN],
            "more": len(found) > _SHOWN,
        }
        return TemplateResponse(request, "firms/admin/by_hand.html", context)

    def _put_together(self, request: HttpRequest, first: Organisation, second: Organisation) -> HttpResponse:
        try:
            pair = put_together(by=request.user, organisations=[first, second])  # type: ignore[arg-type]
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            _tell(request, closed)
            return redirect(f"{reverse('admin:firms_duplicate_by_hand')}?first={first.pk}")
        return redirect("admin:firms_duplicate_change", pair.pk)

    # --- One pair ---------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show two organisations side by side, and take the decision."""
        pair = get_object_or_404(self.get_queryset(request), pk=key_of(object_id))
        if not self.has_view_permission(request, pair):
            raise Http404
        if request.method == "POST":
            decide = {"merge": self._merge, "dismiss": self._dismiss, "reopen": self._reopen}
            return decide.get(request.POST.get("decision", ""), self._screen)(request, pair)
        return self._screen(request, pair)

    def _merge(self, request: HttpRequest, pair: Duplicate) -> HttpResponse:
        stays, goes = _in_order(request.POST, pair)
        form = MergeForm(request.POST, survivor=stays, going=goes, seen="")
        if not form.is_valid():
            return self._screen(request, pair, merge=form, status=422)
        data = form.cleaned_data
        try:
            survivor = merge_organisations(
                by=request.user,  # type: ignore[arg-type]
                duplicate=pair,
                survivor=stays,
                take=form.take,
                reason=data["reason"],
                seen=data["seen"],
            )
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            _tell(request, closed)
            fresh = self.get_queryset(request).get(pk=pair.pk)
            return self._screen(request, fresh, merge=None if isinstance(closed, Stale) else form, status=409)
        messages.success(request, _("Merged. The members of both are told."))
        return redirect("admin:firms_organisation_change", survivor.pk)

    def _dismiss(self, request: HttpRequest, pair: Duplicate) -> HttpResponse:
        form = DismissForm(request.POST)
        if not form.is_valid():
            return self._screen(request, pair, dismiss=form, status=422)
        return self._step(request, pair, "dismiss", form.cleaned_data["why"])

    def _reopen(self, request: HttpRequest, pair: Duplicate) -> HttpResponse:
        return self._step(request, pair, "reopen")

    def _step(self, request: HttpRequest, pair: Duplicate, step: str, reason: str = "") -> HttpResponse:
        try:
            DUPLICATE.apply(pair, step, by=request.user, reason=reason)  # type: ignore[arg-type]
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            _tell(request, closed)
            return self._screen(request, self.get_queryset(request).get(pk=pair.pk), status=409)
        messages.success(request, _("Done: %(step)s") % {"step": DUPLICATE.steps[step].label})
        return redirect("admin:firms_duplicate_changelist" if step == "dismiss" else request.path)

    def _screen(
        self,
        request: HttpRequest,
        pair: Duplicate,
        *,
        merge: MergeForm | None = None,
        dismiss: DismissForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        given = request.POST if request.method == "POST" else request.GET
        stays, goes = _in_order(given, pair)
        is_open = pair.status == Duplicate.Status.OPEN
        found = merging.findings(stays, goes) if is_open else []
        taken = StepTaken.objects.about(pair).select_related("by").order_by("pk")
        may_settle = self.has_settle_permission(request) and settles_duplicate(request.user, pair)  # type: ignore[arg-type]
        seen = shown_state(stays, goes)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Compare two organisations"),
            "pair": pair,
            "stays": stays,
            "goes": goes,
            "merge": merge or MergeForm(survivor=stays, going=goes, seen=seen),
            "dismiss": dismiss or DismissForm(),
            "stopping": [_with_page(request, finding) for finding in found if finding.stops],
            "to_know": [_with_page(request, finding) for finding in found if not finding.stops],
            "attached": merging.attached(stays, goes),
            "is_open": is_open,
            "is_merged": pair.status == Duplicate.Status.MERGED,
            "survivor": pair.first.merged_into or pair.second.merged_into,
            "may_settle": may_settle,
            "may_reopen": may_settle and DUPLICATE.can(request.user, "reopen", pair),  # type: ignore[arg-type]
            "taken": [(getattr(DUPLICATE.steps.get(row.step), "label", row.step), row) for row in taken],
        }
        return TemplateResponse(request, "firms/admin/duplicate.html", context, status=status)


def _in_order(given: Any, pair: Duplicate) -> tuple[Organisation, Organisation]:
    """Return the one that stays and the one that goes, as chosen or as is likely."""
    first, second = pair.first, pair.second
    chosen = {str(first.pk): first, str(second.pk): second}.get(given.get("stays", ""))
    stays = chosen or likely_survivor(first, second)
    return stays, second if stays == first else first


def _with_page(request: HttpRequest, finding: merging.Finding) -> dict[str, Any]:
    """Return a finding with the page to settle it on, where the person may open it."""
    return {"text": finding.text, "url": _page(request, finding.about) if finding.about else ""}


def _page(request: HttpRequest, row: Model) -> str:
    page = admin.site._registry.get(type(row))
    if page is None or not page.has_view_permission(request, row):
        return ""
    if not page.get_queryset(request).filter(pk=row.pk).exists():
        return ""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _tell(request: HttpRequest, closed: StepClosed) -> None:
    for reason in closed.reasons:
        messages.error(request, str(reason))
