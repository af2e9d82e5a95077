"""The public API: listed firms, what they are filtered by, clusters and subdistricts."""
