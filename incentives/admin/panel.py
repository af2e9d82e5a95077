"""The panel of a round: scores, ranks, and the budget line that moves with the amounts."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext

from incentives import panel, rules, services
from incentives.admin.queue import numbers
from incentives.forms.panel import PanelForm
from incentives.lifecycle import APPLICATION
from incentives.models import Application, Round
from portal.models import User

_READS = ("incentives.view_application", "incentives.view_reviewassignment", "incentives.view_budget")


class PanelPages:
    """The panels, beside the pages of an admin of applications."""

    admin_site: Any
    page: Any

    def panel_urls(self) -> list[Any]:
        """Return their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("panels/", wrap(self.panels_view), name="incentives_application_panels"),
            path("panels/<int:round_id>/", wrap(self.panel_view), name="incentives_application_panel"),
        ]

    def panels_view(self, request: HttpRequest) -> HttpResponse:
        """List the rounds that have anything to speak of."""
        user = _reader(request)
        context = {"title": gettext("Panels"), "rounds": list(panel.rounds_with_panel(user))}
        return self.page(request, "panels", context)

    def panel_view(self, request: HttpRequest, round_id: int) -> HttpResponse:
        """Show a panel; add up, keep the amounts, or go on to recommend the rows chosen."""
        user = _reader(request)
        opened = get_object_or_404(Round.objects.select_related("programme", "budget"), pk=min(round_id, 2**63 - 1))
        draft = panel.draft_of(opened, user)
        if request.method != "POST":
            shown = panel.panel_of(opened, user, draft.amounts if draft else {})
            return self._panel(request, opened, shown, version=draft.version if draft else 0)
        shown = panel.panel_of(opened, user)
        form = PanelForm(request.POST, panel=shown)
        form.show_on()
        panel.draw_line(shown)
        version = form.cleaned_data.get("version") or 0
        then = request.POST.get("then", "")
        if not form.is_valid():
            return self._panel(request, opened, shown, version=version, status=422)
        if then not in {"save", "recommend"}:
            return self._panel(request, opened, shown, version=version)
        if not may_consider(user):
            raise PermissionDenied
        try:
            services.save_panel(round=opened, by=user, amounts=form.amounts(), version=version)
        except services.StalePanelError as stale:
            return self._panel(request, opened, shown, version=stale.saved.version, stale=stale.saved, status=409)
        return self._go_on(request, opened, then)

    def _go_on(self, request: HttpRequest, opened: Round, then: str) -> HttpResponse:
        chosen = numbers(request.POST.getlist("chosen"))
        if then == "recommend" and chosen:
            query = urlencode([("step", "recommend"), *(("chosen", pk) for pk in chosen)])
            return redirect(f"{reverse('admin:incentives_application_bulk')}?{query}")
        if then == "recommend":
            messages.warning(request, gettext("Choose at least one application."))
        else:
            messages.success(request, gettext("The amounts are kept. Nothing is recommended by that."))
        return redirect("admin:incentives_application_panel", opened.pk)

    def _panel(
        self,
        request: HttpRequest,
        opened: Round,
        shown: panel.Panel,
        *,
        version: int,
        stale: Any = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "title": f"{opened.programme} · {opened}",
            "round": opened,
            "panel": shown,
            "version": version,
            "stale": _told(stale, shown) if stale else None,
            "may_consider": may_consider(request.user),  # type: ignore[arg-type]
            "has_line": any(row.is_below for row in shown.rows),
        }
        return self.page(request, "panel", context, status=status)


def may_consider(user: User) -> bool:
    """Whether a person may consider amounts: who may recommend."""
    step = APPLICATION.steps["recommend"]
    return any(rules.where(user, status, step.may) is not None for status in step.sources)


def _told(saved: Any, shown: panel.Panel) -> list[tuple[Application, str]]:
    return [(row.application, saved.amounts.get(str(row.application.pk), "")) for row in shown.rows if not row.is_fixed]


def _reader(request: HttpRequest) -> User:
    user: Any = request.user
    if not user.has_perms(_READS):
        raise PermissionDenied
    return user
