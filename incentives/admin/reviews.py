"""The reviewer's screen: the declaration first, then the application, then the scores."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives import declarations, presenting, services
from incentives.admin.applications import _documents
from incentives.admin.reading import tell
from incentives.admin.waiting import WaitingAdmin, WaitsFilter
from incentives.dossier import dossier_of
from incentives.forms.deciding import DeclareForm, ReviewForm
from incentives.models import Application, ReviewAssignment
from portal.lifecycle import StepClosed
from portal.local_form import moment


@admin.register(ReviewAssignment)
class ReviewAssignmentAdmin(WaitingAdmin):
    """What a reviewer has to do."""

    admin_icon = "rate_review"
    admin_position = 2
    list_display = ("number", "organisation", "programme", "status", "conflict", "score", "due")
    list_filter = (WaitsFilter, "status", "conflict")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewAssignment]:
        """Return a reviewer's own; managers, approvers and auditors read all."""
        mine = Case(When(reviewer=request.user.pk, then=True), default=False)
        found: QuerySet[ReviewAssignment] = self.with_waiting(ReviewAssignment.objects.visible_to(request.user), mine)
        return found.select_related("review", "draft", "reviewer", "application__programme_version")

    @admin.display(description=_("score"))
    def score(self, assignment: ReviewAssignment) -> str:
        """Give the weighted score."""
        return str(assignment.review.total) if hasattr(assignment, "review") else "—"

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
            "declared": declarations.made_with(submitted),
            "reviews": [assignment, *others] if reviewed or not mine else [],
        }
        return self.page(request, "review", context, status=422 if declare or score else 200)
