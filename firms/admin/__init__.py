"""Organisations, clusters, claims, proposed edits and yearly figures in the staff workplace."""

from firms.admin import claims, clusters, edits, organisations, yearly_figures

__all__ = ["claims", "clusters", "edits", "organisations", "yearly_figures"]
