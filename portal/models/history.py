"""What was changed, by whom: written by triggers, never changed, sealed in a chain."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.triggers import AppendOnly


class HistoryQuerySet(models.QuerySet["HistoryEntry"]):
    """Reading history."""

    def of(self, obj: models.Model) -> "HistoryQuerySet":
        """Return the entries of one row, oldest first."""
        return self.filter(subject_table=obj._meta.db_table, subject_id=str(obj.pk)).order_by("id")


class HistoryEntry(models.Model):
    """One change of one governed row, written by the ``History`` trigger of its table."""

    at = models.DateTimeField(_("at"), db_default=Now())
    txid = models.BigIntegerField(_("transaction"), editable=False)
    subject_table = models.CharField(_("table"), max_length=63)
    subject_id = models.CharField(_("row"), max_length=64)
    operation = models.CharField(_("operation"), max_length=6)
    was = models.JSONField(_("before"))
    now = models.JSONField(_("after"))
    actor = models.CharField(_("actor"), max_length=150)
    request = models.CharField(_("request"), max_length=64, blank=True)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        indexes: ClassVar = [
            models.Index(fields=["subject_table", "subject_id", "id"], name="history_subject"),
            models.Index(fields=["txid"], name="history_txid"),
            models.Index(fields=["subject_table", "id"], name="history_table"),
            models.Index(fields=["actor", "id"], name="history_actor"),
            models.Index(fields=["request"], name="history_request", condition=~models.Q(request="")),
        ]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.subject_table} {self.subject_id}: {self.operation}"


class Seal(models.Model):
    """A link of the chain over history: the digest of the rows it covers and of the link before."""

    at = models.DateTimeField(db_default=Now())
    upto = models.BigIntegerField(help_text="Every transaction below this id had ended.")
    entries = models.IntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    ids = models.TextField(help_text="The ids covered, as an int8multirange.")
    digest = models.BinaryField()

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.pk}: {self.entries}"
