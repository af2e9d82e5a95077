"""Rows about any other row: steps taken, deadlines, documents."""

from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class AboutQuerySet[M: "About"](models.QuerySet[M]):
    """Reading rows by what they are about."""

    def about(self, obj: models.Model) -> Self:
        """Return the rows about one object."""
        return self.filter(subject_type=ContentType.objects.get_for_model(obj), subject_id=obj.pk)


class About(models.Model):
    """A row that is about one row of any table."""

    subject_type = models.ForeignKey(
        ContentType, models.PROTECT, editable=False, related_name="+", verbose_name=_("kind of record")
    )
    subject_id = models.BigIntegerField(_("record"), editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="%(app_label)s_%(class)s_about"),
        ]

    def lock_subject(self, *, nowait: bool = False) -> Any:
        """Read and lock the row that it is about, for the rest of the transaction; None where it is gone."""
        model: Any = ContentType.objects.get_for_id(self.subject_type_id).model_class()
        if model is None:
            return None
        rows = model._base_manager.select_for_update(of=("self",), nowait=nowait)
        return next(iter(rows.filter(pk=self.subject_id)), None)
