"""Organisations, clusters, claims and proposed edits in the staff workplace."""

from firms.admin import claims, clusters, edits, organisations

__all__ = ["claims", "clusters", "edits", "organisations"]
