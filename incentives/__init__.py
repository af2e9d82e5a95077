"""What the district gives, to whom, and the money."""
