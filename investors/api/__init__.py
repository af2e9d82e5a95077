"""The public API of opportunities: what is published, as the pages of the directory find it."""
