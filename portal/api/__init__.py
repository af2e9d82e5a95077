"""What every address of the public API shares: JSON alone, problems, limits, conditional answers."""
