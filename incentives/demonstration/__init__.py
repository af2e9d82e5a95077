"""The demonstration of the incentives: invented programmes, and applications in every status."""

from incentives.demonstration.load import load

__all__ = ["load"]
