"""What the directory's search looks through, apart from the rows it finds."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """The names of an organisation, cut for searching; written with the organisation.

    ``grams`` holds each Chinese character and each pair of neighbours, since trigrams find nothing for words of
    two characters. ``latin`` holds English name, pinyin with and without spaces, initials and codes.
    """

    organisation = models.OneToOneField(
        "firms.Organisation", models.CASCADE, primary_key=True, related_name="search_entry"
    )
    grams = SearchVectorField()
    latin = models.TextField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes: ClassVar = [
            GinIndex(fields=["grams"], name="search_entry_grams"),
            GinIndex(OpClass("latin", name="gin_trgm_ops"), name="search_entry_latin"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
