"""The core's pages."""
