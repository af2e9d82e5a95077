"""Records that never change: one way to write content as text, and its digest."""

import hashlib
import json
from typing import Any

from incentives.facts import pair_of
from incentives.models import Programme, ProgrammeVersion
from incentives.wording import said_of

COLUMNS = (
    "cap_award",
    "cap_firm",
    "four_eyes_threshold",
    "reviewers_needed",
    "notice_days",
    "offer_days",
    "appeal_days",
)
"""What a version keeps in columns beside its content."""


_QUESTIONS = ("questions__options", "questions__columns", "questions__condition_question__section")


def digest(content: Any) -> str:
    """Return the SHA-256 of JSON content, the same however the database orders its keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_of_version(version: ProgrammeVersion) -> str:
    """Return the digest of all that a version keeps: its content and its columns."""
    return digest({**version.content, **{name: str(getattr(version, name)) for name in COLUMNS}})


def content_of(programme: Programme) -> dict[str, Any]:
    """Return a programme as a version keeps it: its words, rules, questions and rubric; lines end as one way."""
    pairs = ("title", "summary", "text")
    content: dict[str, Any] = {
        **{f"{name}_{side}": getattr(programme, f"{name}_{side}") for name in pairs for side in ("en", "zh")},
        "instrument": programme.instrument,
        "legal_basis": programme.legal_basis,
        "exception_basis": programme.exception_basis,
        "cap_award": str(programme.cap_award),
        "cap_firm": str(programme.cap_firm),
        "matching_rate": str(programme.matching_rate),
        "open_to_incoming": programme.open_to_incoming,
        "open_to_borderline": programme.open_to_borderline,
        "contact": programme.contact,
        "telephone": programme.telephone,
        "criteria": _criteria(programme),
        "sections": [
            {
                **_fields(section, "slug", "title_en", "title_zh"),
                "questions": [question.as_data() for question in section.questions.all()],
            }
            for section in programme.sections.prefetch_related(*_QUESTIONS)
        ],
        "documents": [_fields(d, "slug", "title_en", "title_zh", "required") for d in programme.wanted_documents.all()],
        "tranches": [
            _fields(t, "share", "milestone_en", "milestone_zh", "evidence_en", "evidence_zh")
            for t in programme.tranches.all()
        ],
        "rubric": [_fields(item, "slug", "title_en", "title_zh", "weight") for item in programme.rubric.all()],
    }
    return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in content.items()}


def _criteria(programme: Programme) -> list[dict[str, Any]]:
    """Return the criteria with what they say in words, which is their title where staff gave none."""
    criteria = list(programme.criteria.all())
    rows = []
    for criterion, said in zip(criteria, said_of(criteria), strict=True):
        words, choices = pair_of(str, said.sentence), pair_of(str, said.choices)
        row = _fields(criterion, "kind", "parameters", "hard", "title_en", "title_zh", "evidence_en", "evidence_zh")
        row |= {"key": f"c{criterion.pk}", "words_en": words["en"], "words_zh": words["zh"]}
        if choices["en"]:
            row |= {"choices_en": choices["en"], "choices_zh": choices["zh"]}
        for side in ("en", "zh"):
            row[f"title_{side}"] = row[f"title_{side}"] or words[side]
        if criterion.kind == "awarded":
            row["parameters"] = {**criterion.parameters, "programme": programme.pk}
        rows.append(row)
    return rows


def _fields(obj: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(obj, name) for name in names}
