"""Tests of the investors app."""
