"""The pages of organisations, clusters and claims."""
