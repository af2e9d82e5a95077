"""Cells that spreadsheets read as text, never as formulas."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_text(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: what could be one begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell
