"""What is told of clusters: who belongs by which rule, how many there are, and what of that may be shown."""
