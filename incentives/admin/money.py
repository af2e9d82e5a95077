"""Budgets with their ledger, and awards: read here; money moves by steps and by allocating."""

from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from firms.charts import Areas
from incentives import services
from incentives.admin.reading import ReadOnlyAdmin
from incentives.burning import burn_down
from incentives.forms.deciding import AllocateForm
from incentives.models import Award, Budget, LedgerEntry
from portal.local_form import money

MOST_ENTRIES = 200
_FILES = {"svg": "image/svg+xml; charset=utf-8", "csv": "text/csv; charset=utf-8"}


@admin.register(Budget)
class BudgetAdmin(ReadOnlyAdmin):
    """What each round has, holds and has given."""

    admin_icon = "savings"
    admin_position = 7
    list_display = ("round", "programme", "in_allocated", "in_reserved", "in_committed", "in_paid", "in_left")
    list_filter = ("round__programme",)
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Budget]:
        """Read rounds and programmes with them."""
        return super().get_queryset(request).select_related("round__programme")

    @admin.display(description=_("programme"))
    def programme(self, budget: Budget) -> str:
        """Name the programme."""
        return str(budget.round.programme)

    @admin.display(description=_("allocated"), ordering="allocated")
    def in_allocated(self, budget: Budget) -> str:
        """Write it."""
        return money(budget.allocated)

    @admin.display(description=_("reserved"), ordering="reserved")
    def in_reserved(self, budget: Budget) -> str:
        """Write it."""
        return money(budget.reserved)

    @admin.display(description=_("committed"), ordering="committed")
    def in_committed(self, budget: Budget) -> str:
        """Write it."""
        return money(budget.committed)

    @admin.display(description=_("paid"), ordering="paid")
    def in_paid(self, budget: Budget) -> str:
        """Write it."""
        return money(budget.paid)

    @admin.display(description=_("left"))
    def in_left(self, budget: Budget) -> str:
        """Write it."""
        return money(budget.left)

    def get_urls(self) -> list[Any]:
        """Add the address of allocating."""
        allocate = path(
            "<path:object_id>/allocate/",
            self.admin_site.admin_view(self.allocate_view),
            name="incentives_budget_allocate",
        )
        picture = path(
            "<path:object_id>/burn-down.<str:kind>",
            self.admin_site.admin_view(self.picture_view),
            name="incentives_budget_burn_down",
        )
        return [allocate, picture, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the counters and the ledger."""
        return self._screen(request, self.one(request, object_id), AllocateForm(initial={"key": uuid4()}))

    def picture_view(self, request: HttpRequest, object_id: str, kind: str) -> HttpResponse:
        """Hand out the burn-down as a file: the picture, or its numbers."""
        budget: Budget = self.one(request, object_id)
        if kind not in _FILES:
            raise Http404
        picture = _burn_down(budget)
        answer = HttpResponse(picture.file() if kind == "svg" else picture.csv(), content_type=_FILES[kind])
        answer["Content-Disposition"] = f'attachment; filename="burn-down-{budget.pk}.{kind}"'
        return answer

    def allocate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Add money."""
        budget: Budget = self.one(request, object_id)
        if not request.user.has_perm("incentives.change_budget"):
            raise PermissionDenied
        if request.method != "POST":
            raise Http404
        form = AllocateForm(request.POST)
        if not form.is_valid():
            return self._screen(request, budget, form)
        services.allocate_money(budget=budget, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, gettext("The money is allocated."))
        return redirect("admin:incentives_budget_change", budget.pk)

    def _screen(self, request: HttpRequest, budget: Budget, form: AllocateForm) -> HttpResponse:
        entries = budget.entries.select_related("application", "by").order_by("-id")[:MOST_ENTRIES]
        total = max(budget.allocated, 1)
        bars = [
            (_("paid"), budget.paid, "paid"),
            (_("committed, not paid"), budget.committed - budget.paid, "committed"),
            (_("reserved"), budget.reserved, "reserved"),
            (_("left"), budget.left, "left"),
        ]
        at, shown = 0.0, []
        for name, amount, kind in bars:
            width = float(amount / total * 100)
            shown.append({"name": name, "amount": amount, "kind": kind, "x": f"{at:.3f}", "width": f"{width:.3f}"})
            at += width
        context = {
            "title": f"{budget.round.programme} · {budget.round}",
            "budget": budget,
            "bars": shown,
            "picture": _burn_down(budget),
            "entries": list(entries),
            "form": form,
            "may_allocate": request.user.has_perm("incentives.change_budget"),
        }
        return self.page(request, "budget", context, status=422 if form.errors else 200)


def _burn_down(budget: Budget) -> Areas:
    title = gettext("Burn-down of the budget: %(round)s") % {"round": f"{budget.round.programme} · {budget.round}"}
    return burn_down([budget], title=title, of=str(budget.pk))


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    """Every movement of money."""

    admin_icon = "receipt_long"
    admin_position = 8
    list_display = ("at", "kind", "amount", "budget", "application", "by", "note")
    list_filter = ("kind",)
    list_select_related = ("budget__round", "application", "by")
    search_fields = ("=application__number", "note")
    ordering = ("-id",)


@admin.register(Award)
class AwardAdmin(ReadOnlyAdmin):
    """Awards made."""

    admin_icon = "workspace_premium"
    admin_position = 9
    list_display = ("application", "amount", "awarded_at")
    list_select_related = ("application",)
    search_fields = ("=application__number",)
    ordering = ("-id",)
