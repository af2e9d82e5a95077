"""Tests of the firms app."""
