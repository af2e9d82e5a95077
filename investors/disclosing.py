"""Words that tell how something works: what an owner looks at again before an invention is described in public."""

import hashlib
import re
from typing import NamedTuple

from investors.models import Opportunity

PUBLIC_TEXTS = (
    "title_en", "title_zh", "summary_en", "summary_zh", "trl_evidence_en", "trl_evidence_zh", "text_en", "text_zh",
)  # fmt: skip

_ENGLISH = (
    r"consist(?:s|ing)? of", r"compris(?:es|ing)", r"composed of", r"by means of", r"made (?:of|from|by)", r"wherein",
    r"heat(?:ed|ing) to", r"cool(?:ed|ing) to", r"mix(?:ed|ing) with", r"react(?:s|ed|ing) with", r"dissolv(?:ed|ing)",
    r"coated with", r"doped with", r"ratio of", r"concentration of", r"catalys\w+", r"formula\w*", r"algorithm\w*",
    r"first step", r"in (?:two|three|four|five|several) steps", r"parameters?",
    r"\d+(?:\.\d+)? ?(?:°C|℃|kPa|MPa|mol|nm)",
)  # fmt: skip
_CHINESE = (
    "由[^，。；]{1,20}组成", "通过[^，。；]{1,20}实现", "包括以下步骤", "步骤", "其特征在于", "配方", "配比", "比例为",
    "浓度", "加热至", "冷却至", "混合", "反应", "催化", "掺杂", "涂覆", "公式", "算法", "参数", "结构为",
    r"\d+(?:\.\d+)?(?:摄氏度|℃|纳米|兆帕)",
)  # fmt: skip
_HOW = re.compile(rf"\b(?:{'|'.join(_ENGLISH)})(?!\w)|{'|'.join(_CHINESE)}", re.IGNORECASE)
_MOST = 12


class Telling(NamedTuple):
    """Words of a public text that describe how, not what."""

    field: str
    words: str


def telling(opportunity: Opportunity) -> list[Telling]:
    """Return the words that may disclose an invention for which nothing is filed; none for any other opportunity.

    A warning, no verdict: it finds common words of descriptions, and neither proves nor excludes a disclosure that
    destroys novelty (Patent Law, article 22).

    Args:
        opportunity: as it is saved.
    """
    if not opportunity.is_technology or opportunity.legal_status != Opportunity.LegalStatus.UNFILED:
        return []
    found = [
        Telling(name, match.group()) for name in PUBLIC_TEXTS for match in _HOW.finditer(getattr(opportunity, name))
    ]
    return list(dict.fromkeys(found))[:_MOST]


def seal(opportunity: Opportunity) -> str:
    """Return what a confirmation is tied to: it counts for the public text as it stands, and no other."""
    texts = "\x1f".join(getattr(opportunity, name) for name in PUBLIC_TEXTS)
    return hashlib.sha256(texts.encode()).hexdigest()[:16]
