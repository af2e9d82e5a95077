"""The queue of the person who signs in, and one step of several applications."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext

from incentives import bulk, queue, rules, services
from incentives.forms.bulk import TermsForm, form_for
from incentives.forms.deciding import StepForm
from incentives.forms.queue import QueueForm
from incentives.lifecycle import APPLICATION
from incentives.models import Application
from incentives.models.applications import ApplicationQuerySet
from incentives.models.bulk import STEPS
from incentives.panel import amounts_considered
from portal.admin.paging import page_of
from portal.lifecycle import Step
from portal.models import User

ROWS = 50


class QueuePages:
    """The pages of the queue, beside those of an admin of applications."""

    admin_site: Any
    page: Any

    def queue_urls(self) -> list[Any]:
        """Return their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("queue/", wrap(self.queue_view), name="incentives_application_queue"),
            path("bulk/", wrap(self.bulk_view), name="incentives_application_bulk"),
        ]

    def queue_view(self, request: HttpRequest) -> HttpResponse:
        """Show what waits for the person, the most urgent first."""
        user = _reader(request)
        everything = queue.with_flags(queue.waiting_for(user))
        form = QueueForm(request.GET, rounds=list(queue.rounds_of(everything)))
        wanted = form.wanted()
        found = wanted.narrow(everything).select_related("organisation", "round__programme")
        place = queue.by_risk(Application.objects.handled_by(user))
        shown = page_of(request, found, place, ROWS)
        context = {
            "title": gettext("My queue"),
            "form": form,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "counts": _counts(request, wanted.narrow(everything, by_step=False), wanted.step),
            "rows": queue.rows(shown.rows),
            "shown": shown,
            "steps": offered(user),
        }
        return self.page(request, "queue", context)

    @transaction.non_atomic_requests
    def bulk_view(self, request: HttpRequest) -> HttpResponse:
        """Ask whether a step of several is meant, application by application; and take it."""
        user = _reader(request)
        sent = request.POST if request.method == "POST" else request.GET
        step = APPLICATION.steps.get(sent.get("step", ""))
        if step is None or step not in offered(user):
            messages.warning(request, gettext("Choose a step."))
            return redirect("admin:incentives_application_queue")
        applications = bulk.chosen(user, numbers(sent.getlist("chosen")))
        if not applications:
            messages.warning(request, gettext("Choose at least one application."))
            return redirect("admin:incentives_application_queue")
        if request.method == "POST":
            return self._ask(request, user, step, applications)
        return self._confirm(request, user, step, applications)

    def _ask(self, request: HttpRequest, user: User, step: Step, applications: list[Application]) -> HttpResponse:
        form = form_for(step.name, applications, request.POST)
        terms = terms_forms(step, applications, request.POST)
        key = _uuid(request.POST.get("key", ""))
        valid = [one.is_valid() for one in (form, *terms.values())]  # each of them, so that all errors are shown
        if not all(valid) or key is None:
            return self._confirm(request, user, step, applications, form=form, terms=terms, status=422)
        values = form.values()
        reason = str(values.pop("reason", ""))
        items = [_asked(request, application, terms.get(application.pk)) for application in applications]
        asked = services.ask_for_steps(step=step.name, items=items, by=user, key=key, reason=reason, data=values)
        if asked.by_id != user.pk:
            raise PermissionDenied
        services.take_steps_now(asked=asked)
        return redirect("admin:incentives_bulkstep_change", asked.pk)

    def _confirm(
        self,
        request: HttpRequest,
        user: User,
        step: Step,
        applications: list[Application],
        *,
        form: StepForm | None = None,
        terms: dict[int, TermsForm] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        found = bulk.prospects(user, step, applications)
        possible = [prospect for prospect in found if prospect.is_open]
        own = terms if terms is not None else terms_forms(step, [p.application for p in possible], user=user)
        context = {
            "title": step.label,
            "step": step,
            "target": Application.Status(step.target).label if step.target else "",
            "possible": [(prospect, own.get(prospect.application.pk)) for prospect in possible],
            "closed": [prospect for prospect in found if not prospect.is_open],
            "form": form or form_for(step.name, [p.application for p in possible] or applications),
            "key": _uuid(request.POST.get("key", "")) or uuid4(),
            "at_once": bulk.AT_ONCE,
        }
        return self.page(request, "bulk", context, status=status)


def offered(user: User) -> list[Step]:
    """Return the steps that a person may take of several applications, whatever their status."""
    steps = [APPLICATION.steps[name] for name in STEPS]
    return [
        step
        for step in steps
        if any(rules.where(user, status, step.may) is not None for status in sorted(step.sources))
    ]


def terms_forms(
    step: Step, applications: list[Application], data: Any = None, *, user: User | None = None
) -> dict[int, TermsForm]:
    """Return a form for the terms of each application, where the step sets terms.

    Args:
        step: the step.
        applications: of which it would be taken.
        data: what was filled in.
        user: whose considered amounts stand in forms that are not filled in yet.
    """
    if step.name != "recommend":
        return {}
    amounts = amounts_considered(user, applications) if user else {}
    return {
        a.pk: TermsForm(data, prefix=f"item-{a.pk}", initial={"amount": amounts.get(a.pk, "")}) for a in applications
    }


def numbers(values: Iterable[str]) -> list[int]:
    """Return what of an address are keys of rows, each once."""
    return list(dict.fromkeys(int(v) for v in values if v.isascii() and v.isdigit() and len(v) <= 18))  # noqa: PLR2004


def _reader(request: HttpRequest) -> User:
    user: Any = request.user
    if not user.has_perm("incentives.view_application"):
        raise PermissionDenied
    return user


def _asked(request: HttpRequest, application: Application, terms: TermsForm | None) -> services.Asked:
    seen = next(iter(numbers([request.POST.get(f"seen-{application.pk}", "")])), 0)
    if terms is None:
        return services.Asked(application.pk, seen)
    data = dict(terms.cleaned_data)
    return services.Asked(application.pk, seen, reason=data.pop("reason"), data=data)


def _counts(request: HttpRequest, found: ApplicationQuerySet, current: str) -> list[dict[str, Any]]:
    query = request.GET.copy()
    for name in ("after", "before", "step"):
        query.pop(name, None)
    numbered = queue.counts(found)
    lines = [{"label": gettext("All"), "number": sum(numbered.values()), "step": ""}]
    lines += [{"label": APPLICATION.steps[name].label, "number": n, "step": name} for name, n in numbered.items()]
    for line in lines:
        query["step"] = str(line["step"])
        line["url"] = f"?{query.urlencode()}"
        line["is_current"] = line["step"] == current
    return lines


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
