"""The pages, one file per task of their readers."""
