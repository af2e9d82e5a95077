"""Organisations, clusters, claims, proposed edits, duplicates and yearly figures in the staff workplace."""

from firms.admin import claims, clusters, duplicates, edits, imports, organisations, yearly_figures

__all__ = ["claims", "clusters", "duplicates", "edits", "imports", "organisations", "yearly_figures"]
