"""What premises an organisation looks for."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.models.merged import OfLiving
from investors.models.facts import MAXIMUM_AREA, MAXIMUM_RENT, PremisesFacts
from investors.models.profiles import INTRODUCES
from investors.models.telling import Tell
from portal.models import User
from portal.roles import has_role
from portal.triggers import History

if TYPE_CHECKING:
    from firms.models import Subdistrict


class PremisesSearchQuerySet(models.QuerySet["PremisesSearch"]):
    """Reading searches for premises, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those of the user's own organisations; all of them for the staff who introduce."""
        if has_role(user, *INTRODUCES):
            return self
        if not user.is_authenticated:
            return self.none()
        return self.filter(organisation__in=Organisation.objects.with_member(user))


class PremisesSearch(models.Model):
    """The premises that one organisation looks for. What is left empty was not said."""

    organisation = models.OneToOneField(
        "firms.Organisation", models.PROTECT, related_name="premises_search", verbose_name=_("organisation")
    )
    area_min = models.DecimalField(_("smallest area (m²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    area_max = models.DecimalField(_("largest area (m²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    rent_max = models.DecimalField(
        _("highest rent (CNY per m² and day)"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    needed_from = models.DateField(_("needed from"), null=True, blank=True)
    uses = ArrayField(
        models.CharField(max_length=12, choices=PremisesFacts.PremisesUse),
        verbose_name=_("used as"),
        default=list,
        blank=True,
    )
    subdistricts: "models.ManyToManyField[Subdistrict, Any]" = models.ManyToManyField(
        "firms.Subdistrict", related_name="+", blank=True, verbose_name=_("subdistricts")
    )
    tell = models.CharField(_("tell us of new matches"), max_length=9, choices=Tell, default=Tell.WEEKLY)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("search made"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("last change"), db_default=Now(), editable=False)

    objects = PremisesSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("search for premises")
        verbose_name_plural = _("searches for premises")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(tell__in=Tell.values), name="premises_search_tell_known"),
            models.CheckConstraint(
                condition=models.Q(uses__contained_by=["office", "laboratory", "workshop", "warehouse", "mixed"]),
                name="premises_search_uses_known",
            ),
            models.CheckConstraint(
                # Both bounds: NaN is greater than every number to PostgreSQL.
                condition=(models.Q(area_min=None) | models.Q(area_min__gt=0, area_min__lte=MAXIMUM_AREA))
                & (models.Q(area_max=None) | models.Q(area_max__gt=0, area_max__lte=MAXIMUM_AREA))
                & (models.Q(rent_max=None) | models.Q(rent_max__gt=0, rent_max__lte=MAXIMUM_RENT))
                & (models.Q(area_min=None) | models.Q(area_max=None) | models.Q(area_max__gte=models.F("area_min"))),
                name="premises_search_within_bounds",
            ),
        ]
        triggers: ClassVar = [History(without=("changed_at",)), OfLiving()]

    def __str__(self) -> str:
        return str(self.organisation)
