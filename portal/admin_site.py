"""The staff workplace: unfold's admin with the portal's menus, sign-in and its own CSP."""

from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from unfold.sites import UnfoldAdminSite

from portal.desk import groups_for
from portal.roles import Role, has_role


class AdminPage(NamedTuple):
    """A page that is no list of rows: an entry of the menu, above the list whose admin names it in ``admin_pages``.

    Args:
        title: the entry.
        icon: the name of its icon.
        url: the name of its address.
        permission: who may open it; everybody who may open the admin where it is empty.
        roles: of which one is needed too, also by a superuser: for what is confidential.
    """

    title: Any
    icon: str
    url: str
    permission: str = ""
    roles: tuple[Role, ...] = ()

    def opens_for(self, user: Any) -> bool:
        """Whether the page opens for a member of staff."""
        return (not self.permission or user.has_perm(self.permission)) and (
            not self.roles or has_role(user, *self.roles)
        )


class PortalAdminSite(UnfoldAdminSite):
    """The admin; its theme needs inline script, so its pages carry a policy of their own."""

    index_title = _("Staff workplace")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Wrap a view as the admin does, under the admin's content security policy."""
        return csp_override(settings.ADMIN_CSP)(super().admin_view(view, cacheable))  # type: ignore[arg-type]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what waits for the person above what the role may open."""
        waiting = {"desk_groups": groups_for(request.user)}  # type: ignore[arg-type]
        return super().index(request, {**waiting, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return what the role may open, in the order of use: each admin's ``admin_position``, then by name.

        A page asks for it up to three times; it is read once for a person, a language and a request.
        """
        kept: dict[Any, list[Any]] = request.__dict__.setdefault("_app_lists", {})
        key = app_label, request.user.pk, get_language()
        if key not in kept:
            kept[key] = super().get_app_list(request, app_label)
            for app in kept[key]:
                app["models"].sort(key=lambda model: getattr(self._registry[model["model"]], "admin_position", 99))
        return kept[key]

    def _build_app_dict(self, request: HttpRequest, label: str | None = None) -> dict[str, Any]:
        """Return what Django finds, with names that are translated: sorting would translate them at each comparison."""
        found = super()._build_app_dict(request, label)
        for app in found.values():
            app["name"] = str(app["name"])
            for model in app["models"]:
                model["name"] = str(model["name"])
        return found

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send people through the same door as everyone: password, second factor, limits."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or "/admin/", settings.LOGIN_URL)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the menu of the signed-in member of staff: what the role may open, app by app."""
    return [
        {
            "title": app["name"],
            "separator": True,
            "items": [item for model in app["models"] if model["admin_url"] for item in _entries(request, model)],
        }
        for app in admin.site.get_app_list(request)
    ]


def _entries(request: HttpRequest, model: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entry of a list, below those of the pages that its admin names in ``admin_pages``."""
    url, pages = model["admin_url"], getattr(admin.site._registry[model["model"]], "admin_pages", ())
    own = [
        {"title": page.title, "icon": page.icon, "link": reverse(page.url)}
        for page in pages
        if page.opens_for(request.user)
    ]
    on_page = any(request.path.startswith(entry["link"]) for entry in own)
    active = request.path.startswith(url) and not on_page
    return [*own, {"title": model["name"], "icon": _icon(model["model"]), "link": url, "active": active}]


def _icon(model: type[Model]) -> str:
    """Return the icon that a model's admin names."""
    return getattr(admin.site._registry[model], "admin_icon", "description")
