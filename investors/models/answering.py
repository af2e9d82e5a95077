"""What helps officers to answer: templates in both languages, and drafts that are kept."""

import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from investors.models.inquiries import Inquiry
from portal.models import User
from portal.triggers import History

PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")
PLACEHOLDERS = ("name", "reference", "subject", "topic", "officer")
"""What may stand in braces in a template, and is filled in from the inquiry."""

_LONGEST = 5000


def validate_placeholders(text: str) -> None:
    """Refuse what nothing would fill in.

    Raises:
        ValidationError: something else stands in braces.
    """
    if unknown := [name for name in PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]:
        raise ValidationError(
            _("{%(name)s} is not filled in from inquiries. These are: %(known)s."),
            params={"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)},
        )


class AnswerTemplateQuerySet(models.QuerySet["AnswerTemplate"]):
    """Reading templates."""

    def offered_for(self, inquiry: Inquiry) -> "AnswerTemplateQuerySet":
        """Return those for the inquiry's topic, and those for any."""
        return self.filter(is_offered=True, topic__in=["", inquiry.topic]).order_by("-topic", "name", "pk")


class AnswerTemplate(models.Model):
    """Words that many answers share, in both languages, for one topic or for any."""

    name = models.CharField(_("title"), max_length=100, unique=True)
    topic = models.CharField(
        _("topic"), max_length=12, choices=Inquiry.Topic, blank=True, help_text=_("Empty: for every topic.")
    )
    text_en = models.TextField(_("text (English)"), max_length=_LONGEST, validators=[validate_placeholders])
    text_zh = models.TextField(_("text (Chinese)"), max_length=_LONGEST, validators=[validate_placeholders])
    is_offered = models.BooleanField(_("offered"), default=True)

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(text_en="") & ~models.Q(text_zh=""), name="answer_template_in_both_languages"
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.name


class AnswerDraft(models.Model):
    """What an officer has typed of an answer and not sent: convenience, not record. Erased with the inquiry's texts."""

    inquiry = models.ForeignKey(Inquiry, models.CASCADE, related_name="drafts", verbose_name=_("inquiry"))
    author = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("text"), max_length=_LONGEST, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    saved_at = models.DateTimeField(_("saved"), db_default=Now())

    class Meta:
        verbose_name = _("draft of an answer")
        verbose_name_plural = _("drafts of answers")
        constraints: ClassVar = [models.UniqueConstraint(fields=["inquiry", "author"], name="answer_draft_once")]

    def __str__(self) -> str:
        return f"{self.inquiry_id}: {self.author_id}"
