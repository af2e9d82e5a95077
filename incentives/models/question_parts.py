"""What belongs to a question: the answers to choose from, and the columns of a table."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incentives.models.questions import Question
from portal.triggers import History


class Option(models.Model):
    """One of the answers that a choice offers."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options", verbose_name=_("question"))
    slug = models.SlugField(_("key"), max_length=40)
    label_en = models.CharField(_("answer in English"), max_length=150)
    label_zh = models.CharField(_("answer in Chinese"), max_length=150)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("answer to choose")
        verbose_name_plural = _("answers to choose from")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "slug"], name="option_once"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.label_zh if get_language() == "zh-hans" else self.label_en

    def as_data(self) -> dict[str, Any]:
        """Return what a version of the programme keeps of it."""
        return {name: getattr(self, name) for name in ("slug", "label_en", "label_zh")}


class TableColumn(models.Model):
    """One column of a table."""

    class Kind(models.TextChoices):
        TEXT = "text", _("one line")
        NUMBER = "number", _("whole number")
        MONEY = "money", _("amount in CNY")
        DATE = "date", _("date")

    question = models.ForeignKey(Question, models.CASCADE, related_name="columns", verbose_name=_("question"))
    slug = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    label_en = models.CharField(_("heading in English"), max_length=100)
    label_zh = models.CharField(_("heading in Chinese"), max_length=100)
    required = models.BooleanField(_("required"), default=True, help_text=_("In each row that is begun."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("column")
        verbose_name_plural = _("columns")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["question", "slug"], name="table_column_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["text", "number", "money", "date"]), name="table_column_kind_known"
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.label_zh if get_language() == "zh-hans" else self.label_en

    def as_data(self) -> dict[str, Any]:
        """Return what a version of the programme keeps of it."""
        return {name: getattr(self, name) for name in ("slug", "kind", "label_en", "label_zh", "required")}
