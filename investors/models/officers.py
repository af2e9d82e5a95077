"""Who answers: the officers with their languages and telephones, and what is promised of each topic."""

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from investors.models.inquiries import Inquiry
from portal.models import User
from portal.triggers import History

MOST_DAYS = 60
"""The longest promise that is still one, in working days."""


def _telephone() -> "models.CharField[Any, Any]":
    number = RegexValidator(r"^\+?[0-9][0-9 ()\-]*\Z", _("Digits, spaces, brackets and hyphens."))
    return models.CharField(_("telephone"), max_length=40, blank=True, validators=[number])


def _working_days(label: Any) -> "models.PositiveSmallIntegerField[Any, Any]":
    bounds = [MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    return models.PositiveSmallIntegerField(label, validators=bounds)


class Officer(models.Model):
    """A member of staff who answers inquiries, as the public reads of them."""

    user = models.OneToOneField(User, models.PROTECT, related_name="officer", verbose_name=_("member of staff"))
    telephone = _telephone()
    answers_en = models.BooleanField(_("answers in English"), default=True)
    answers_zh = models.BooleanField(_("answers in Chinese"), default=True)
    deputy = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deputy_of",
        verbose_name=_("deputy"),
        help_text=_("Takes over during an absence, and hears when the officer is late."),
    )

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        ordering: ClassVar = ["user__name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(answers_en=True) | models.Q(answers_zh=True), name="officer_answers_in_a_language"
            ),
            models.CheckConstraint(
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("user")), name="officer_deputy_is_another"
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return str(self.user)


class InquiryTopic(models.Model):
    """What is promised of a topic of inquiries, who answers it, and under which number."""

    code = models.CharField(_("topic"), max_length=12, choices=Inquiry.Topic, unique=True, editable=False)
    acknowledge_days = _working_days(_("working days to confirm the receipt"))
    answer_days = _working_days(_("working days to answer"))
    telephone = _telephone()
    officers: "models.ManyToManyField[Officer, TopicOfficer]" = models.ManyToManyField(
        Officer, through="investors.TopicOfficer", related_name="topics", verbose_name=_("officers")
    )

    class Meta:
        verbose_name = _("topic of inquiries")
        verbose_name_plural = _("topics of inquiries")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    acknowledge_days__gte=1,
                    answer_days__gte=models.F("acknowledge_days"),
                    answer_days__lte=MOST_DAYS,
                ),
                name="inquiry_topic_days_in_order",
                violation_error_message=_("An answer is promised at the earliest for the day of the confirmation."),
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.get_code_display()


class TopicOfficer(models.Model):
    """An officer who answers a topic."""

    topic = models.ForeignKey(InquiryTopic, models.CASCADE, related_name="+", verbose_name=_("topic"))
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+", verbose_name=_("officer"))

    class Meta:
        verbose_name = _("officer of a topic")
        verbose_name_plural = _("officers of a topic")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "officer"], name="topic_officer_once"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return str(self.officer)
