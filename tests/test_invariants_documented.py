"""The table of invariants names tests that there are."""

import ast
import re
from functools import cache

from portal.environment import BASE_DIR

TABLE = (BASE_DIR / "docs" / "invariants.md").read_text()


@cache
def functions_in(path: str) -> set[str]:
    tree = ast.parse((BASE_DIR / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_named_test_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TABLE)

    assert len(named) > 30
    assert [(path, name) for path, name in named if name and name not in functions_in(path)] == []


def test_every_invariant_has_guard_test_and_twin() -> None:
    rows = [line.strip("|").split("|") for line in TABLE.splitlines() if re.match(r"\| \d+ \|", line)]

    assert [int(row[0]) for row in rows] == [1, 2, 3, 6, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 20, 22, 23, 24, 25, 26]
    assert [row[0] for row in rows if len(row) != 5 or not all(cell.strip() for cell in row)] == []
    assert [row[0] for row in rows if "::test_" not in row[3]] == []
    assert [row[0] for row in rows if not re.search(r"::test_|\bG\b|the same test", row[4])] == []
