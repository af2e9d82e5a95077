"""What an application asks, wants and is judged by."""

from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from incentives.models.profile_facts import ProfileFact, fits_its_kind
from incentives.models.programmes import Programme
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incentives.models.question_parts import Option, TableColumn

MOST_ROWS = 30
"""The most rows that a table asks for."""


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
        return self.title_zh if get_language() == "zh-hans" else self.title_en


class Question(models.Model):
    """One question of a section."""

    class Kind(models.TextChoices):
        TEXT = "text", _("one line")
        LONG = "long", _("several lines")
        NUMBER = "number", _("whole number")
        DATE = "date", _("date")
        MONEY = "money", _("amount in CNY")
        YES_NO = "yes_no", _("yes or no")
        CHOICE = "choice", _("choice")
        TABLE = "table", pgettext_lazy("question", "table")
        FILE = "file", _("file")

    CONDITIONS: ClassVar = (Kind.YES_NO, Kind.CHOICE)
    """Kinds whose answers another question may depend on."""

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
    several = models.BooleanField(_("several answers may be chosen"), default=False)
    rows_least = models.PositiveSmallIntegerField(
        _("rows at least"), default=1, validators=[MaxValueValidator(MOST_ROWS)]
    )
    rows_most = models.PositiveSmallIntegerField(
        _("rows at most"), default=10, validators=[MinValueValidator(1), MaxValueValidator(MOST_ROWS)]
    )
    filled_from = models.CharField(
        _("filled from the profile with"),
        max_length=20,
        choices=ProfileFact,
        blank=True,
        default="",
        db_default="",
        help_text=_("The applicant sees it, marked with its source and date, and can change it."),
    )
    condition_question = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="dependants",
        verbose_name=_("depends on the question"),
    )
    condition_answers = ArrayField(
        models.CharField(max_length=40), verbose_name=_("asked only where the answer is"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    if TYPE_CHECKING:
        options: RelatedManager[Option]
        columns: RelatedManager[TableColumn]
        dependants: RelatedManager["Question"]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "slug"], name="question_once"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["text", "long", "number", "money", "date", "yes_no", "choice", "table", "file"]
                ),
                name="question_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(rows_most__range=(1, MOST_ROWS), rows_least__lte=models.F("rows_most")),
                name="question_rows",
                violation_error_message=_("The least number of rows is above the most."),
            ),
            models.CheckConstraint(
                condition=models.Q(condition_question=None, condition_answers=[])
                | (models.Q(condition_question__isnull=False) & ~models.Q(condition_answers=[])),
                name="question_condition_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(condition_question=None) | ~models.Q(condition_question=models.F("id")),
                name="question_not_its_own_condition",
            ),
            models.CheckConstraint(condition=fits_its_kind(), name="question_filled_from_what_fits"),
        ]
        triggers: ClassVar = [
            History(),
            pgtrigger.Trigger(
                name="condition_of_its_programme",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("condition_question_id", "section_id"),
                func="""
                    IF NEW.condition_question_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM incentives_question q
                          JOIN incentives_section theirs ON theirs.id = q.section_id
                          JOIN incentives_section own ON own.programme_id = theirs.programme_id
                         WHERE q.id = NEW.condition_question_id AND own.id = NEW.section_id) THEN
                        RAISE EXCEPTION 'question % depends on a question of another programme', NEW.slug
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.label_zh if get_language() == "zh-hans" else self.label_en

    def as_data(self) -> dict[str, Any]:
        """Return what a version of the programme keeps of it: of the settings only those of its kind."""
        names = ("slug", "kind", "label_en", "label_zh", "help_en", "help_zh", "required", "maximum_length")
        data = {name: getattr(self, name) for name in names}
        if self.kind == self.Kind.CHOICE:
            data |= {"several": self.several, "options": [option.as_data() for option in self.options.all()]}
        if self.kind == self.Kind.TABLE:
            data |= {"rows_least": self.rows_least, "rows_most": self.rows_most}
            data["columns"] = [column.as_data() for column in self.columns.all()]
        if self.filled_from:
            data["filled_from"] = self.filled_from
        if self.condition_question:
            earlier = self.condition_question
            place = {"section": earlier.section.slug, "question": earlier.slug}
            data["only_if"] = {**place, "any_of": sorted(self.condition_answers)}
        return data


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
        return self.title_zh if get_language() == "zh-hans" else self.title_en


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
        return self.title_zh if get_language() == "zh-hans" else self.title_en
