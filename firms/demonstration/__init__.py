"""The demonstration's part of firms: the registry, universities, members and claims."""

from firms.demonstration.load import load

__all__ = ["load"]
