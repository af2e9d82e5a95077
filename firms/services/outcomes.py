"""What an import of firms or of yearly figures did, or would do."""

from dataclasses import dataclass, field
from typing import Any

from firms.registry.rows import Reading


@dataclass
class Outcome[R: Reading]:
    """The numbers of an import, and what it changed.

    Args:
        reading: the file as read.
        missing: how many firms a full export does not name.
        differences: what was changed, row by row.
    """

    reading: R
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    missing: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the numbers of lines; ``rows`` is the sum of the others."""
        return {
            "rows": self.reading.lines,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "duplicates": self.reading.duplicates,
            "blank": self.reading.blank,
            "bad": len(self.reading.refusals),
        }

    def faults(self) -> dict[str, int]:
        """Return the number of bad lines by fault."""
        found: dict[str, int] = {}
        for refusal in self.reading.refusals:
            name = refusal.fault.name.lower()
            found[name] = found.get(name, 0) + 1
        return found
