"""The review screen: everything about one application, and a button for each step that is open."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.options import Action, ActionLocation
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives import bulk, conditions, declarations, indicative, presenting, queue, services
from incentives.admin import flags, history
from incentives.admin.flags import WithFlags
from incentives.admin.panel import PanelPages
from incentives.admin.queue import QueuePages, offered
from incentives.admin.reading import tell
from incentives.admin.register import RegisterPages
from incentives.admin.reviewers import WithReviewers
from incentives.differences import of_submissions
from incentives.dossier import Dossier, dossier_of
from incentives.forms.deciding import FORMS, StepForm
from incentives.lifecycle import APPLICATION
from incentives.models import Application, ReviewAssignment
from portal.admin_site import AdminPage
from portal.lifecycle import Door, StepClosed
from portal.local_form import day, money
from portal.models import StepTaken, User
from portal.models.documents import state_in_words
from portal.roles import Role, may_read_as
from portal.together import as_prefetched, together

_UNDECIDED = {
    Application.Status.SUBMITTED,
    Application.Status.UNDER_REVIEW,
    Application.Status.RECOMMENDED,
    Application.Status.FIRST_APPROVED,
}


@admin.register(Application)
class ApplicationAdmin(QueuePages, PanelPages, RegisterPages, WithFlags, WithReviewers):
    """Applications by what waits for whom."""

    admin_icon = "assignment"
    admin_position = 1
    admin_pages = (
        AdminPage(_("My queue"), "inbox", "admin:incentives_application_queue"),
        AdminPage(
            _("Panels"), "leaderboard", "admin:incentives_application_panels", "incentives.view_reviewassignment"
        ),
        AdminPage(_("Decision register"), "gavel", "admin:incentives_application_register", "incentives.view_approval"),
    )
    view_on_site = False  # its page is the applicant's
    list_display = ("number", "applicant", "programme", "status", "requested", "due", "next_action", "mine")
    list_filter = ("status", "round__programme")
    search_fields = ("number", "organisation__name_zh", "organisation__name_en", "=organisation__uscc")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Put first what waits for the person, the most urgent on top."""
        return ("-waits_for_me", "due_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """Return what the person may read, with what the list shows."""
        waiting = queue.waiting_for(request.user).order_by()  # type: ignore[arg-type]
        found = queue.by_risk(self.readable(request))  # type: ignore[arg-type]
        return found.annotate(waits_for_me=Exists(waiting.filter(pk=OuterRef("pk"))))

    def readable(self, request: HttpRequest) -> QuerySet[Application]:
        """Return what the person may read, with what the review screen shows."""
        found = Application.objects.handled_by(request.user).exclude(number=None)
        return found.select_related(
            "organisation", "programme_version", "round__programme", "round__budget"
        ).with_due_date()

    @admin.display(description=_("applicant"))
    def applicant(self, application: Application) -> str:
        """Name the organisation in the reader's language."""
        return application.organisation.title

    @admin.display(description=_("requested"), ordering="requested_amount")
    def requested(self, application: Application) -> str:
        """Write the amount."""
        return money(application.requested_amount)

    @admin.display(description=_("waits for me"), ordering="waits_for_me")
    def mine(self, application: Any) -> str:
        """Say whether the person's role has the next step."""
        return gettext("yes") if application.waits_for_me else ""

    @admin.display(description=_("programme"))
    def programme(self, application: Application) -> str:
        """Name the programme."""
        return str(application.round.programme)

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, application: Application) -> str:
        """Say by when the present status should end."""
        return day(application.due_at)

    @admin.display(description=_("next action"))
    def next_action(self, application: Application) -> str:
        """Say what happens next."""
        return str(presenting.WAITS_FOR.get(application.status, "—"))

    def get_urls(self) -> list[Any]:
        """Add the address of the steps."""
        step = path(
            "<path:object_id>/step/<slug:step>/",
            self.admin_site.admin_view(self.step_view),
            name="incentives_application_step",
        )
        return [step, *self.queue_urls(), *self.panel_urls(), *self.register_urls(), *super().get_urls()]

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """Offer, above the list, the steps that the person may take of several applications."""
        if action_location != ActionLocation.CHANGE_LIST:
            return {}
        steps = offered(request.user)  # type: ignore[arg-type]
        return {
            s.name: Action(_bulk_action(s.name), s.name, str(s.label), str(s.label), [action_location]) for s in steps
        }

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the review screen."""
        return self.screen(request, self.load(request, object_id))

    def load(self, request: HttpRequest, object_id: str) -> Application:
        """Return the application with its reviews, terms, steps and history: one query for all of them."""
        found: Application = self.one(request, object_id)
        assignments, terms, found.taken, *entries = together(
            found.assignments.with_due_date().select_related("reviewer", "review"),
            found.recommendations.select_related("recommended_by"),
            StepTaken.objects.about(found).select_related("by"),
            *history.changes_of(found),
        )
        found.entries = [entry for part in entries for entry in part]
        as_prefetched(found, assignments=assignments, recommendations=terms)
        return found

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Take a step with what was filled in."""
        if step not in FORMS or request.method != "POST":
            raise Http404
        application: Application = self.one(request, object_id)
        form = FORMS[step](request.POST, application=application, prefix=step)
        if not form.is_valid():
            return self.screen(request, self.load(request, object_id), bound=(step, form))
        try:
            services.take_step(application=application, step=step, by=request.user, **form.values())  # type: ignore[arg-type]
        except StepClosed as closed:
            tell(request, closed)
            return self.screen(request, self.load(request, object_id), bound=(step, form))
        messages.success(request, gettext("Done: %(step)s") % {"step": APPLICATION.steps[step].label})
        if self.readable(request).filter(pk=application.pk).exists():
            return redirect("admin:incentives_application_change", application.pk)
        return redirect("admin:incentives_application_changelist")

    def screen(
        self,
        request: HttpRequest,
        application: Application,
        bound: tuple[str, StepForm] | None = None,
        beside: flags.Bound | None = None,
    ) -> HttpResponse:
        """Show the review screen, with the form of a step, a note or a flag that was not accepted."""
        dossier = dossier_of(application)
        doors = [d for d in APPLICATION.allowed(request.user, application) if d.step.name in FORMS]  # type: ignore[arg-type]
        submitted, reviews = dossier.submitted, self._reviews(request, application)
        context = {
            **flags.beside(request, application, dossier, beside),
            "dossier": dossier,
            "title": str(application),
            "application": application,
            "tone": presenting.TONES[Application.Status(application.status)],
            "steps": [_step(door, application, bound) for door in doors],
            "answers": presenting.answers(application, submitted.get("answers", {}), dossier.scans),
            "documents": _documents(application, submitted, dossier.scans),
            "verdicts": submitted.get("eligibility", []),
            "declared": declarations.made_with(submitted),
            "doubts": presenting.doubts(application, submitted.get("eligibility", [])),
            "indication": indicative.of_application(application, submitted.get("answers", {}))
            if application.status in _UNDECIDED
            else None,
            "snapshot": dossier.snapshot,
            "comparison": _comparison(application, dossier),
            "taken": [(_words(step), step) for step in application.taken],
            "terms": conditions.live_recommendation(application),
            "budget": getattr(application.round, "budget", None),
            "reviews": reviews,
            "may_see_reviewers": may_read_as(request.user, Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD),
            "objections": dossier.objections,
            "history": history.lines(application.entries, _people(application, dossier)),
        }
        refused = any(found and found[1].errors for found in (bound, beside))
        return self.page(request, "application", context, status=422 if refused else 200)

    def _reviews(self, request: HttpRequest, application: Application) -> list[ReviewAssignment]:
        """Return the reviews that the person may see."""
        return presenting.reviews_seen_by(request.user, list(application.assignments.all()))  # type: ignore[arg-type]


def _bulk_action(step: str) -> Any:
    def lead(_admin: Any, _request: HttpRequest, found: QuerySet[Application]) -> HttpResponse:
        chosen = [("step", step), *(("chosen", pk) for pk in found.values_list("pk", flat=True)[: bulk.MOST])]
        return redirect(f"{reverse('admin:incentives_application_bulk')}?{urlencode(chosen)}")

    return lead


def _comparison(application: Application, dossier: Dossier) -> Any:
    """Return what the applicant changed from one submission to the next."""
    if dossier.snapshot is None or dossier.previous is None:
        return None
    return of_submissions(application, dossier.previous, dossier.snapshot)


def _people(application: Application, dossier: Dossier) -> list[User | None]:
    """Return whom the screen has read: those whose names the history can give."""
    steps = [step.by for step in application.taken]
    reviewers = [assignment.reviewer for assignment in application.assignments.all()]
    of_flags = [person for flag in dossier.flags for person in (flag.opened_by, flag.owner, flag.resolved_by)]
    return [*steps, *reviewers, *of_flags, *(note.by for note in dossier.notes)]


def _words(taken: StepTaken) -> Any:
    """Say a step as the applicant reads it; one that only staff see, as its button does."""
    return presenting.WORDS.get(taken.step) or APPLICATION.steps[taken.step].label


def _step(door: Door, application: Application, bound: tuple[str, StepForm] | None) -> dict[str, Any]:
    name = door.step.name
    form = bound[1] if bound and bound[0] == name else FORMS[name](application=application, prefix=name)
    url = reverse("admin:incentives_application_step", args=[application.pk, name])
    return {"door": door, "form": form, "url": url, "open": bool(bound and bound[0] == name)}


def _documents(
    application: Application, submitted: dict[str, Any], scans: dict[str, dict[str, str]]
) -> list[dict[str, Any]]:
    """Return what was handed in for each wanted document, with what the scan says of it now."""
    held = {document["slug"]: document for document in submitted.get("documents", [])}
    shown = []
    for wanted in application.content["documents"]:
        one = held.get(wanted["slug"])
        scan = scans.get(one["uid"], {}) if one else {}
        state = state_in_words(**scan) if scan else ""
        shown.append({**wanted, "held": one, "scan": scan.get("status", ""), "state": state})
    return shown
