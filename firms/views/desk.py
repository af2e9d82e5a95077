"""My organisations: what I act for, my claims, registering another one, and its members."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firms.forms.organisations import EditorForm, RegisterForm
from firms.models import Claim, Membership, Organisation
from firms.rules import is_signatory
from firms.services.members import add_editor
from firms.services.members import end_membership as end
from firms.services.organisations import register_organisation
from firms.views.merged import follows_merges
from portal.lifecycle import StepClosed


@require_safe
@login_required
def my_organisations(request: HttpRequest) -> HttpResponse:
    """Show the organisations that the person acts for, and their claims."""
    memberships = Membership.objects.active().filter(user=request.user)  # type: ignore[misc]
    claims = Claim.objects.filter(claimant=request.user)  # type: ignore[misc]
    context = {
        "memberships": memberships.select_related("organisation").order_by("organisation__sort_en", "pk"),
        "claims": claims.with_due_date().select_related("organisation").order_by("-pk")[:50],
    }
    return render(request, "firms/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register(request: HttpRequest) -> HttpResponse:
    """Register an organisation that is about to move in."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            register_organisation(by=request.user, organisation=form.save(commit=False))  # type: ignore[arg-type]
        except StepClosed as closed:
            form.add_error(None, [str(reason) for reason in closed.reasons])
        else:
            messages.success(request, _("Your organisation is registered. It stays unlisted until it is verified."))
            return redirect("firms:desk")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "firms/register.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@follows_merges
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the members of one's organisation; a signatory adds editors."""
    organisation = get_object_or_404(Organisation.objects.with_member(request.user), slug=slug)
    may_change = is_signatory(request.user, organisation)
    form = EditorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_editor(by=request.user, organisation=organisation, **form.cleaned_data)  # type: ignore[arg-type]
        except StepClosed as closed:
            form.add_error(None, [str(reason) for reason in closed.reasons])
        else:
            messages.success(request, _("If there is an account with this address, it is an editor now."))
            return redirect("firms:members", slug=organisation.slug)
    context = {
        "organisation": organisation,
        "members": Membership.objects.active().filter(organisation=organisation).select_related("user").order_by("pk"),
        "may_change": may_change,
        "form": form,
    }
    return render(request, "firms/members.html", context, status=422 if form.is_bound and form.errors else 200)


@require_POST
@login_required
def end_membership(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a membership of one's organisation."""
    organisation = get_object_or_404(Organisation.objects.with_member(request.user), slug=slug)
    membership = get_object_or_404(Membership.objects.active().filter(organisation=organisation), pk=pk)
    try:
        end(by=request.user, membership=membership)  # type: ignore[arg-type]
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("The membership has ended."))
    return redirect("firms:members", slug=organisation.slug)
