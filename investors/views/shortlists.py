"""The shortlist: adding by a page with one button, the list, notes, taking off and putting back."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from investors import comparing, shortlisting
from investors.forms.shortlists import ItemForm, NoteForm
from investors.models import Opportunity
from investors.services.sharing import links_of
from investors.services.shortlists import ListIsFull
from investors.shortlisting import Entry
from investors.visitor_lists import Shortlist, holder_of, shortlist_of, waiting_in


@require_safe
@never_cache
def shortlist(request: HttpRequest) -> HttpResponse:
    """Show the list of somebody without an account; whoever is signed in has it at the desk."""
    if request.user.is_authenticated:
        return redirect("investors:own_shortlist")
    return _page(request)


@login_required
@never_cache
@require_safe
def own_shortlist(request: HttpRequest) -> HttpResponse:
    """Show the list of the person."""
    return _page(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Ask whether an opportunity is to be kept, and keep it: its public page carries nothing of the visitor."""
    found = Opportunity.objects.published().select_related("owner")
    slug = (request.POST or request.GET).get("item", "")
    opportunity = get_object_or_404(found, slug=slug)
    kept = shortlist_of(request)
    if request.method != "POST":
        has_it = any(entry.pk == opportunity.pk for entry in kept.entries())
        return render(request, "investors/add_to_shortlist.html", {"opportunity": opportunity, "has_it": has_it})
    try:
        kept.keep(Entry.of(opportunity))
    except ListIsFull:
        messages.error(request, _full(kept))
    else:
        messages.success(request, _("It is on your shortlist."))
    return redirect(_address(request))


@never_cache
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take an item off; the list then offers to put it back."""
    form = ItemForm(request.POST)
    if not form.is_valid():
        raise Http404
    dropped = shortlist_of(request).drop(form.cleaned_data["item"])
    return redirect(_address(request, {"removed": "1"} if dropped else {}))


@never_cache
@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """Put back what was taken off last."""
    kept = shortlist_of(request)
    try:
        entry = kept.put_back()
    except ListIsFull:
        messages.error(request, _full(kept))
    else:
        if entry:
            messages.success(request, _("It is on your shortlist again."))
    return redirect(_address(request))


@never_cache
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """Keep what the person notes to an item."""
    form = NoteForm(request.POST)
    if "item" in form.errors:
        raise Http404
    if not form.is_valid():
        return _page(request, wrong=form, status=422)
    if not shortlist_of(request).note(form.cleaned_data["item"], form.cleaned_data["note"]):
        raise Http404
    messages.success(request, _("The note is saved."))
    return redirect(_address(request))


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show up to five opportunities side by side: a page for everybody, whose address can be passed on."""
    slugs = list(dict.fromkeys(request.GET.getlist("item")))
    found = Opportunity.objects.published().filter(slug__in=slugs[: comparing.MOST])
    by_slug = {one.slug: one for one in found.select_related("owner", "subdistrict").prefetch_related("clusters")}
    compared = [by_slug[slug] for slug in slugs if slug in by_slug]
    context = {
        "opportunities": [(one, _compare_without(compared, one)) for one in compared],
        "rows": comparing.compare(compared),
        "most": comparing.MOST,
        "too_many": len(slugs) > comparing.MOST,
        "gone": len(slugs[: comparing.MOST]) - len(compared),
    }
    return render(request, "investors/compare.html", context)


def _compare_without(compared: list[Opportunity], left_out: Opportunity) -> str:
    return "?" + urlencode([("item", one.slug) for one in compared if one != left_out])


def _page(request: HttpRequest, *, wrong: NoteForm | None = None, status: int = 200) -> HttpResponse:
    kept = shortlist_of(request)
    lines = shortlisting.lines(kept.entries())
    context = {
        "rows": [(line, _note_form(line.entry, wrong)) for line in lines],
        "public": sum(1 for line in lines if line.opportunity),
        "dropped": kept.dropped() if "removed" in request.GET else None,
        "waiting": len(waiting_in(request.session)) if request.user.is_authenticated else 0,
        "links": links_of(holder_of(request)),
        "most": kept.most,
        "most_compared": comparing.MOST,
        "wrong": wrong,
    }
    return render(request, "investors/shortlist.html", context, status=status)


def _note_form(entry: Entry, wrong: NoteForm | None) -> NoteForm:
    """Return the form for the note of an item: as it was sent, where it was sent with a mistake."""
    if wrong and wrong.cleaned_data.get("item") == entry.pk:
        return wrong
    return NoteForm(initial={"item": entry.pk, "note": entry.note}, prefix=None, auto_id=f"id_%s_{entry.pk}")


def _address(request: HttpRequest, query: dict[str, str] | None = None) -> str:
    name = "investors:own_shortlist" if request.user.is_authenticated else "investors:shortlist"
    return reverse(name, query=query or None)


def _full(kept: Shortlist) -> str:
    return ngettext(
        "Your shortlist holds %(most)d opportunity, as many as it can. Take one off first.",
        "Your shortlist holds %(most)d opportunities, as many as it can. Take one off first.",
        kept.most,
    ) % {"most": kept.most}
