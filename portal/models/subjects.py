"""Rows about any other row: steps taken, deadlines, documents."""

from typing import ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class AboutQuerySet[M: "About"](models.QuerySet[M]):
    """Reading rows by what they are about."""

    def about(self, obj: models.Model) -> Self:
        """Return the rows about one object."""
        return self.filter(subject_type=ContentType.objects.get_for_model(obj), subject_id=obj.pk)


class About(models.Model):
    """A row that is about one row of any table."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, editable=False, related_name="+")
    subject_id = models.BigIntegerField(editable=False)
    subject = GenericForeignKey("subject_type", "subject_id")

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(fields=["subject_type", "subject_id"], name="%(app_label)s_%(class)s_about"),
        ]
