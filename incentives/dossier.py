"""All that staff need to know before they decide on an application, read at once: at most one dossier a request."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from firms.models import Certificate, ClusterMembership, YearlyFigure
from incentives import changes, linking
from incentives.facts import Facts, Text, in_language
from incentives.models import Application, Flag, Note, Objection, Screening, Snapshot
from portal import clock
from portal.models import Document
from portal.together import as_prefetched, together

MOST_EARLIER = 50


@dataclass(frozen=True)
class Earlier:
    """Another application of the applicant, or of an organisation that is linked to it."""

    pk: int
    number: str
    organisation: Text
    is_own: bool
    programme: Text
    round_id: int
    status: str
    label: Text
    requested: Decimal
    awarded: Decimal | None
    organisation_id: int


@dataclass(frozen=True)
class Dossier:
    """What is known about an application beside its own rows."""

    on: date
    snapshot: Snapshot | None
    previous: Snapshot | None
    screening: Screening | None
    facts: Facts
    changed: list[changes.Changed]
    linked: list[linking.Linked]
    earlier: list[Earlier]
    flags: list[Flag]
    notes: list[Note]
    objections: list[Objection]
    scans: dict[str, dict[str, str]]

    @property
    def submitted(self) -> dict[str, Any]:
        """What was submitted last."""
        content: dict[str, Any] = self.snapshot.content if self.snapshot else {}
        return content

    @property
    def open_flags(self) -> list[Flag]:
        """What nobody has settled yet."""
        return [flag for flag in self.flags if flag.status == Flag.Status.OPEN]


def dossier_of(application: Application) -> Dossier:
    """Return the dossier of an application: two queries, remembered by this very object.

    A lifecycle's step reads the row anew and with it a new object, so it never decides from memory.
    """
    known: Dossier | None = application.__dict__.get("_dossier")
    if known is None:
        known = application.__dict__["_dossier"] = _read(application)
    return known


def forget(application: Application) -> None:
    """Read it anew next time: something was written meanwhile."""
    application.__dict__.pop("_dossier", None)


def _read(application: Application) -> Dossier:
    firm = application.organisation
    linked_sql = linking.sql(firm)
    documents = Document.objects.filter(
        subject_type=ContentType.objects.get_for_model(Application), subject_id=application.pk
    )
    snapshots, screenings, flags, notes, objections, scans, rows, earlier, certificates, clusters, figures = together(
        Snapshot.objects.filter(application=application).order_by("-id")[:2],
        Screening.objects.filter(application=application).select_related("by").order_by("-id")[:1],
        Flag.objects.filter(application=application).select_related("owner", "opened_by", "resolved_by").order_by("id"),
        Note.objects.filter(application=application).select_related("by").order_by("-id"),
        Objection.objects.filter(application=application).order_by("id"),
        documents.values("uid", "status", "scanned_by"),
        linked_sql,
        _earlier(application, linked_sql),
        Certificate.objects.filter(organisation=firm),
        ClusterMembership.objects.filter(organisation=firm).select_related("cluster").order_by("cluster__position"),
        YearlyFigure.objects.filter(organisation=firm),
    )
    as_prefetched(firm, certificates=certificates, cluster_memberships=clusters, yearly_figures=figures)
    today: date = timezone.localdate(timezone=clock.SHANGHAI)
    facts = changes.facts_today(firm, on=today, apart_from=application)
    snapshot = snapshots[0] if snapshots else None
    return Dossier(
        on=today,
        snapshot=snapshot,
        previous=snapshots[1] if len(snapshots) > 1 else None,
        screening=screenings[0] if screenings else None,
        facts=facts,
        changed=changes.changed(snapshot.content if snapshot else {}, facts),
        linked=linking.from_rows([tuple(row[name] for name in linking.COLUMNS) for row in rows]),
        earlier=[_one(row, firm.pk) for row in earlier],
        flags=flags,
        notes=notes,
        objections=objections,
        scans={row.pop("uid"): row for row in scans},
    )


def _earlier(application: Application, linked_sql: str) -> Any:
    """Return the other applications of the applicant and of what is linked to it, the newest first."""
    ids = RawSQL(f"SELECT id FROM ({linked_sql}) linked", ())  # noqa: S608, S611 -- numbers of ours
    theirs = Q(organisation=application.organisation_id) | Q(organisation__in=ids)
    found = Application.objects.filter(theirs, number__isnull=False).exclude(pk=application.pk)
    return found.order_by("-id").values(
        "id",
        "number",
        "organisation_id",
        "organisation__name_en",
        "organisation__name_pinyin",
        "organisation__name_zh",
        "round_id",
        "round__programme__title_en",
        "round__programme__title_zh",
        "status",
        "requested_amount",
        "award__amount",
    )[:MOST_EARLIER]


def _one(row: dict[str, Any], firm: int) -> Earlier:
    english = row["organisation__name_en"] or row["organisation__name_pinyin"]
    awarded = row["award__amount"]
    return Earlier(
        pk=row["id"],
        number=row["number"],
        organisation=in_language(english, row["organisation__name_zh"]),
        is_own=row["organisation_id"] == firm,
        programme=in_language(row["round__programme__title_en"], row["round__programme__title_zh"]),
        round_id=row["round_id"],
        status=row["status"],
        label=Application.Status(row["status"]).label,
        requested=Decimal(row["requested_amount"] or 0),
        awarded=None if awarded is None else Decimal(awarded),
        organisation_id=row["organisation_id"],
    )
