"""What is written with side effects."""
