"""The record of a data room as a file for spreadsheets."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from investors.models import DataRoomView
from investors.models.dataroom_views import DataRoomViewQuerySet
from portal import local_form, spreadsheets

MOST = 10_000
"""The file has no more openings than this: the newest."""


def spreadsheet(found: DataRoomViewQuerySet) -> bytes:
    """Return openings as lines of CSV, in the language of the page.

    Args:
        found: openings in their order; the first ``MOST`` are written.
    """
    headings = [
        pgettext("file", "Opened"), _("Person"), _("On behalf of"), _("Expression of interest"), _("What"),
        _("Tier"), _("SHA-256 of what was shown"), _("Request"),
    ]  # fmt: skip
    return spreadsheets.csv_lines([headings, *(_row(view) for view in found[:MOST])])


def _row(view: DataRoomView) -> list[str]:
    organisation = view.interest.organisation
    return [
        local_form.moment(view.at),
        view.person.name,
        organisation.title if organisation else "",
        view.interest.reference,
        view.document.title if view.document else _("Confidential description"),
        str(view.get_tier_display()),
        view.sha256,
        view.request,
    ]
