"""Notes and flags on the review screen of an application."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext, ngettext

from incentives import rules, services
from incentives.admin.reading import ReadOnlyAdmin, tell
from incentives.dossier import Dossier
from incentives.forms.flagging import FlagForm, GiveForm, NoteForm, ResolveForm
from incentives.models import Application, Flag
from portal.lifecycle import StepClosed
from portal.models import User

type Bound = tuple[str, Form]


class WithFlags(ReadOnlyAdmin):
    """The forms of notes and flags: each a POST of its own, shown again where something is missing."""

    def get_urls(self) -> list[Any]:
        """Add the addresses."""
        wrap, name = self.admin_site.admin_view, "incentives_application"
        return [
            path("<path:object_id>/note/", wrap(self.note_view), name=f"{name}_note"),
            path("<path:object_id>/flags/open/", wrap(self.flag_view), name=f"{name}_flag"),
            path("<path:object_id>/flags/look/", wrap(self.look_view), name=f"{name}_look"),
            path("<path:object_id>/flags/<int:flag>/give/", wrap(self.give_view), name=f"{name}_give"),
            path("<path:object_id>/flags/<int:flag>/resolve/", wrap(self.resolve_view), name=f"{name}_resolve"),
            *super().get_urls(),
        ]

    def load(self, request: HttpRequest, object_id: str) -> Application:
        """Return the application with what its screen shows."""
        raise NotImplementedError

    def screen(
        self, request: HttpRequest, application: Application, bound: Any = None, beside: Bound | None = None
    ) -> HttpResponse:
        """Show the review screen, with a form that was not accepted."""
        raise NotImplementedError

    def note_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Add a note."""
        application, form = self._posted(request, object_id), NoteForm(request.POST, prefix="note")
        return self._take(
            request,
            application,
            "note",
            form,
            services.write_note,
            gettext("The note is kept."),
            application=application,
        )

    def flag_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Open a flag."""
        application = self._posted(request, object_id)
        form = FlagForm(request.POST, owners=owners(application), prefix="flag")
        done = gettext("The flag is open.")
        return self._take(request, application, "flag", form, services.open_flag, done, application=application)

    def look_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Look for what is to be looked into."""
        application = self._posted(request, object_id)
        try:
            made = services.look_for_flags(application=application, by=request.user)  # type: ignore[arg-type]
        except StepClosed as closed:
            tell(request, closed)
        else:
            number = len(made)
            text = ngettext("%(number)s flag was opened.", "%(number)s flags were opened.", number)
            messages.success(request, text % {"number": number})
        return redirect("admin:incentives_application_change", application.pk)

    def give_view(self, request: HttpRequest, object_id: str, flag: int) -> HttpResponse:
        """Give a flag to somebody."""
        application = self._posted(request, object_id)
        found = self._flag(application, flag)
        form = GiveForm(request.POST, owners=owners(application), prefix=f"give{found.pk}")
        done = gettext("The flag has an owner.")
        return self._take(request, application, f"give{found.pk}", form, services.give_flag, done, flag=found)

    def resolve_view(self, request: HttpRequest, object_id: str, flag: int) -> HttpResponse:
        """Resolve a flag."""
        application = self._posted(request, object_id)
        found = self._flag(application, flag)
        form = ResolveForm(request.POST, prefix=f"resolve{found.pk}")
        done = gettext("The flag is resolved.")
        return self._take(request, application, f"resolve{found.pk}", form, services.resolve_flag, done, flag=found)

    def _posted(self, request: HttpRequest, object_id: str) -> Application:
        if request.method != "POST":
            raise Http404
        return self.load(request, object_id)

    def _flag(self, application: Application, pk: int) -> Flag:
        found = Flag.objects.filter(application=application, pk=min(pk, 2**63 - 1)).first()
        if found is None:
            raise Http404
        return found

    def _take(
        self, request: HttpRequest, shown: Application, name: str, form: Form, service: Any, done: str, **about: Any
    ) -> HttpResponse:
        if not form.is_valid():
            return self.screen(request, shown, beside=(name, form))
        try:
            service(by=request.user, **about, **form.cleaned_data)
        except StepClosed as closed:
            tell(request, closed)
            return self.screen(request, self.load(request, str(shown.pk)), beside=(name, form))
        messages.success(request, done)
        return redirect("admin:incentives_application_change", shown.pk)


def owners(application: Application) -> list[User]:
    """Return who may resolve flags of an application."""
    return list(rules.settlers(application).order_by("name", "pk"))


def beside(
    request: HttpRequest, application: Application, dossier: Dossier, bound: Bound | None = None
) -> dict[str, Any]:
    """Return what the screen shows of notes and flags, with the forms that the person may fill in."""
    may_write = rules.raises_flags(request.user, application)  # type: ignore[arg-type]
    may_flag = may_write and application.status in services.BEFORE_DECISION
    may_settle = rules.may_settle(request.user, application)  # type: ignore[arg-type]
    people = owners(application) if may_flag or (may_settle and dossier.open_flags) else []

    def form(name: str, kind: type[Form], **options: Any) -> Form:
        return bound[1] if bound and bound[0] == name else kind(prefix=name, **options)

    return {
        "notes": dossier.notes,
        "flags": [
            {
                "flag": flag,
                "resolve": form(f"resolve{flag.pk}", ResolveForm) if may_settle and _is_open(flag) else None,
                "give": form(f"give{flag.pk}", GiveForm, owners=people) if may_settle and _is_open(flag) else None,
            }
            for flag in sorted(dossier.flags, key=lambda one: not _is_open(one))
        ],
        "open_flags": dossier.open_flags,
        "note_form": form("note", NoteForm, initial={"key": uuid4()}) if may_write else None,
        "flag_form": form("flag", FlagForm, owners=people, initial={"key": uuid4()}) if may_flag else None,
    }


def _is_open(flag: Flag) -> bool:
    return flag.status == Flag.Status.OPEN
