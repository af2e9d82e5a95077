"""What the portal itself finds to be looked into: changed facts, linked applicants, borderline eligibility."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives import changes, eligibility
from incentives.dossier import Dossier, dossier_of, forget
from incentives.facts import Text, joined, pair_of, said_of
from incentives.linking import Tie
from incentives.models import Application, Flag
from portal.models import User

NEAR = Decimal("0.05")
"""A number this near to its limit, as a share of it, is borderline."""

NEAR_DAYS = 90
"""A firm whose age passes a limit within this many days is borderline."""

Kind = Flag.Kind


@dataclass(frozen=True)
class Finding:
    """Something found: the same finding has the same key, so that it is flagged once."""

    kind: str
    key: str
    words: dict[str, str]

    def pair(self) -> dict[str, str]:
        """Return its words as ``{% bilingual %}`` reads them."""
        return {f"text_{side}": text for side, text in self.words.items()}


def findings(application: Application) -> list[Finding]:
    """Return what is to be looked into now."""
    dossier = dossier_of(application)
    return [*_changed(dossier), *_linked(application, dossier), *_borderline(application, dossier)]


def new_findings(application: Application) -> list[Finding]:
    """Return what is to be looked into, and was not flagged yet."""
    known = {flag.key for flag in dossier_of(application).flags}
    return [finding for finding in findings(application) if finding.key not in known]


def raise_flags(application: Application, *, owner: User | None = None) -> list[Flag]:
    """Open a flag for whatever was found and not flagged yet; the application's row is locked.

    Args:
        application: before its decision.
        owner: who looks into it first; nobody yet where no member of staff acts.
    """
    forget(application)
    made = [
        Flag.objects.create(application=application, kind=found.kind, key=found.key, found=found.pair(), owner=owner)
        for found in new_findings(application)
    ]
    forget(application)
    return made


def flags_settled(application: Application) -> Iterator[Text]:
    """Ask that no flag is open, and that nothing was found since that nobody has looked into."""
    if number := len(dossier_of(application).open_flags):
        yield format_lazy(_("Flags that are still open: {number}. Each must be resolved first."), number=number)
    for found in new_findings(application):
        label = Kind(found.kind).label
        yield format_lazy(_("Found since: {label}. Look for flags on this page, and resolve them first."), label=label)


def _changed(dossier: Dossier) -> Iterator[Finding]:
    """Yield one finding for all facts that changed: other changes later are another finding."""
    if not dossier.changed:
        return
    text = "|".join(f"{one.name}={one.value}" for one in dossier.changed)
    sentences = [one.in_words() for one in dossier.changed]
    words = {side: separator.join(s[side] for s in sentences) for side, separator in (("en", "; "), ("zh", "；"))}
    yield Finding(Kind.CHANGED, f"changed:{hashlib.sha256(text.encode()).hexdigest()[:32]}", words)


def _linked(application: Application, dossier: Dossier) -> Iterator[Finding]:
    """Yield each linked organisation that applies in the same round too."""
    linked = {one.pk: one for one in dossier.linked}
    for other in dossier.earlier:
        if other.round_id != application.round_id or other.is_own or other.status in Application.ENDED:
            continue
        ties = dict.fromkeys(reason.tie for reason in linked[other.organisation_id].reasons)
        sentence = format_lazy(
            _("{name} ({number}) applies in the same round"), name=other.organisation, number=other.number
        )
        words = pair_of(_with_ties, (sentence, ties))
        yield Finding(Kind.LINKED, f"linked:{other.pk}", words)


def _with_ties(said: tuple[Text, dict[Tie, None]]) -> str:
    sentence, ties = said
    return str(said_of(sentence, joined(tuple(tie.label for tie in ties))))


def _borderline(application: Application, dossier: Dossier) -> Iterator[Finding]:
    """Yield each required criterion that is met by a hair, or of which nothing is known."""
    for verdict in eligibility.check(eligibility.rules_of(application.content), dossier.facts, on=dossier.on):
        unknown = verdict.outcome == eligibility.Outcome.UNKNOWN
        if verdict.rule.hard and (unknown or _is_near(verdict, dossier.on)):
            text = said_of(verdict.rule.title, verdict.reason)
            value = changes.comparable(verdict.fact.value) if verdict.fact else ""
            yield Finding(Kind.BORDERLINE, f"borderline:{verdict.rule.key}:{value}"[:80], pair_of(str, text))


def _is_near(verdict: eligibility.Verdict, on: date) -> bool:
    """Whether a value that meets its criterion lies next to a limit."""
    if verdict.outcome != eligibility.Outcome.PASS or verdict.fact is None or isinstance(verdict.fact.value, bool):
        return False
    parameters, value = verdict.rule.parameters, verdict.fact.value
    limits = [Decimal(str(parameters[name])) for name in ("minimum", "maximum") if name in parameters]
    if isinstance(value, int | Decimal):
        return any(abs(Decimal(value) - limit) <= abs(limit) * NEAR for limit in limits)
    days = (abs((eligibility.anniversary(value, int(n)) - on).days) for n in limits) if isinstance(value, date) else ()
    return any(number <= NEAR_DAYS for number in days)
