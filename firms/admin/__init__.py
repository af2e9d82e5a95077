"""Organisations, clusters, claims, proposed edits and yearly figures in the staff workplace."""

from firms.admin import claims, clusters, edits, imports, organisations, yearly_figures

__all__ = ["claims", "clusters", "edits", "imports", "organisations", "yearly_figures"]
