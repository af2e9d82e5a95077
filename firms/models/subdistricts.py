"""The twelve subdistricts (街道) of Yangpu."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Subdistrict(models.Model):
    """A subdistrict, and where it stands on the tile grid (north on top)."""

    code = models.CharField(_("code"), max_length=9, primary_key=True)
    slug = models.SlugField(_("slug"), unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=20, unique=True)
    name_en = models.CharField(_("name in English"), max_length=40, unique=True)
    row = models.PositiveSmallIntegerField(_("row of the tile grid"))
    column = models.PositiveSmallIntegerField(_("column of the tile grid"))

    class Meta:
        verbose_name = _("subdistrict")
        verbose_name_plural = _("subdistricts")
        ordering: ClassVar = ["row", "column"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["row", "column"], name="subdistrict_one_per_tile"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^310110\d{3}$"), name="subdistrict_code"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if get_language() == "zh-hans" else self.name_en
