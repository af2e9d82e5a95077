"""Who is here, and who is coming."""
