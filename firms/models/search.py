"""What the directory's search looks through, apart from the rows it finds."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from firms.models.facets import total_triggers


class SearchEntry(models.Model):
    """An organisation cut for searching; written with the organisation by ``firms.services.search_entries``.

    ``names`` and ``words`` (names and texts) hold what ``firms.search.lexemes`` makes of them, ``near`` the names with
    one character left out, ``body`` the Chinese, name first, where it is to be seen whether characters touch.
    ``facets`` says in which groups a listed organisation is counted; triggers keep it and the totals true.
    """

    organisation = models.OneToOneField(
        "firms.Organisation", models.CASCADE, primary_key=True, related_name="search_entry"
    )
    names = SearchVectorField()
    words = SearchVectorField()
    near = SearchVectorField()
    body = models.TextField()
    size = models.PositiveSmallIntegerField()
    facets = ArrayField(models.TextField(), default=list)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes: ClassVar = [
            GinIndex(fields=["names", "words", "facets"], name="search_entry_found"),
            GinIndex(fields=["near"], name="search_entry_near"),
        ]
        triggers: ClassVar = total_triggers()

    def __str__(self) -> str:
        return str(self.pk)


class FacetTotal(models.Model):
    """How many listed organisations are in a group, as sums of changes: writers never wait for each other."""

    value = models.TextField()
    number = models.BigIntegerField()

    class Meta:
        verbose_name = _("total of a facet")
        verbose_name_plural = _("totals of facets")

    def __str__(self) -> str:
        return f"{self.value} {self.number}"
