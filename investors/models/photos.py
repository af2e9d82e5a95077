"""Photographs of premises: made anew by the portal, in an order, each said in words."""

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from investors.models.opportunities import Opportunity
from portal.models import Document, User
from portal.triggers import History

if TYPE_CHECKING:
    from portal.models.documents import Document as PrivateFile

MOST_PHOTOS = 8
PURPOSE = "photo"
"""The purpose of their documents."""


class WhileWritten(pgtrigger.Trigger):
    """Photographs come and go only while the listing is written: what was moderated is what is shown."""

    name = "while_written"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def get_declare(self, model: object) -> list[tuple[str, str]]:
        """Declare the rows before and after."""
        return [("held", "record"), ("of", "bigint")]

    def get_func(self, model: object) -> str:
        """Write the function: it locks the listing, so that a photograph and a submission wait for each other."""
        return f"""
            IF TG_OP = 'DELETE' THEN held := OLD; ELSE held := NEW; END IF;
            of := held.opportunity_id;
            PERFORM 1 FROM investors_opportunity o
              WHERE o.id = of AND o.kind = 'premises' AND o.status IN ('draft', 'returned') FOR NO KEY UPDATE OF o;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'photographs change only while premises are a draft or were returned'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP <> 'DELETE' THEN
                PERFORM 1 FROM portal_document d JOIN django_content_type t ON t.id = d.subject_type_id
                  WHERE d.id = NEW.document_id AND d.purpose = '{PURPOSE}' AND d.subject_id = NEW.opportunity_id
                    AND t.app_label = 'investors' AND t.model = 'opportunity';
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'the file is no photograph of this listing' USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            IF TG_OP = 'UPDATE' AND NEW.opportunity_id <> OLD.opportunity_id THEN
                RAISE EXCEPTION 'a photograph stays with its listing' USING ERRCODE = 'check_violation';
            END IF;
            RETURN held;
        """


class OpportunityPhotoQuerySet(models.QuerySet["OpportunityPhoto"]):
    """Reading photographs, and who may see them."""

    def checked(self) -> Self:
        """Return those whose file passed its check; no other is ever shown."""
        return self.filter(document__status=Document.Status.CLEAN)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those of listings that the user may see, as far as their files passed the check."""
        return self.checked().filter(opportunity__in=Opportunity.objects.visible_to(user))


class OpportunityPhoto(models.Model):
    """A photograph of premises."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, related_name="photos", editable=False, verbose_name=_("opportunity")
    )
    document: "models.OneToOneField[Any, PrivateFile]" = models.OneToOneField(
        "portal.Document", models.PROTECT, related_name="+", editable=False, verbose_name=_("document")
    )
    position = models.PositiveSmallIntegerField(_("place in the order"))
    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)
    caption_en = models.CharField(_("what it shows, in English"), max_length=200, blank=True)
    caption_zh = models.CharField(_("what it shows, in Chinese"), max_length=200, blank=True)

    objects = OpportunityPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photograph")
        verbose_name_plural = _("photographs")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["opportunity", "position"], deferrable=models.Deferrable.DEFERRED, name="photo_has_its_place"
            ),
            models.CheckConstraint(
                condition=models.Q(position__gte=1, position__lte=MOST_PHOTOS), name="photo_at_most_eight"
            ),
            models.CheckConstraint(condition=~models.Q(caption_en="", caption_zh=""), name="photo_says_what_it_shows"),
            models.CheckConstraint(
                condition=models.Q(width__gte=1, width__lte=1600, height__gte=1, height__lte=1600),
                name="photo_made_by_the_portal",
            ),
        ]
        triggers: ClassVar = [WhileWritten(), History()]

    def __str__(self) -> str:
        return self.caption_en or self.caption_zh

    def get_absolute_url(self) -> str:
        """Return the address of the picture."""
        return reverse("investors:photo", args=[self.opportunity.slug, self.uid])
