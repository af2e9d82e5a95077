"""What of two merged organisations becomes one row, and what stands in the way, as far as it is the registry's."""

from collections.abc import Collection, Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.merging import Finding, Fold, contribute_check, contribute_fold
from firms.models import (
    MEASURES,
    Certificate,
    Claim,
    ClusterMembership,
    Membership,
    Organisation,
    ProposedEdit,
    YearlyFigure,
)
from portal.lifecycle import Text

SUSPENDED, LISTED = Organisation.Status.SUSPENDED, Organisation.Status.LISTED


def contribute() -> None:
    """Add the registry's checks and folds."""
    contribute_check(registry_findings)
    contribute_fold(Membership, Fold(_roles_differ, _join_memberships))
    contribute_fold(ClusterMembership, Fold(take=_join_clusters))
    contribute_fold(Certificate, Fold(_certificates_differ, _join_certificates))
    contribute_fold(YearlyFigure, Fold(_figures_differ, _join_figures))


def registry_findings(survivor: Organisation, going: Organisation) -> Iterator[Finding]:
    """Yield what of the two entries themselves stands in the way."""
    if survivor.kind != going.kind:
        yield Finding(_("The two are of different kinds. Correct the kind of one of them first."))
    for one in (survivor, going):
        if one.status == SUSPENDED:
            yield Finding(format_lazy(_("{name} is suspended. End the suspension first."), name=one.title), one)
    if going.status == LISTED and survivor.status != LISTED:
        yield Finding(_("The one that goes is listed, the other is not. Keep the listed one, or take it off the list."))
    for claim in Claim.objects.waiting().filter(organisation=going).select_related("claimant"):
        sentence = _("{person} has claimed the one that goes, and waits for an answer. Decide the claim first.")
        yield Finding(format_lazy(sentence, person=claim.claimant.name), claim)
    both = ProposedEdit.objects.waiting().filter(organisation=survivor).exists()
    for edit in ProposedEdit.objects.waiting().filter(organisation=going):
        words = (
            _("Members of both have proposed changes of the profile. Decide those of the one that goes first.")
            if both
            else _("Members of the one that goes have proposed changes of its profile. Decide them first.")
        )
        yield Finding(words, edit)
    if survivor.uscc and going.uscc:
        yield Finding(
            _(
                "Each has a code of its own. Two codes are two companies in law, unless one of the codes was replaced "
                "or is wrong: look it up in the company register."
            ),
            stops=False,
        )
    if survivor.country != going.country:
        yield Finding(_("The two are registered in different countries or regions."), stops=False)


def _roles_differ(kept: Membership, gone: Membership) -> Text:
    """Say that a person acts for both in different parts; one that has ended gives none."""
    if not (kept.is_active and gone.is_active) or kept.role == gone.role:
        return ""
    sentence = _("{person} is {role} of one and {other} of the other. Make the two the same, or end one.")
    return format_lazy(sentence, person=kept.user.name, role=kept.get_role_display(), other=gone.get_role_display())


def _join_memberships(kept: Membership, gone: Membership) -> Collection[str]:
    if gone.is_active and not kept.is_active:
        kept.is_active, kept.role = True, gone.role
        return ("is_active", "role")
    return ()


def _join_clusters(kept: ClusterMembership, gone: ClusterMembership) -> Collection[str]:
    """By hand wins over a rule; what was decided by hand about the survivor stays."""
    if gone.rule_id is None and kept.rule_id is not None:
        kept.rule, kept.excluded, kept.reason = None, gone.excluded, gone.reason
        return ("rule", "excluded", "reason")
    return ()


def _certificates_differ(kept: Certificate, gone: Certificate) -> Text:
    differs = any(
        getattr(kept, name) and getattr(gone, name) and getattr(kept, name) != getattr(gone, name)
        for name in ("number", "authority", "expires")
    )
    if not differs:
        return ""
    sentence = _("The certificate “{name}” is stated twice and not alike. Correct one of them.")
    return format_lazy(sentence, name=kept.get_level_display())


def _join_certificates(kept: Certificate, gone: Certificate) -> Collection[str]:
    kept.number = kept.number or gone.number
    kept.authority = kept.authority or gone.authority
    kept.expires = kept.expires or gone.expires
    kept.from_registry = kept.from_registry or gone.from_registry
    return ("number", "authority", "expires", "from_registry")


def _figures_differ(kept: YearlyFigure, gone: YearlyFigure) -> Text:
    """Say that the year's figures of the two are not the same; which ones are right is for a person to say."""
    if all(getattr(kept, name) == getattr(gone, name) for name in MEASURES):
        return ""
    sentence = _("The figures of {year} are given for both and differ. Make them the same, or remove those of one.")
    return format_lazy(sentence, year=kept.year)


def _join_figures(kept: YearlyFigure, gone: YearlyFigure) -> Collection[str]:
    if kept.is_verified or not gone.is_verified:
        return ()
    kept.verified_by, kept.verified_at, kept.evidence = gone.verified_by, gone.verified_at, gone.evidence
    return ("verified_by", "verified_at", "evidence")
