"""The engine that reads registry files: bytes to rows, or faults in two languages."""
