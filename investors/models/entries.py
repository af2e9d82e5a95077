"""What the search of opportunities looks through, kept true by triggers: every change is found at once, or no more."""

from typing import ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from investors.models.entry_functions import ENTRIES_OF_OWNERS
from investors.models.opportunities import Opportunity, OpportunityCluster


def _after_each_statement(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    old = None if operation is pgtrigger.Insert else "old_rows"
    new = None if operation is pgtrigger.Delete else "new_rows"
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=f"{func} RETURN NULL;",
    )


def _write(name: str, operation: pgtrigger.Operation, ids: str) -> pgtrigger.Trigger:
    return _after_each_statement(name, operation, f"PERFORM investors_write_entries(ARRAY({ids}));")


def _total_triggers() -> list[pgtrigger.Trigger]:
    """Add what each statement changed to the totals of its kind."""
    come = "SELECT kind, unnest(facets) AS value, 1 AS by FROM new_rows"
    gone = "SELECT kind, unnest(facets) AS value, -1 AS by FROM old_rows"
    changes = {
        "totals_of_new": (pgtrigger.Insert, come),
        "totals_of_gone": (pgtrigger.Delete, gone),
        "totals_of_changed": (pgtrigger.Update, f"{come} UNION ALL {gone}"),
    }
    return [
        _after_each_statement(
            name,
            operation,
            "INSERT INTO investors_opportunitytotal (kind, value, number) "  # noqa: S608 -- SQL of ours
            f"SELECT kind, value, sum(by) FROM ({rows}) AS changed WHERE NOT starts_with(value, 'owner:') "
            "GROUP BY kind, value HAVING sum(by) <> 0;",
        )
        for name, (operation, rows) in changes.items()
    ]


class OpportunityEntry(models.Model):
    """A published opportunity of an owner in good standing, cut for searching; past its last day it is not found.

    ``title`` has both titles in small letters, for what is nearly typed so; ``names`` what
    ``investors.models.entry_functions`` makes of titles and owner, ``words`` all that is told, ``body`` the same as it
    stands, title first, where it is to be seen whether characters touch; ``facets`` what it is counted by; the rest
    what lists are sorted by.
    """

    opportunity = models.OneToOneField(
        Opportunity, models.CASCADE, primary_key=True, related_name="search_entry", verbose_name=_("opportunity")
    )
    kind = models.CharField(max_length=24)
    title = models.TextField()
    names = SearchVectorField()
    words = SearchVectorField()
    body = models.TextField()
    facets = ArrayField(models.TextField(), default=list)
    last_day = models.DateField()
    published_at = models.DateTimeField()
    amount = models.DecimalField(max_digits=15, decimal_places=2)
    area = models.DecimalField(max_digits=9, decimal_places=2)
    rent = models.DecimalField(max_digits=15, decimal_places=2)

    class Meta:
        verbose_name = _("search entry of an opportunity")
        verbose_name_plural = _("search entries of opportunities")
        indexes: ClassVar = [
            GinIndex(fields=["names", "words", "facets"], name="opportunity_entry_found"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="opportunity_entry_title"),
            models.Index(fields=["published_at", "opportunity"], name="opportunity_entry_newest"),
            models.Index(fields=["last_day", "opportunity"], name="opportunity_entry_ending"),
            models.Index(fields=["amount", "opportunity"], name="opportunity_entry_amount"),
            models.Index(fields=["area", "opportunity"], name="opportunity_entry_area"),
            models.Index(fields=["rent", "opportunity"], name="opportunity_entry_rent"),
        ]
        triggers: ClassVar = _total_triggers()

    def __str__(self) -> str:
        return str(self.pk)


class OpportunityTotal(models.Model):
    """How many entries of a kind are counted in a group, as sums of changes: writers never wait for each other."""

    kind = models.CharField(max_length=24)
    value = models.TextField()
    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("total of opportunities")
        verbose_name_plural = _("totals of opportunities")

    def __str__(self) -> str:
        return f"{self.kind} {self.value} {self.number}"


def _entries_of_owner() -> pgtrigger.Trigger:
    """Write the entries of owners that changed: first it waits for what is being published of them, then it looks."""
    changed = (
        "(n.status, n.kind, n.name_zh, n.name_en, n.name_pinyin) IS DISTINCT FROM "
        "(o.status, o.kind, o.name_zh, o.name_en, o.name_pinyin)"
    )
    rows = "new_rows n JOIN old_rows o ON o.id = n.id JOIN investors_opportunity p ON p.owner_id = n.id"
    return _after_each_statement(
        "entries_of_owner",
        pgtrigger.Update,
        f"PERFORM pg_advisory_xact_lock({ENTRIES_OF_OWNERS}, place) FROM "  # noqa: S608 -- SQL of ours
        f"(SELECT DISTINCT (n.id % 64)::integer AS place FROM {rows} WHERE {changed} ORDER BY 1) AS places; "
        f"PERFORM investors_write_entries(ARRAY(SELECT p.id FROM {rows} WHERE p.status = 'published' AND {changed}));",
    )


class OpportunityOwner(Organisation):
    """An organisation, watched here for what its opportunities are found by: its standing, kind and names."""

    class Meta:
        proxy = True
        verbose_name = _("owner of opportunities")
        verbose_name_plural = _("owners of opportunities")
        triggers: ClassVar = [_entries_of_owner()]


pgtrigger.register(
    _write("entries_of_new", pgtrigger.Insert, "SELECT id FROM new_rows WHERE status = 'published'"),
    _write(
        "entries_of_changed",
        pgtrigger.Update,
        "SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE 'published' IN (n.status, o.status)",
    ),
)(Opportunity)
pgtrigger.register(
    _write("entries_of_new", pgtrigger.Insert, "SELECT opportunity_id FROM new_rows"),
    _write("entries_of_gone", pgtrigger.Delete, "SELECT opportunity_id FROM old_rows"),
    _write(
        "entries_of_changed",
        pgtrigger.Update,
        "SELECT opportunity_id FROM new_rows UNION SELECT opportunity_id FROM old_rows",
    ),
)(OpportunityCluster)
