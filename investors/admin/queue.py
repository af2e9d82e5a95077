"""The queue of those who answer inquiries, and one step of several."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext

from investors import queue
from investors.forms.officer_steps import HandOverSeveralForm
from investors.forms.queue import QueueForm
from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from investors.queue import Moments, Risk
from investors.rules import WORKS_ON_QUEUE
from investors.services import bulk
from portal.admin.paging import page_of
from portal.models import User
from portal.roles import has_role

ROWS = 20
_RESULTS = "inquiries_bulk_results"


class QueuePages:
    """The pages of the queue, beside those of the admin of inquiries."""

    admin_site: Any
    opts: Any

    def queue_urls(self) -> list[Any]:
        """Return their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("queue/", wrap(self.queue_view), name="investors_inquiry_queue"),
            path("bulk/", wrap(self.bulk_view), name="investors_inquiry_bulk"),
            path("bulk/results/", wrap(self.results_view), name="investors_inquiry_bulk_results"),
        ]

    def show(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render a page in the workplace's frame."""
        full = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"investors/admin/{template}.html", full, status=status)

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """Show what is to be answered, what may become late first."""
        user = _reader(request)
        form, moments = QueueForm(request.GET), Moments.read()
        wanted = form.wanted()
        found = wanted.narrow(Inquiry.objects.visible_to(user), user)
        place = Inquiry.objects.visible_to(user).by_urgency()
        shown = page_of(request, queue.ordered(found, wanted.risk, moments), place, ROWS)
        context = {
            "title": gettext("Queue of inquiries"),
            "form": form,
            "is_filtered": any(request.GET.get(field.name) for field in form.visible_fields()),
            "counts": _counts(request, queue.counts(found, moments), wanted.risk),
            "rows": queue.rows(shown.rows),
            "now": moments.now,
            "shown": shown,
            "steps": [INQUIRY.steps[name] for name in _offered(user)],
        }
        return self.show(request, "queue", context)

    @transaction.non_atomic_requests
    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Ask whether a step of several is meant, inquiry by inquiry; and take it."""
        user = _reader(request)
        sent = request.POST if request.method == "POST" else request.GET
        step = sent.get("step", "")
        inquiries = bulk.chosen(user, _numbers(sent.getlist("chosen")))
        if step not in _offered(user) or not inquiries:
            messages.warning(request, gettext("Choose a step and at least one inquiry."))
            return redirect("admin:investors_inquiry_queue")
        form = HandOverSeveralForm(request.POST or None, inquiries=inquiries) if step == "hand_over" else None
        if request.method == "POST" and (form is None or form.is_valid()):
            data = form.cleaned_data if form else {}
            outcomes = bulk.take_steps(by=user, inquiries=inquiries, step=step, data=data)
            request.session[_RESULTS] = [
                (one.inquiry.pk, one.inquiry.reference, [str(reason) for reason in one.reasons]) for one in outcomes
            ]
            return redirect("admin:investors_inquiry_bulk_results")
        judged = [(one, bulk.reasons_against(by=user, inquiry=one, step=step)) for one in inquiries]
        context = {
            "title": INQUIRY.steps[step].label,
            "step": INQUIRY.steps[step],
            "possible": [one for one, reasons in judged if not reasons],
            "closed": [one for one, reasons in judged if reasons],
            "form": form,
        }
        return self.show(request, "bulk", context, status=422 if request.method == "POST" else 200)

    def results_view(self, request: HttpRequest) -> HttpResponse:
        """Say inquiry by inquiry what came of it."""
        _reader(request)
        results = request.session.get(_RESULTS, [])
        done = sum(1 for _pk, _reference, reasons in results if not reasons)
        context = {"title": gettext("What became of each"), "results": results, "done": done}
        return self.show(request, "bulk_results", context)


def _reader(request: HttpRequest) -> User:
    user: Any = request.user
    if not user.has_perm("investors.view_inquiry"):
        raise PermissionDenied
    return user


def _offered(user: User) -> list[str]:
    """Return the steps that a person may take of several inquiries; whether of each is asked when it is taken."""
    return [name for name in bulk.STEPS if has_role(user, *WORKS_ON_QUEUE[name])]


def _numbers(values: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(int(v) for v in values if v.isascii() and v.isdigit() and len(v) <= 18))  # noqa: PLR2004


def _counts(request: HttpRequest, numbers: dict[Risk, int], current: Risk) -> list[dict[str, Any]]:
    query = request.GET.copy()
    for name in ("after", "before", "risk"):
        query.pop(name, None)
    lines = []
    for risk in Risk:
        query["risk"] = risk.value
        url = f"{reverse('admin:investors_inquiry_queue')}?{query.urlencode()}"
        lines.append({"label": risk.label, "number": numbers.get(risk), "url": url, "is_current": risk == current})
    return lines
