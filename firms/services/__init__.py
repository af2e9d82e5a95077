"""What is done with organisations, one file per noun."""
