"""Matches: what is sought against what is offered, each criterion with its verdict and reason. Pure functions."""
