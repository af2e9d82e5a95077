"""The pages of opportunities and inquiries."""
