"""Tags for pages that show several apps."""
