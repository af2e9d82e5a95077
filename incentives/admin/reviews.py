"""The reviewer's screen: the declaration first, then the application, then the scores."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives import presenting, services
from incentives.admin.applications import _documents
from incentives.admin.reading import ReadOnlyAdmin, tell
from incentives.dossier import dossier_of
from incentives.forms.deciding import DeclareForm, ReviewForm
from incentives.models import Application, ReviewAssignment
from portal.lifecycle import StepClosed
from portal.local_form import day, moment


class WaitsFilter(admin.SimpleListFilter):
    """What waits for one's own review, and what is late."""

    title = _("waits for me")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer one's own and what is overdue."""
        return [("mine", _("waits for me")), ("overdue", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow the list."""
        if self.value() == "mine":
            return queryset.filter(is_waiting=True, reviewer=request.user)
        if self.value() == "overdue":
            return queryset.filter(is_waiting=True, due_at__lt=timezone.now())
        return queryset


@admin.register(ReviewAssignment)
class ReviewAssignmentAdmin(ReadOnlyAdmin):
    """What a reviewer has to do."""

    admin_icon = "rate_review"
    admin_position = 2
    list_display = ("number", "organisation", "programme", "status", "conflict", "score", "due")
    list_filter = (WaitsFilter, "status", "conflict")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Put first what waits for a review, the most urgent on top."""
        return ("-is_waiting", "due_at", "-id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewAssignment]:
        """Return a reviewer's own; managers, approvers and auditors read all."""
        waiting = ReviewAssignment.objects.waiting().filter(pk=OuterRef("pk"))
        found = ReviewAssignment.objects.visible_to(request.user).with_due_date()
        return found.annotate(is_waiting=Exists(waiting)).select_related(
            "review",
            "draft",
            "reviewer",
            "application__organisation",
            "application__round__programme",
            "application__programme_version",
        )

    @admin.display(description=_("number"))
    def number(self, assignment: ReviewAssignment) -> str:
        """Give the application's number."""
        return assignment.application.number or "—"

    @admin.display(description=_("organisation"))
    def organisation(self, assignment: ReviewAssignment) -> str:
        """Name the applicant, so that a conflict can be seen."""
        return assignment.application.organisation.title

    @admin.display(description=_("programme"))
    def programme(self, assignment: ReviewAssignment) -> str:
        """Name the programme."""
        return str(assignment.application.round.programme)

    @admin.display(description=_("score"))
    def score(self, assignment: ReviewAssignment) -> str:
        """Give the weighted score."""
        return str(assignment.review.total) if hasattr(assignment, "review") else "—"

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, assignment: Any) -> str:
        """Say by when the review should end, and whether that has passed."""
        is_late = assignment.is_waiting and assignment.due_at and assignment.due_at < timezone.now()
        return f"{day(assignment.due_at)} · {gettext('overdue')}" if is_late else day(assignment.due_at)

    def get_urls(self) -> list[Any]:
        """Add the addresses of the declaration and of the scores."""
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/declare/", wrap(self.declare_view), name="incentives_reviewassignment_declare"),
            path("<path:object_id>/score/", wrap(self.score_view), name="incentives_reviewassignment_score"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the reviewer has to do now."""
        return self._screen(request, self.one(request, object_id))

    def declare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Record the declaration."""
        assignment = self._own(request, object_id)
        form = DeclareForm(request.POST, prefix="declare")
        if not form.is_valid():
            return self._screen(request, assignment, declare=form)
        conflicted = form.cleaned_data["conflicted"] == "yes"
        try:
            services.declare_conflict(
                assignment=assignment,
                by=request.user,  # type: ignore[arg-type]
                conflicted=conflicted,
                reason=form.cleaned_data["reason"],
            )
        except StepClosed as closed:
            tell(request, closed)
        else:
            messages.success(request, gettext("Your declaration is recorded."))
        return redirect("admin:incentives_reviewassignment_change", assignment.pk)

    def score_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Record the scores."""
        assignment = self._own(request, object_id)
        form = ReviewForm(request.POST, rubric=assignment.application.content["rubric"], prefix="score")
        if "score-draft" in request.POST:
            return self._save_draft(request, assignment, form)
        if not form.is_valid():
            return self._screen(request, assignment, score=form)
        try:
            services.write_review(
                assignment=assignment,
                by=request.user,  # type: ignore[arg-type]
                scores=form.scores(),
                comment=form.cleaned_data["comment"],
            )
        except StepClosed as closed:
            tell(request, closed)
            return self._screen(request, self.one(request, object_id), score=form)
        messages.success(request, gettext("Your review is recorded."))
        return redirect("admin:incentives_reviewassignment_change", assignment.pk)

    def _save_draft(self, request: HttpRequest, assignment: ReviewAssignment, form: ReviewForm) -> HttpResponse:
        """Keep what was typed, as far as it is text that can be kept."""
        if not form.can_be_kept():
            return self._screen(request, assignment, score=form)
        try:
            services.save_review_draft(
                assignment=assignment,
                by=request.user,  # type: ignore[arg-type]
                **form.as_draft(),
            )
        except services.StaleReviewError as stale:
            at = moment(stale.saved.saved_at)
            text = gettext("The draft was saved in another window (%(at)s). Yours stands below; save again to keep it.")
            messages.warning(request, text % {"at": at})
            return self._screen(request, self.one(request, str(assignment.pk)), score=form.over(stale.saved.version))
        except StepClosed as closed:
            tell(request, closed)
            return self._screen(request, self.one(request, str(assignment.pk)), score=form)
        messages.success(request, gettext("Your draft is saved."))
        return redirect("admin:incentives_reviewassignment_change", assignment.pk)

    def _own(self, request: HttpRequest, object_id: str) -> ReviewAssignment:
        assignment: ReviewAssignment = self.one(request, object_id)
        if request.method != "POST" or assignment.reviewer_id != request.user.pk:
            raise Http404
        return assignment

    def _screen(
        self,
        request: HttpRequest,
        assignment: ReviewAssignment,
        declare: DeclareForm | None = None,
        score: ReviewForm | None = None,
    ) -> HttpResponse:
        application = assignment.application
        mine = assignment.reviewer_id == request.user.pk
        may_read = Application.objects.handled_by(request.user).filter(pk=application.pk).exists()
        dossier = dossier_of(application) if may_read else None
        submitted, scans = (dossier.submitted, dossier.scans) if dossier else ({}, {})
        reviewed = hasattr(assignment, "review")
        others = application.assignments.exclude(pk=assignment.pk).with_due_date().select_related("review", "reviewer")
        context = {
            "title": str(application),
            "assignment": assignment,
            "application": application,
            "mine": mine,
            "reviewed": reviewed,
            "declare": declare or DeclareForm(prefix="declare"),
            "draft": getattr(assignment, "draft", None),
            "score": score or ReviewForm.of(assignment, prefix="score"),
            "answers": presenting.answers(application, submitted["answers"], scans) if submitted else [],
            "dossier": dossier,
            "documents": _documents(application, submitted, scans) if dossier else [],
            "verdicts": submitted.get("eligibility", []),
            "reviews": [assignment, *others] if reviewed or not mine else [],
        }
        return self.page(request, "review", context, status=422 if declare or score else 200)
