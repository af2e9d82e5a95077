"""The firms of the registry for a round: who qualifies, who might, who has applied; and inviting them."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from incentives import qualifying, rules, services
from incentives.eligibility import Outcome
from incentives.models import Invitation, InvitationPiece, InvitationRun, Round
from incentives.prospects import PASS, Group, Prospects
from incentives.publishing import latest_version
from portal import keyset
from portal.lifecycle import NotAllowed, StepClosed
from portal.local_form import SHANGHAI
from portal.spreadsheets import Cell, Sheet, csv_lines, workbook

PER_PAGE = 50
MOST_OF_SPREADSHEET = 10_000
"""A spreadsheet has no more firms than this; the CSV file has all."""

_BATCH = 500
_DIGITS = 18  # of a bigint
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ProspectPages:
    """The pages of a round about the registry's firms, for the admin of rounds."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> list[Any]:
        """Add them."""
        views = {
            "": (require_safe(self.firms_view), "firms"),
            "file/<slug:ending>/": (require_safe(self.file_view), "firms_file"),
            "invite/": (require_POST(self.invite_view), "invite"),
            "progress/": (require_safe(self.progress_view), "invite_progress"),
        }
        own = [
            path(f"<int:object_id>/firms/{route}", self.admin_site.admin_view(view), name=f"incentives_round_{name}")
            for route, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def _prospects(self, request: HttpRequest, object_id: int) -> Prospects:
        """Return the firms for a published round.

        Raises:
            PermissionDenied: the person may not look through the registry for firms to invite.
            Http404: there is no such round, or nothing of its programme is published.
        """
        if not request.user.has_perm("incentives.view_invitation"):
            raise PermissionDenied
        rows = Round.objects.published().select_related("programme")
        found = rows.filter(pk=object_id).first() if object_id < 10**_DIGITS else None
        version = latest_version(found.programme) if found else None
        if found is None or version is None:
            raise Http404
        return Prospects(found, version)

    @admin.display(description=gettext_lazy("firms that qualify"))
    def firms_link(self, opened: Round) -> str:
        """Lead from the list of rounds to the firms for one."""
        address = reverse("admin:incentives_round_firms", args=[opened.pk])
        return format_html('<a href="{}">{}</a>', address, _("Look for firms"))

    def firms_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show one group of firms, with how many there are in each."""
        prospects = self._prospects(request, object_id)
        qualifying.ask_everybody()
        numbers = prospects.numbers()
        group = _group(request, Group.TO_TELL if numbers.to_tell else Group.QUALIFY)
        page = _page(request, prospects, group)
        run = InvitationRun.objects.filter(round=prospects.round).select_related("asked_by").first()
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Firms for this round"),
            "prospects": prospects,
            "numbers": numbers,
            "group": group,
            "tabs": [(one, one.label, getattr(numbers, one.value)) for one in Group],
            "firms": [_shown(prospects, firm) for firm in page.rows],
            "query": {
                "previous": f"show={group}&before={page.rows[0].pk}" if page.has_previous and page.rows else "",
                "next": f"show={group}&after={page.rows[-1].pk}" if page.has_next and page.rows else "",
            },
            "run": run,
            "parked": run is not None and _is_parked(run),
            "told": run.invitations.count() if run else 0,
            "may_invite": rules.invites(request.user) and _is_open(prospects.round),  # type: ignore[arg-type]
            "is_open": _is_open(prospects.round),
        }
        return TemplateResponse(request, "incentives/admin/prospects.html", context)

    def file_view(self, request: HttpRequest, object_id: int, ending: str) -> Any:
        """Give a group as a file."""
        prospects, group = self._prospects(request, object_id), _group(request)
        name = f"{prospects.round.programme.slug}-{group}-{prospects.on:%Y-%m-%d}.{ending}"
        if ending == "csv":
            answer: Any = StreamingHttpResponse(_csv(prospects, group), content_type="text/csv; charset=utf-8")
        elif ending == "xlsx":
            rows = [row for rows in _rows(prospects, group, MOST_OF_SPREADSHEET) for row in rows]
            sheet = Sheet(str(group.label), _headings(), [24] * len(_headings()), rows)
            answer = FileResponse(workbook(sheet), content_type=_SPREADSHEET)
        else:
            raise Http404
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def invite_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Order the invitation of the ticked firms, or of all that qualify."""
        prospects = self._prospects(request, object_id)
        ticked = [int(key) for key in request.POST.getlist("firm")[:PER_PAGE] if _is_key(key)]
        everybody = request.POST.get("all") == "yes"
        if not everybody and not ticked:
            messages.error(request, _("Tick the firms to invite."))
            return redirect("admin:incentives_round_firms", object_id)
        try:
            services.invite_firms(
                round=prospects.round,
                by=request.user,  # type: ignore[arg-type]
                chosen=None if everybody else ticked,
            )
        except NotAllowed as refused:
            raise PermissionDenied from refused
        except StepClosed as closed:
            messages.error(request, str(closed))
        return redirect("admin:incentives_round_firms", object_id)

    def progress_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Answer the page that asks again and again; let it load anew when the work is done."""
        prospects = self._prospects(request, object_id)
        run = InvitationRun.objects.at_work().filter(round=prospects.round).first()
        if run is None or _is_parked(run):
            if getattr(request, "htmx", False):
                return HttpResponseClientRefresh()
            return redirect("admin:incentives_round_firms", object_id)
        context = {"run": run, "told": run.invitations.count()}
        return TemplateResponse(request, "incentives/admin/invite_progress.html", context)


def _is_parked(run: InvitationRun) -> bool:
    return InvitationPiece.objects.parked().filter(run=run).exists()


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _DIGITS


def _is_open(opened: Round) -> bool:
    return opened.opens_at <= timezone.now() <= opened.closes_at


def _group(request: HttpRequest, otherwise: Group = Group.QUALIFY) -> Group:
    wanted = request.GET.get("show", "")
    return Group(wanted) if wanted in Group.values else otherwise


def _page(request: HttpRequest, prospects: Prospects, group: Group) -> keyset.Page[Any]:
    """Return a page by name.

    Raises:
        SuspiciousOperation: the address names no row.
    """
    firms = prospects.with_verdicts(prospects.firms(group)).select_related("subdistrict").by_name()  # type: ignore[attr-defined]
    keys = keyset.keys_of(firms)
    before = "before" in request.GET
    mark = request.GET.get("before" if before else "after", "")
    if mark and not _is_key(mark):
        raise SuspiciousOperation
    place = keyset.position(firms, keys, int(mark)) if mark else None
    return keyset.page_beside(firms, keys, place, size=PER_PAGE, before=before and place is not None)


def _shown(prospects: Prospects, firm: Any) -> dict[str, Any]:
    return {
        "firm": firm,
        "missing": prospects.titles(firm, Outcome.UNKNOWN, hard=True),
        "failed": prospects.titles(firm, Outcome.FAIL, hard=True),
        "unmet": prospects.titles(firm, Outcome.FAIL, hard=False),
        "may_tick": firm.rank == PASS and not firm.applied and firm.reachable and not firm.invited,
    }


# --- Files ------------------------------------------------------------------------------


def _headings() -> list[str]:
    return [
        _("Unified social credit code"),
        _("Name in Chinese"),
        _("Name in English"),
        _("Subdistrict"),
        _("Required criteria"),
        _("Not known"),
        _("Not met"),
        _("Preferred, not met"),
        _("Someone who signs has an account"),
        _("Invited on"),
    ]


def _csv(prospects: Prospects, group: Group) -> Iterator[bytes]:
    """Yield a file by and by; it is read outside the request, and so keeps its language."""
    language = translation.get_language()
    yield "\ufeff".encode()  # by it Excel knows the encoding
    with translation.override(language):
        yield csv_lines([_headings()])
        for rows in _rows(prospects, group):
            yield csv_lines(rows)


def _rows(prospects: Prospects, group: Group, most: int | None = None) -> Iterator[list[list[Cell]]]:
    firms = prospects.with_verdicts(prospects.firms(group)).select_related("subdistrict").order_by("pk")
    after = written = 0
    while found := list(firms.filter(pk__gt=after)[: min(_BATCH, (most or written + _BATCH) - written)]):
        told = Invitation.objects.filter(round=prospects.round, organisation__in=found)
        invited = {pk: at.astimezone(SHANGHAI).date().isoformat() for pk, at in told.values_list("organisation", "at")}
        yield [_row(prospects, firm, invited.get(firm.pk)) for firm in found]
        after, written = found[-1].pk, written + len(found)


def _row(prospects: Prospects, firm: Any, invited: str | None) -> list[Cell]:
    def listed(outcome: Outcome, *, hard: bool) -> str:
        return "; ".join(map(str, prospects.titles(firm, outcome, hard=hard)))

    return [
        firm.uscc or "",
        firm.name_zh,
        firm.name_en,
        str(firm.subdistrict or ""),
        capfirst(str(qualifying.OUTCOMES[firm.rank].label)),
        listed(Outcome.UNKNOWN, hard=True),
        listed(Outcome.FAIL, hard=True),
        listed(Outcome.FAIL, hard=False),
        _("Yes") if firm.reachable else _("No"),
        invited,
    ]
