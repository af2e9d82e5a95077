"""Where an organisation comes from and went to: what was merged into it, and the history of all of them."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from firms.models import Organisation
from portal import local_form
from portal.admin.edits import told
from portal.models import HistoryEntry, StepTaken

_MOST = 30
_LINK = '<a class="text-primary-600 underline" href="{}">{}</a>'
_BREAK = SafeString("<br>")
_TOLD: dict[str, type[Model]] = {Organisation._meta.db_table: Organisation}


def line(organisation: Organisation) -> list[Organisation]:
    """Return an organisation and what was merged into it."""
    return [organisation, *organisation.predecessors.order_by("pk")]


def predecessors(organisation: Organisation) -> SafeString:
    """Name what was merged into an organisation, with code, old address on the site, when, by whom and why."""
    about = ContentType.objects.get_for_model(Organisation)
    merges = {
        step.subject_id: step
        for step in StepTaken.objects.filter(
            subject_type=about, subject_id__in=organisation.predecessors.values("pk"), step="merge"
        ).select_related("by")
    }
    rows = []
    for one in organisation.predecessors.order_by("pk"):
        step = merges.get(one.pk)
        words = [one.uscc or one.foreign_number, f"/firms/{one.slug}/"]
        if step:
            words += [local_form.moment(step.at), str(step.by), step.reason]
        rows.append((_page(one), " · ".join(filter(None, words))))
    return format_html_join(_BREAK, "{} · {}", rows) or SafeString("–")


def survivor(organisation: Organisation) -> SafeString:
    """Lead to what an organisation was merged into."""
    return _page(organisation.merged_into) if organisation.merged_into else SafeString("–")


def compare(organisation: Organisation) -> SafeString:
    """Lead to the page on which it is compared with another."""
    if organisation.is_merged:
        return SafeString("–")
    url = f"{reverse('admin:firms_duplicate_by_hand')}?first={organisation.pk}"
    return format_html(_LINK, url, _("Compare with another organisation"))


def changes(organisation: Organisation) -> SafeString:
    """Tell the last changes of an organisation and of what was merged into it."""
    named = {str(one.pk): "" if one == organisation else f" ({one})" for one in line(organisation)}
    entries = HistoryEntry.objects.filter(subject_table=Organisation._meta.db_table, subject_id__in=named)
    rows = ((told(entry, _TOLD), named[entry.subject_id]) for entry in entries.order_by("-id")[:_MOST])
    return format_html_join("", '<p class="mb-2">{}{}</p>', rows) or SafeString("–")


def _page(organisation: Organisation) -> SafeString:
    url = reverse("admin:firms_organisation_change", args=[organisation.pk])
    return format_html(_LINK, url, organisation)
