"""What staff write of a cluster's rules, and decide by hand."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from firms.clusters.membership import Preview, preview
from firms.models import Cluster, ClusterMembership, ClusterRule, Industry, Organisation

_SEPARATORS = re.compile(r"[,，、;；\n\r]+")
_MOST_PARTS = 60
_MOST_CHARACTERS = 40


_SHORTEST_NAME, _MOST_NAMED = 2, 10


class ListField(forms.CharField):
    """Several short texts in one field, separated by commas of either language, semicolons or lines."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", UnfoldAdminTextareaWidget(attrs={"rows": 2}))
        super().__init__(required=False, max_length=4000, **options)

    def prepare_value(self, value: Any) -> Any:
        """Write a list as text."""
        return ", ".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        """Read it, each part once."""
        text = super().clean(value) or ""
        parts = list(dict.fromkeys(part for piece in _SEPARATORS.split(text) if (part := piece.strip())))
        if len(parts) > _MOST_PARTS:
            raise ValidationError(_("At most %(number)s, please.") % {"number": _MOST_PARTS})
        self.check(parts)
        return parts

    def check(self, parts: Sequence[str]) -> None:
        """Refuse what is too long to be a word."""
        for part in parts:
            if len(part) > _MOST_CHARACTERS:
                words = {"word": part[:_MOST_CHARACTERS], "number": _MOST_CHARACTERS}
                raise ValidationError(_("“%(word)s…” has more than %(number)s characters.") % words)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant, not how it is written."""
        try:
            return list(initial or []) != self.clean(data)
        except ValidationError:
            return True


class CodesField(ListField):
    """Industries of GB/T 4754-2017: codes or their beginnings (a division, a group, a class), or names."""

    def clean(self, value: Any) -> list[str]:
        """Return codes; a name, or a part of one that no other industry has, stands for its code."""
        return list(dict.fromkeys(part if _is_code(part) else self._code_of(part) for part in super().clean(value)))

    def check(self, parts: Sequence[str]) -> None:
        """Refuse codes that no industry and no firm has."""
        unknown = [part for part in parts if _is_code(part) and not self._is_known(part)]
        if unknown:
            words = {"codes": ", ".join(unknown)}
            raise ValidationError(
                _("No industry of the standard and no firm has a code that begins so: %(codes)s.") % words
            )

    @staticmethod
    def _code_of(name: str) -> str:
        """Return the code of an industry by its name in either language."""
        of_standard = Industry.objects.exclude(level=Industry.Level.SECTION)
        found = list(of_standard.filter(Q(name_zh=name) | Q(name_en__iexact=name)))
        if not found and len(name) >= _SHORTEST_NAME:
            found = list(of_standard.filter(Q(name_zh__contains=name) | Q(name_en__icontains=name))[: _MOST_NAMED + 1])
        if len(found) == 1:
            return found[0].code
        if not found:
            words = {"words": name[:_MOST_CHARACTERS]}
            raise ValidationError(_("“%(words)s” is no code of two to four digits, and no industry's name.") % words)
        named = "; ".join(map(str, found[:_MOST_NAMED])) + (" …" if len(found) > _MOST_NAMED else "")
        words = {"words": name[:_MOST_CHARACTERS], "industries": named}
        raise ValidationError(_("“%(words)s” is in the names of several industries: %(industries)s.") % words)

    @staticmethod
    def _is_known(prefix: str) -> bool:
        of_standard = Industry.objects.filter(code__startswith=prefix).exclude(level=Industry.Level.SECTION)
        return of_standard.exists() or Organisation.objects.filter(industry_code__startswith=prefix).exists()


def _is_code(part: str) -> bool:
    return re.fullmatch(r"[0-9]{2,4}", part) is not None


class ClusterRuleForm(forms.ModelForm):
    """One rule."""

    class_prefixes = CodesField()
    scope_words = ListField()

    class Meta:
        model = ClusterRule
        fields = ("title_en", "title_zh", "keeps_out", "class_prefixes", "scope_words", "all_words")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("class_prefixes", "scope_words"):  # as the model says
            column: Any = ClusterRule._meta.get_field(name)
            self.fields[name].label, self.fields[name].help_text = column.verbose_name.capitalize(), column.help_text

    def clean(self) -> dict[str, Any]:
        """Ask for a condition: a rule without one would fit every firm."""
        values = super().clean() or self.cleaned_data
        if not self.errors and not values.get("class_prefixes") and not values.get("scope_words"):
            raise ValidationError(_("Name industry codes or words: a rule without any would fit every firm."))
        return values


class RulesFormSet(BaseInlineFormSet):
    """The rules of a cluster, which are saved only after who sees them has seen whom they move.

    A first save is answered with a preview, as an error would be, but without one. The page then carries the preview's
    token. The second save holds if rules and registry still say the same; otherwise it is answered as the first was.
    """

    preview: Preview | None = None
    is_shown = False

    @cached_property
    def _moves(self) -> bool:
        """Whether anything changed that decides who belongs."""
        named = {"keeps_out", "class_prefixes", "scope_words", "all_words"}
        return any(self._ends(form) or named & set(form.changed_data) for form in self.forms)

    def _ends(self, form: Any) -> bool:
        return bool(self.can_delete and self._should_delete_form(form))  # type: ignore[attr-defined]

    def rules(self) -> list[ClusterRule]:
        """Return the rules that the cluster would have, in the order in which they are tried."""
        kept = (form for form in self.forms if not self._ends(form) and (form.instance.pk or form.has_changed()))
        return [form.instance for form in kept]

    def is_valid(self) -> bool:
        """Hold the save back until it was previewed."""
        if not super().is_valid():
            return False
        if self.preview is None:
            wants_look = any(name in self.data for name in ("_preview", "_joining", "_leaving"))
            if not self._moves and not wants_look:
                return True
            self.preview = preview(
                self.instance, self.rules(), joining=self._number("_joining"), leaving=self._number("_leaving")
            )
            self.is_shown = wants_look or self.data.get("previewed") != self.preview.token
        return not self.is_shown

    @property
    def is_stale(self) -> bool:
        """Whether something else was previewed than would be saved."""
        seen = self.data.get("previewed")
        return bool(seen and self.preview and seen != self.preview.token and "_preview" not in self.data)

    def _number(self, name: str) -> int:
        value = self.data.get(name, "")
        return int(value) if value.isascii() and value.isdecimal() and len(value) < len(str(2**63)) else 0

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        """End a rule; it is deleted once no membership names it."""
        if commit:
            obj.is_ended = True
            obj.save(update_fields=["is_ended"])


class DecisionForm(forms.ModelForm):
    """A decision by hand: in or out, and why."""

    reason = forms.CharField(
        label=gettext_lazy("reason of a decision by hand"),
        help_text=gettext_lazy("Only staff read it."),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    class Meta:
        model = ClusterMembership
        fields = ("organisation", "cluster", "excluded", "reason")

    def validate_unique(self) -> None:
        """Let a decision take the place of what a rule made of the same firm."""

    def validate_constraints(self) -> None:
        """Likewise; the service keeps what the constraints ask."""

    def clean(self) -> dict[str, Any]:
        """Clusters that have ended their rules still take decisions; an organisation is decided about once."""
        values = super().clean() or self.cleaned_data
        organisation, cluster = values.get("organisation"), values.get("cluster")
        if not self.instance.pk and isinstance(organisation, Organisation) and isinstance(cluster, Cluster):
            # A merge waits for this decision, or has come before it.
            if not Organisation.objects.living().select_for_update().filter(pk=organisation.pk).exists():
                raise ValidationError({"organisation": _("It was merged into another organisation meanwhile.")})
            found = ClusterMembership.objects.filter(organisation=organisation, cluster=cluster, rule=None)
            if found.exists():
                raise ValidationError(_("This was decided by hand already: open that decision to change it."))
        return values
