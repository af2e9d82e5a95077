"""Tests of the incentives."""
