"""The workplace of inquiries: what is due first, the thread, the steps."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from investors.admin.queue import QueuePages
from investors.admin.thread import ThreadPages
from investors.forms.officer_steps import STEP_FORMS, HandOverForm, MergeForm
from investors.models import Inquiry
from portal import local_form
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import unbroken
from portal.admin_site import AdminPage
from portal.lifecycle import Step
from portal.models import User
from portal.roles import Role

_MOST_OFFICERS = 200


class DueFilter(admin.SimpleListFilter):
    """Overdue, or waiting."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the two."""
        return [("overdue", _("overdue")), ("waiting", _("waiting")), ("mine", _("mine, waiting"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the choice."""
        if self.value() == "overdue":
            return queryset.overdue()  # type: ignore[attr-defined]
        if self.value() == "waiting":
            return queryset.waiting()  # type: ignore[attr-defined]
        if self.value() == "mine":
            return queryset.waiting().filter(officer=request.user)  # type: ignore[attr-defined]
        return queryset


class OfficerFilter(admin.SimpleListFilter):
    """Whose inquiry it is."""

    title = _("officer")
    parameter_name = "officer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer those who answer, and the heads."""
        roles = [Role.INVESTMENT, Role.REGISTRY, Role.HEAD]
        officers = User.objects.filter(is_staff=True, groups__name__in=roles).order_by("name", "pk")
        return [(str(officer.pk), str(officer)) for officer in dict.fromkeys(officers[:_MOST_OFFICERS])]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow to the choice."""
        value = self.value()
        if value is None:
            return queryset
        known = value in dict(self.lookup_choices)
        return queryset.filter(officer=value) if known else queryset.none()


@admin.register(Inquiry)
class InquiryAdmin(QueuePages, FilteredLookups, GrowingAdmin, ThreadPages):
    """Inquiries, the overdue on top; confirmed, answered, handed over by their steps."""

    admin_icon = "forum"
    admin_position = 1
    view_on_site = False  # its page is the sender's alone
    list_display = (unbroken(Inquiry, "reference"), "subject", "topic", "sender", "officer", "status", "due")
    list_filter = (DueFilter, "status", "topic", OfficerFilter)
    list_select_related = ("sender", "officer")
    search_fields = ("=reference", "subject", "sender__name")
    step_forms = STEP_FORMS
    admin_pages = (AdminPage(_("Queue of inquiries"), "inbox", "admin:investors_inquiry_queue"),)

    def get_urls(self) -> list[Any]:
        """Add the addresses of queue, drafts and links."""
        return [*self.queue_urls(), *self.thread_urls(), *super().get_urls()]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show what is due first on top."""
        return [F("next_due").asc(nulls_last=True), "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Inquiry]:
        """Show what the role may see."""
        related = ("sender", "officer", "organisation", "opportunity", "about_organisation", "programme")
        return Inquiry.objects.visible_to(request.user).select_related(*related)

    def step_form(self, request: HttpRequest, obj: Model, step: Step, data: Any = None) -> forms.Form | None:
        """Offer for handing over those who may answer this one."""
        form = super().step_form(request, obj, step, data)
        if isinstance(form, HandOverForm) and isinstance(obj, Inquiry):
            form.offer_officers_for(obj)
        if isinstance(form, MergeForm) and isinstance(obj, Inquiry):
            form.offer_inquiries_for(obj)
        return form

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Inquiries are sent on the public site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nothing is typed into an inquiry but by its steps."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Inquiries stay."""
        return False

    @admin.display(description=_("due"), ordering="next_due")
    def due(self, inquiry: Inquiry) -> str | SafeString:
        """Say what is due, and whether it is late."""
        if inquiry.due_at is None:
            return "-"
        day = local_form.day(inquiry.due_at)
        return format_html("<strong>{}: {}</strong>", _("Overdue"), day) if inquiry.is_overdue else day
