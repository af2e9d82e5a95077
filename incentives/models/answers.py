"""What the applicant writes: answers by section, and documents."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.applications import Application
from incentives.models.triggers import OnlyWhileOpen
from portal.models import Document
from portal.triggers import History


class SectionAnswers(models.Model):
    """The answers of one section; ``version`` grows with each save, an older one is refused."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="answers", verbose_name=_("application"))
    section = models.SlugField(pgettext_lazy("application form", "section"), max_length=40)
    answers = models.JSONField(_("answers"), default=dict)
    typed = models.JSONField(
        _("typed"), default=dict, blank=True, help_text=_("By question, what was typed and is no answer yet.")
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    complete = models.BooleanField(_("complete"), default=False)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("saved by"))
    saved_at = models.DateTimeField(_("saved"), db_default=Now())

    class Meta:
        verbose_name = _("answers")
        verbose_name_plural = _("answers")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "section"], name="answers_once"),
        ]
        triggers: ClassVar = [History(), OnlyWhileOpen()]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section}"

    @property
    def stored(self) -> dict[str, Any]:
        """What the fields of the form hold: the answers, and what was typed and is none yet."""
        return {**self.answers, **self.typed}


class ApplicationDocument(models.Model):
    """A document handed in for a wanted document or a question that asks for a file; a newer one replaces it.

    ``slug`` is the key of the wanted document, or ``section.question``: no key has a full stop of its own.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="documents", verbose_name=_("application")
    )
    slug = models.CharField(_("wanted document"), max_length=81)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+", verbose_name=_("document"))
    replaced = models.BooleanField(_("replaced"), default=False)

    class Meta:
        verbose_name = _("document of an application")
        verbose_name_plural = _("documents of applications")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "slug"],
                condition=models.Q(replaced=False),
                name="one_document_of_a_kind",
            ),
        ]
        triggers: ClassVar = [History(), OnlyWhileOpen()]

    def __str__(self) -> str:
        return f"{self.application_id} {self.slug}"
