"""The demonstration's part of investors: opportunities of every kind, inquiries in every status."""

from investors.demonstration.load import load

__all__ = ["load"]
