"""Reviewers: what is known of them, kept by managers; and who reviews one application, why, and why others do not."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from firms.models import Cluster, Organisation
from incentives import assigning, rules, services
from incentives.admin.reading import ReadOnlyAdmin, tell
from incentives.forms.reviewing import ChooseForm, RecuseForm, ReviewerProfileForm
from incentives.models import Application, Employment, Programme, ReviewAssignment, ReviewerProfile
from portal.admin.autocomplete import KeySelect
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.lifecycle import StepClosed
from portal.roles import Role, may_read_as


class EmploymentInline(StackedInline):
    """Whom the reviewer works or worked for."""

    model = Employment
    extra = 0
    autocomplete_fields = ("organisation",)
    fields = (("organisation", "uscc", "name"), ("since", "until"))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Take no organisation that was merged into another, nor a key that is none."""
        if db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.living()
            kwargs.setdefault("widget", KeySelect(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A mistake is corrected; whom somebody worked for does not go away."""
        return False


_PERSON = plain(ReviewerProfile, "user")


@admin.register(ReviewerProfile)
class ReviewerProfileAdmin(FilteredLookups, EditsAdmin):
    """Expertise and employers of reviewers; nobody keeps their own."""

    admin_icon = "badge"
    admin_position = 5
    form = ReviewerProfileForm
    list_display = ("user", "known_clusters", "known_instruments")
    list_select_related = ("user",)
    search_fields = ("user__name",)
    ordering = ("pk",)
    inlines = (EmploymentInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewerProfile]:
        """Read the employers with the reviewers."""
        return super().get_queryset(request).prefetch_related("employers__organisation")

    @admin.display(description=_("clusters"))
    def known_clusters(self, profile: ReviewerProfile) -> str:
        """Name the clusters."""
        titles: dict[str, str] = self._titles()
        return ", ".join(titles.get(slug, slug) for slug in profile.clusters)

    @admin.display(description=_("instruments"))
    def known_instruments(self, profile: ReviewerProfile) -> str:
        """Name the instruments."""
        return ", ".join(str(Programme.Instrument(value).label) for value in profile.instruments)

    def get_fields(self, request: HttpRequest, obj: ReviewerProfile | None = None) -> list[Any]:
        """Name whose profile it is, without a link that only those may follow who keep accounts."""
        return [_PERSON if obj else "user", "clusters", "instruments"]

    def get_readonly_fields(self, request: HttpRequest, obj: ReviewerProfile | None = None) -> tuple[Any, ...]:
        """Keep whose profile it is."""
        return (_PERSON,) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: ReviewerProfile | None = None) -> bool:
        """Nobody keeps what is known of themselves."""
        return super().has_change_permission(request, obj) and not (obj and obj.user_id == request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: ReviewerProfile | None = None) -> bool:
        """What is known of a reviewer stays."""
        return False

    def _titles(self) -> dict[str, str]:
        return {cluster.slug: str(cluster) for cluster in Cluster.objects.all()}


class WithReviewers(ReadOnlyAdmin):
    """The page of an application that says who reviews it and why, and where a manager decides about it."""

    def get_urls(self) -> list[Any]:
        """Add the page and what it does."""
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/reviewers/", wrap(self.reviewers_view), name="incentives_application_reviewers"),
            path("<path:object_id>/reviewers/choose/", wrap(self.choose_view), name="incentives_application_choose"),
            path(
                "<path:object_id>/reviewers/<int:assignment>/recuse/",
                wrap(self.recuse_view),
                name="incentives_application_recuse",
            ),
            *super().get_urls(),
        ]

    def reviewers_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show who reviews, who could, and who is left out for which reasons."""
        return self._reviewers_page(request, self._managed(request, object_id))

    def choose_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask the reviewer whom the manager chose."""
        application = self._managed(request, object_id)
        form = ChooseForm(request.POST, free=assigning.candidates(application))
        if request.method != "POST":
            raise Http404
        if not form.is_valid():
            messages.warning(request, gettext("Choose somebody who may review this application."))
            return self._reviewers_page(request, application, status=422)
        try:
            services.choose_reviewer(
                application=application,
                reviewer=form.cleaned_data["reviewer"],
                by=request.user,  # type: ignore[arg-type]
            )
        except StepClosed as closed:
            tell(request, closed)
        else:
            messages.success(request, gettext("The reviewer is asked."))
        return redirect("admin:incentives_application_reviewers", application.pk)

    def recuse_view(self, request: HttpRequest, object_id: str, assignment: int) -> HttpResponse:
        """Take a review from its reviewer."""
        application = self._managed(request, object_id)
        found = ReviewAssignment.objects.filter(application=application, pk=min(assignment, 2**63 - 1)).first()
        if request.method != "POST" or found is None:
            raise Http404
        form = RecuseForm(request.POST, free=assigning.candidates(application), prefix=f"recuse{found.pk}")
        if not form.is_valid():
            return self._reviewers_page(request, application, bound=(found.pk, form), status=422)
        try:
            services.recuse_reviewer(assignment=found, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except StepClosed as closed:
            tell(request, closed)
            return self._reviewers_page(request, application, bound=(found.pk, form))
        messages.success(request, gettext("The reviewer is recused."))
        return redirect("admin:incentives_application_reviewers", application.pk)

    def _managed(self, request: HttpRequest, object_id: str) -> Application:
        """Return an application whose reviewers the person may read of, and who does not still review it."""
        application: Application = self.one(request, object_id)
        own = application.assignments.filter(reviewer=request.user.pk, status=ReviewAssignment.Status.WAITING)
        if not may_read_as(request.user, Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD) or own.exists():
            raise Http404
        return application

    def _reviewers_page(
        self,
        request: HttpRequest,
        application: Application,
        bound: tuple[int, RecuseForm] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        considered = assigning.consider(application)
        free = [candidate.user for candidate in considered if candidate.is_free]
        assignments = application.assignments.with_due_date().select_related(
            "reviewer", "review", "draft", "assigned_by", "ended_by"
        )
        manages = rules.manages(request.user, application)  # type: ignore[arg-type]
        open_now = manages and application.status == Application.Status.UNDER_REVIEW
        context = {
            "title": gettext("Reviewers of %(number)s") % {"number": application.number},
            "application": application,
            "assignments": [
                (one, self._recusal(request, one, free, bound) if open_now else None) for one in assignments
            ],
            "candidates": [c for c in considered if c.assignment is None],
            "missing": assigning.missing(application),
            "may_choose": open_now and assigning.missing(application),
            "first": free[0].pk if free else None,
        }
        return self.page(request, "reviewers", context, status=status)

    def _recusal(
        self, request: HttpRequest, assignment: ReviewAssignment, free: list[Any], bound: tuple[int, RecuseForm] | None
    ) -> RecuseForm | None:
        if assignment.status not in ReviewAssignment.COUNTING or assignment.reviewer_id == request.user.pk:
            return None
        if bound and bound[0] == assignment.pk:
            return bound[1]
        return RecuseForm(free=free, prefix=f"recuse{assignment.pk}")
