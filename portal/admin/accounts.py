"""Users and their roles."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from portal.admin.edits import EditsAdmin
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.models import User
from portal.roles import Role, changed

admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)  # its rows are secrets: nobody reads or gives another's second factor


def _role_name(group: Group) -> str:
    """Return a role in the language of the reader; a group that is no role goes by its name."""
    return str(dict(Role.choices).get(group.name, group.name))


class _RolesField(forms.ModelMultipleChoiceField):
    """Roles by their names in the language of the reader."""

    def label_from_instance(self, obj: Any) -> str:
        """Name the role."""
        return _role_name(obj)


@admin.register(User)
class UserAdmin(FilteredLookups, GrowingAdmin, DjangoUserAdmin, EditsAdmin):  # type: ignore[misc]
    """Accounts; roles are groups, so that rights are given by name."""

    admin_icon = "person"
    admin_position = 1
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "name", "is_staff", "is_active", "roles")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password", "name", "language")}),
        (_("Access"), {"fields": ("is_active", "is_staff", "groups")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "language", "password1", "password2", "is_staff", "groups")}),)
    readonly_fields = ("last_login",)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        """Name the roles."""
        return ", ".join(_role_name(group) for group in user.groups.all())

    def get_queryset(self, request: HttpRequest):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """Read the roles with the users."""
        return super().get_queryset(request).prefetch_related("groups")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody gives themselves rights, a superuser neither, and only a superuser changes a superuser."""
        allowed = super().has_change_permission(request, obj)
        if obj is None:
            return allowed
        return allowed and obj.pk != request.user.pk and (request.user.is_superuser or not obj.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are closed, not deleted: history names them."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles, and let follow what follows from them."""
        super().save_related(request, form, formsets, change)
        changed(form.instance)

    def formfield_for_manytomany(self, db_field, request, **kwargs):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        """Show the roles as boxes to tick."""
        if db_field.name == "groups":
            kwargs["form_class"] = _RolesField
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups" and field:
            field.widget = forms.CheckboxSelectMultiple(choices=field.choices)  # type: ignore[arg-type]
            field.help_text = ""
        return field
