"""Commitments as a spreadsheet."""

from collections.abc import Iterator
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from investors.committing import source_in_words, standing
from investors.models import Commitment
from portal import local_form, spreadsheets

MOST = 10_000
"""A spreadsheet has no more commitments than this."""


def spreadsheet(found: QuerySet[Commitment]) -> IO[bytes]:
    """Return a workbook of commitments, in the language of the page.

    Args:
        found: with what the columns name, in their order; the first ``MOST`` are written.
    """
    columns = {
        pgettext("commitment", "Reference"): 18, _("Made to"): 36,
        _("Promise (Chinese)"): 50, _("Promise (English)"): 50,
        _("Answers for it"): 24, _("Promised in"): 40, _("Made on"): 14,
        pgettext("commitment", "Due"): 14, _("Status"): 16,
        _("Settled on"): 14, _("How it was kept"): 50, _("Why it was not kept"): 50, _("What happens now"): 50,
        _("Takes the place of"): 18,
    }  # fmt: skip
    return spreadsheets.workbook(spreadsheets.Sheet(_("Commitments"), [*columns], [*columns.values()], _rows(found)))


def _rows(found: QuerySet[Commitment]) -> Iterator[list[str]]:
    for one in found[:MOST].iterator(chunk_size=500):
        yield [
            one.reference,
            one.beneficiary,
            one.text_zh,
            one.text_en,
            one.owner.name,
            source_in_words(one),
            local_form.day(one.made_at),
            local_form.day(one.due_on),
            str(standing(one).label),
            local_form.day(one.settled_at),
            one.evidence,
            one.reasons,
            one.next_step,
            one.follows.reference if one.follows else "",
        ]
