"""Whose a brochure or a shared list is: a person's, or that of a session of somebody without an account."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from portal.models import User


@dataclass(frozen=True)
class Holder:
    """A person, or the digest of a session's secret; neither is nobody."""

    person: User | None = None
    session_digest: str = ""

    @property
    def is_nobody(self) -> bool:
        """Whether nothing can be theirs."""
        return self.person is None and not self.session_digest

    @property
    def fields(self) -> dict[str, Any]:
        """The columns of a row that is theirs."""
        return {"person": self.person, "session_digest": self.session_digest}

    @property
    def name(self) -> str:
        """A name to lock by."""
        return f"person:{self.person.pk}" if self.person else f"session:{self.session_digest}"

    def theirs[M: models.Model](self, found: models.QuerySet[M]) -> models.QuerySet[M]:
        """Return those of some rows that are theirs."""
        return found.none() if self.is_nobody else found.filter(**self.fields)
