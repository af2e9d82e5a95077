"""Industries after the national standard GB/T 4754-2017."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class IndustryQuerySet(models.QuerySet["Industry"]):
    """Reading industries."""

    def nearest_to(self, code: str) -> "Industry | None":
        """Return the class of a code, or the nearest of its group and division that is known."""
        parts = [code[:length] for length in (4, 3, 2)]
        return self.filter(code__in=parts).order_by("-level").first()


class Industry(models.Model):
    """A section (``I``), division (``65``) or class (``6513``) of the standard."""

    class Level(models.IntegerChoices):
        SECTION = 1, _("section")
        DIVISION = 2, _("division")
        CLASS = 4, _("class")

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=120)

    objects = IndustryQuerySet.as_manager()

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(code__regex=r"^([A-T]|\d{2}|\d{4})$"), name="industry_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        return self.name_zh if get_language() == "zh-hans" else self.name_en
