"""The demonstration's part of investors: opportunities of every kind, inquiries in every status, commitments."""

from investors.demonstration.commitments import load_commitments
from investors.demonstration.load import load

__all__ = ["load", "load_commitments"]
