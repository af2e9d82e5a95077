"""Who answers inquiries, and what is promised of each topic."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from investors.models import InquiryTopic, Officer, TopicOfficer
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.admin.tables import TabularInline
from portal.models import User
from portal.roles import Role

ANSWERING = (Role.INVESTMENT, Role.REGISTRY)
_USER, _DEPUTY = plain(Officer, "user"), plain(Officer, "deputy")


class OfficerForm(forms.ModelForm):
    """An officer; who it is stands fast once it is saved, and is no field of the form any more."""

    def clean(self) -> dict[str, Any]:
        """Refuse as deputy the officer, and who may answer nothing that the officer answers."""
        data = super().clean() or self.cleaned_data
        deputy, user = data.get("deputy"), data.get("user") or getattr(self.instance, "user", None)
        if deputy and deputy == user:
            self.add_error("deputy", _("Nobody is their own deputy."))
        elif deputy and user and not _roles(deputy) & _roles(user):
            self.add_error(
                "deputy", _("Choose somebody of the same role: this person may not answer what the officer answers.")
            )
        return data


def _roles(user: User) -> set[str]:
    return set(user.groups.filter(name__in=ANSWERING).values_list("name", flat=True))


@admin.register(Officer)
class OfficerAdmin(FilteredLookups, EditsAdmin):
    """Officers: languages, public telephone, deputy."""

    form = OfficerForm

    admin_icon = "support_agent"
    admin_position = 5
    list_display = ("user", "telephone", "answers_en", "answers_zh", "deputy")
    list_select_related = ("user", "deputy")
    search_fields = ("user__name",)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[Any, ...]:
        """Name people without a link where they are not chosen: not every role may open an account."""
        user = _USER if obj else "user"
        deputy = "deputy" if self.has_change_permission(request, obj) else _DEPUTY
        return (user, "telephone", ("answers_en", "answers_zh"), deputy)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[Any, ...]:
        """Keep who it is."""
        return (_USER, _DEPUTY)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer those whose role answers."""
        answering = Q(is_active=True, is_staff=True, groups__name__in=ANSWERING)
        kwargs["queryset"] = User.objects.filter(answering).distinct().order_by("name", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Officers stay: who answers no more is taken out of the topics."""
        return False


class TopicOfficerInline(TabularInline):
    """The officers of a topic."""

    model = TopicOfficer
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[TopicOfficer]:
        """Read their names with them."""
        return super().get_queryset(request).select_related("officer__user")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Read the names of those offered."""
        if db_field.name == "officer":
            kwargs["queryset"] = Officer.objects.select_related("user")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Officers are put in and taken out."""
        return False


@admin.register(InquiryTopic)
class InquiryTopicAdmin(FilteredLookups, EditsAdmin):
    """What is promised of a topic, and who answers it; a migration made the topics."""

    admin_icon = "topic"
    admin_position = 4
    list_display = ("__str__", "acknowledge_days", "answer_days", "telephone", "named")
    fieldsets = (
        (
            None,
            {
                "fields": (("acknowledge_days", "answer_days"), "telephone"),
                "description": _("Other working days hold for inquiries that are received or reopened from then on."),
            },
        ),
    )
    inlines = (TopicOfficerInline,)

    @admin.display(description=_("officers"))
    def named(self, topic: InquiryTopic) -> str:
        """Name the officers."""
        return ", ".join(str(officer) for officer in topic.officers.all()) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[InquiryTopic]:
        """Read the officers with the topics."""
        return super().get_queryset(request).prefetch_related("officers__user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The form knows the topics."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The form knows the topics."""
        return False
