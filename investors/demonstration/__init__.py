"""The demonstration's part of investors: opportunities of every kind, inquiries in every status, commitments."""

from investors.demonstration.commitments import load_commitments
from investors.demonstration.kept import load_kept
from investors.demonstration.load import load
from investors.demonstration.wishes import load_wishes

__all__ = ["load", "load_commitments", "load_interests", "load_kept", "load_wishes"]
from investors.demonstration.interests import load_interests
