"""The commands of the incentives."""
