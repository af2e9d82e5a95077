"""Absences of officers, and templates of answers."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from investors.models import Absence, AnswerTemplate
from investors.services.absences import Rerouted, record_absence
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.models import User
from portal.roles import Role, has_role

_WHOSE = plain(Absence, "officer")


@admin.register(Absence)
class AbsenceAdmin(FilteredLookups, EditsAdmin):
    """Absences: an officer enters their own, the head anybody's."""

    admin_icon = "event_busy"
    admin_position = 6
    list_display = ("officer", "first_day", "last_day", "entered_by")
    list_select_related = ("officer", "entered_by")
    fields = ("officer", ("first_day", "last_day"), "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        """Return what the person may see."""
        return Absence.objects.visible_to(request.user)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Ask an officer for no name: it is their own absence."""
        whose = (_WHOSE if obj else "officer",) if has_role(request.user, Role.HEAD) else ()
        return (*whose, *self.fields[1:])

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[Any, ...]:
        """Keep whose it is."""
        return (_WHOSE,) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer those whose role answers."""
        answering = Q(is_active=True, is_staff=True, groups__name__in=(Role.INVESTMENT, Role.REGISTRY))
        kwargs["queryset"] = User.objects.filter(answering).distinct().order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Absence, form: Any, change: bool) -> None:
        """Keep it, and say what was given to whom."""
        user: Any = request.user
        if not change and not has_role(user, Role.HEAD):
            obj.officer = user
        for rerouted in record_absence(by=user, absence=obj):
            _tell(request, rerouted)


def _tell(request: HttpRequest, rerouted: Rerouted) -> None:
    words = {"reference": rerouted.inquiry.reference}
    if rerouted.officer:
        words["officer"] = rerouted.officer.name
        messages.success(request, gettext("%(reference)s: given to %(officer)s") % words)
    else:
        words["why"] = " ".join(map(str, rerouted.reasons)) or gettext("nobody else may answer it now")
        messages.warning(request, gettext("%(reference)s: stays where it is (%(why)s)") % words)


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(FilteredLookups, EditsAdmin):
    """Templates of answers, in both languages."""

    admin_icon = "article"
    admin_position = 7
    list_display = ("name", "topic", "is_offered")
    list_filter = ("topic", "is_offered")
    search_fields = ("name", "text_en", "text_zh")
    fields = ("name", "topic", "text_en", "text_zh", "is_offered")
