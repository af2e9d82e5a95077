"""Who comes, what they find, and how they are served."""
