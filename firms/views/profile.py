"""The profile of one's organisation: what is published, what waits, and proposing changes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firms import confirming, listing
from firms import profile as profiles
from firms.forms.profile import CodeForm, ProfileForm
from firms.lifecycle import ORGANISATION
from firms.models import PROPOSABLE, Laboratory, Organisation, ProposedEdit, ProposedValue
from firms.rules import is_editor, is_signatory
from firms.services import edits, incoming
from firms.views.merged import follows_merges
from portal.lifecycle import NotAllowed, StepClosed

_TONES = {"pending": "blue", "accepted": "green", "refused": "red", "withdrawn": "grey"}


def own(request: HttpRequest, slug: str) -> Organisation:
    """Return one of the person's organisations."""
    return get_object_or_404(Organisation.objects.with_member(request.user).select_related("subdistrict"), slug=slug)


@require_safe
@login_required
@never_cache
@follows_merges
def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is published of one's organisation, what waits to be checked, and what came of the last changes."""
    organisation = own(request, slug)
    edit = edits.open_edit(organisation)
    last = organisation.proposed_edits.exclude(status=ProposedEdit.Status.SUBMITTED).order_by("-closed_at").first()
    context = {
        "organisation": organisation,
        "sections": profiles.facts(organisation),
        "edit": edit,
        "waiting": _shown(edit),
        "last": last,
        "outcome": _shown(last),
        "may_edit": is_editor(request.user, organisation),
        "promised": edits.PROMISED_WORKING_DAYS,
        "asks_to_confirm": confirming.wants_confirmation(organisation),
        "confirmation": confirming.sentence(organisation),
        "may_confirm": organisation.status == Organisation.Status.LISTED and is_signatory(request.user, organisation),
        "predecessors": organisation.predecessors.order_by("pk"),
        "laboratories": Laboratory.objects.filter(organisation=organisation).by_name(),
        "missing": list(listing.missing_to_list(organisation)),
        "may_give_code": not organisation.uscc and is_signatory(request.user, organisation),
    }
    return render(request, "firms/profile.html", context)


def _shown(edit: ProposedEdit | None) -> list[dict[str, Any]]:
    """Return the values of a proposal as a page shows them."""
    values = edit.values.exclude(status=ProposedValue.Status.WITHDRAWN) if edit else []
    return [
        {
            "value": value,
            "tone": _TONES[value.status],
            "published": profiles.shown(value.field, value.published),
            "proposed": profiles.shown(value.field, value.proposed),
            "language": profiles.LANGUAGES.get(value.field, ""),
        }
        for value in values
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@follows_merges
def edit_profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Propose changes; what waits already is changed with them."""
    organisation = own(request, slug)
    if not is_editor(request.user, organisation):
        messages.error(request, _("Only editors and signatories change the profile."))
        return redirect("firms:profile", slug=organisation.slug)
    if request.method != "POST":
        return _page(request, organisation, ProfileForm(instance=_wanted(organisation), initial=_seen(organisation)))
    form = ProfileForm(request.POST, instance=_copy(organisation))
    if not form.is_valid():
        return _page(request, organisation, form, status=422)
    try:
        edits.propose_edit(
            by=request.user,  # type: ignore[arg-type]
            organisation=organisation,
            values=form.values(),
            seen=form.cleaned_data["seen"],
        )
    except edits.Stale:
        return _stale(request, organisation, form)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, organisation, form, status=422)
    messages.success(request, _("Your changes were sent. A registry officer checks them before they are published."))
    return redirect("firms:profile", slug=organisation.slug)


def _copy(organisation: Organisation) -> Organisation:
    """Return the organisation once more: a form writes what was typed into its own."""
    return Organisation.objects.get(pk=organisation.pk)


def _wanted(organisation: Organisation) -> Organisation:
    """Return the organisation with what is proposed and waits."""
    wanted = _copy(organisation)
    edit = edits.open_edit(organisation)
    for value in edit.values.filter(status=ProposedValue.Status.PENDING) if edit else []:
        profiles.put(wanted, value.field, value.proposed)
    return wanted


def _seen(organisation: Organisation) -> dict[str, str]:
    return {"seen": edits.shown_state(organisation, edits.open_edit(organisation))}


def _stale(request: HttpRequest, organisation: Organisation, form: ProfileForm) -> HttpResponse:
    """Show both texts where they differ; what was typed stays in the form, and may be sent now."""
    fresh = _wanted(organisation)
    typed = form.values()
    theirs = [
        (profiles.label(name), profiles.shown(name, text), profiles.shown(name, typed[name]))
        for name in PROPOSABLE
        if name in typed and (text := profiles.published(fresh, name)) != typed[name]
    ]
    again = ProfileForm({**request.POST.dict(), **_seen(organisation)}, instance=_copy(organisation))
    return _page(request, organisation, again, status=409, theirs=theirs, is_stale=True)


def _page(
    request: HttpRequest, organisation: Organisation, form: ProfileForm, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"organisation": organisation, "form": form, "promised": edits.PROMISED_WORKING_DAYS}
    return render(request, "firms/edit_profile.html", context, status=status)


@require_POST
@login_required
def withdraw_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Take back what waits."""
    organisation = own(request, slug)
    edit = edits.open_edit(organisation)
    if edit is None:
        messages.error(request, _("Nothing waits any more: everything is decided."))
        return redirect("firms:profile", slug=organisation.slug)
    try:
        edits.withdraw_edit(by=request.user, edit=edit)  # type: ignore[arg-type]
    except NotAllowed:
        messages.error(request, _("Only editors and signatories change the profile."))
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("Your changes were withdrawn. The profile stays as published."))
    return redirect("firms:profile", slug=organisation.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@follows_merges
def give_code(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the code of an organisation that registered itself without one."""
    organisation = own(request, slug)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            incoming.give_code(by=request.user, organisation=organisation, **form.cleaned_data)  # type: ignore[arg-type]
        except StepClosed as closed:
            form.add_error(None, [str(reason) for reason in closed.reasons])
        else:
            messages.success(request, _("The code is kept. A registry officer verifies it."))
            return redirect("firms:profile", slug=organisation.slug)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "firms/give_code.html", {"form": form, "organisation": organisation}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@follows_merges
def confirm_profile(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a signatory confirms, and confirm it with one click."""
    organisation = own(request, slug)
    status = 200
    if request.method == "POST":
        try:
            ORGANISATION.apply(organisation, "confirm", by=request.user, seen=request.POST.get("seen", "")[:60])  # type: ignore[arg-type]
        except StepClosed as closed:
            messages.error(request, " ".join(str(reason) for reason in closed.reasons))
            status = 409
        else:
            messages.success(request, _("Thank you. The profile is confirmed; its page says so."))
            return redirect("firms:profile", slug=organisation.slug)
    fresh = own(request, slug)
    context = {
        "organisation": fresh,
        "sections": profiles.facts(fresh),
        "seen": profiles.fingerprint(fresh),
        "edit": edits.open_edit(fresh),
        "is_open": ORGANISATION.can(request.user, "confirm", fresh),  # type: ignore[arg-type]
        "confirmation": confirming.sentence(fresh),
    }
    return render(request, "firms/confirm_profile.html", context, status=status)
