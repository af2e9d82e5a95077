"""Organisations, laboratories, clusters, claims, edits, duplicates and yearly figures in the staff workplace."""

from firms.admin import claims, clusters, duplicates, edits, imports, laboratories, organisations, yearly_figures

__all__ = ["claims", "clusters", "duplicates", "edits", "imports", "laboratories", "organisations", "yearly_figures"]
