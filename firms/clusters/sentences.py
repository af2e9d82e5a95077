"""A rule of a cluster as a sentence, in the language of the page."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from firms.models import Cluster, ClusterRule, Industry
from firms.naming import has_chinese
from portal import local_form


def names_of_codes(rules: Iterable[ClusterRule]) -> dict[str, str]:
    """Return the names of the industries that rules name by their whole code; one query."""
    codes = {code for rule in rules for code in rule.class_prefixes}
    return {industry.code: industry.name for industry in Industry.objects.filter(code__in=codes)} if codes else {}


def of_cluster(cluster: Cluster) -> list[tuple[ClusterRule, SafeString]]:
    """Return the rules of a cluster with their sentences, those that keep out last."""
    rules = sorted(cluster.rules.all(), key=lambda rule: (rule.keeps_out, rule.pk))
    names = names_of_codes(rules)
    return [(rule, sentence(rule, names)) for rule in rules]


def sentence(rule: ClusterRule, names: Mapping[str, str]) -> SafeString:
    """Say what a rule does.

    Args:
        rule: saved or not.
        names: of the industries (``names_of_codes``).
    """
    conditions = []
    if rule.class_prefixes:
        codes = _listed([_code(code, names) for code in rule.class_prefixes], is_all=False)
        conditions.append(_put(_("industry code begins with %(codes)s"), codes=codes))
    if rule.scope_words:
        words = _listed([_quoted(word) for word in rule.scope_words], is_all=rule.all_words)
        conditions.append(_put(_("business scope has %(words)s"), words=words))
    condition = conditions[0] if conditions else SafeString("–")
    if len(conditions) > 1:
        condition = _put(_("%(first)s, and whose %(second)s"), first=conditions[0], second=conditions[1])
    text = _("Keeps out a firm whose %(condition)s.") if rule.keeps_out else _("Takes in a firm whose %(condition)s.")
    return _put(text, condition=condition)


def _put(text: str, **parts: str) -> SafeString:
    escaped = str(conditional_escape(text))
    return mark_safe(escaped % {name: conditional_escape(part) for name, part in parts.items()})


def _listed(parts: Sequence[SafeString], *, is_all: bool) -> SafeString:
    if len(parts) == 1:
        return parts[0]
    text = _("%(first)s and %(last)s") if is_all else _("%(first)s or %(last)s")
    separator = "、" if local_form.is_chinese() else ", "
    first = format_html_join(separator, "{}", ((part,) for part in parts[:-1]))
    return _put(text, first=first, last=parts[-1])


def _code(code: str, names: Mapping[str, str]) -> SafeString:
    if name := names.get(code):
        return format_html("{}（{}）" if local_form.is_chinese() else "{} ({})", code, name)
    return format_html("{}", code)


def _quoted(word: str) -> SafeString:
    if has_chinese(word) and not local_form.is_chinese():
        return format_html('<span lang="zh-Hans">“{}”</span>', word)
    return format_html("“{}”", word)
