"""The directory's search: what is written for it, how a text and filters become a query."""
