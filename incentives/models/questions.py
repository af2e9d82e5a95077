"""What an application asks, wants and is judged by."""

from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.programmes import Programme
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Section(models.Model):
    """A page of the application form."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="sections", verbose_name=_("programme"))
    slug = models.SlugField(_("address"), max_length=40)
    title_en = models.CharField(_("title in English"), max_length=100)
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    if TYPE_CHECKING:
        questions: RelatedManager["Question"]

    class Meta:
        verbose_name = pgettext_lazy("application form", "section")
        verbose_name_plural = _("sections")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "slug"], name="section_once"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_en


class Question(models.Model):
    """One question of a section."""

    class Kind(models.TextChoices):
        TEXT = "text", _("one line")
        LONG = "long", _("several lines")
        NUMBER = "number", _("whole number")
        DATE = "date", _("date")
        YES_NO = "yes_no", _("yes or no")

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="questions", verbose_name=pgettext_lazy("application form", "section")
    )
    slug = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.LONG)
    label_en = models.CharField(_("question in English"), max_length=200)
    label_zh = models.CharField(_("question in Chinese"), max_length=200)
    help_en = models.CharField(_("hint in English"), max_length=300, blank=True)
    help_zh = models.CharField(_("hint in Chinese"), max_length=300, blank=True)
    required = models.BooleanField(_("required"), default=True)
    maximum_length = models.PositiveIntegerField(
        _("most characters"), default=2000, validators=[MinValueValidator(1), MaxValueValidator(20_000)]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "slug"], name="question_once"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.label_en


class WantedDocument(models.Model):
    """A document that the application needs."""

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="wanted_documents", verbose_name=_("programme")
    )
    slug = models.SlugField(_("key"), max_length=40)
    title_en = models.CharField(_("title in English"), max_length=150)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    required = models.BooleanField(_("required"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("wanted document")
        verbose_name_plural = _("wanted documents")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "slug"], name="wanted_document_once"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_en


class RubricItem(models.Model):
    """One thing that reviewers score, with its weight."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="rubric", verbose_name=_("programme"))
    slug = models.SlugField(_("key"), max_length=40)
    title_en = models.CharField(_("title in English"), max_length=150)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    weight = models.PositiveSmallIntegerField(
        _("weight (%)"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("rubric item")
        verbose_name_plural = _("rubric")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "slug"], name="rubric_item_once"),
            models.CheckConstraint(condition=models.Q(weight__range=(1, 100)), name="rubric_weight"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_en
