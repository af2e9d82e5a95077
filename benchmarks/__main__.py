"""Measure search, eligibility, import, pages and approvals against floors: ``python -m benchmarks --sizes 7k,100k``."""

import argparse
import json
import logging
import platform
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from django.db import connection

from benchmarks import (
    answering,
    applying,
    approving,
    counting,
    databases,
    finding,
    importing,
    inquiring,
    matching,
    paging,
    printing,
    qualifying,
    recall,
    requests,
    searching,
    sweeping,
)
from benchmarks.generate import SIZES, ensure
from benchmarks.measuring import Result, Verdict
from portal import static_files
from portal.actor import acting
from portal.environment import VAR

type Topic = Callable[[int], Iterator[Result]]

TOPICS: dict[str, Topic] = {
    "search": searching.measure,
    "paging": paging.measure,
    "facets": counting.measure,
    "names": recall.measure,
    "pages": requests.measure,
    "eligibility": qualifying.measure,
    "import": importing.measure,
    "approvals": approving.measure,
    "autosave": applying.autosave,
    "closing": applying.last_minute,
    "sweeps": sweeping.measure,
    "queue": answering.queue_pages,
    "inquiries": inquiring.measure,
    "brochure": printing.measure,
    "opportunities": finding.measure,
    "matches": matching.measure,
}
_ONCE = {
    *("import", "approvals", "autosave", "closing", "sweeps", "queue", "inquiries", "brochure"),
    *("opportunities", "matches"),
}
"""Topics that make a database of their own, of no particular number of firms."""

_WIDTHS = (43, 9, 24, 6, 17, 6, 8, 8, 6)
_HEADINGS = ("what", "firms", "against", "ratio", "spread", "goal", "ms", "floor ms", "varies")


def main() -> None:
    """Measure, print each line as it is known, and keep all of them as JSON."""
    options = _options()
    logging.disable(logging.WARNING)
    static_files.collect()  # pages name them, also where the portal was never started
    sizes = [SIZES[size.lower()] for size in options.sizes.replace(",", " ").split()]
    _print(_HEADINGS, "verdict")
    results = []
    for result in _results(sizes, options.only, options.attempts):
        results.append(result)
        _show(result)
    _keep(results)
    missed = [result.name for result in results if result.verdict == Verdict.MISSED]
    if options.strict and missed:
        sys.exit(f"Missed: {', '.join(missed)}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sizes", default="7k,100k", help="of 7k, 100k and 1m, with commas")
    parser.add_argument("--only", nargs="*", choices=TOPICS, default=list(TOPICS), help="some of the topics")
    parser.add_argument("--attempts", type=int, default=100_000, help="approvals tried on one budget; 2000 for haste")
    parser.add_argument("--strict", action="store_true", help="fail where a goal is missed")
    return parser.parse_args()


def _results(sizes: list[int], topics: list[str], attempts: int) -> Iterator[Result]:
    with acting("command:bench"):
        for size in sizes if set(topics) - _ONCE else ():
            with databases.connected_to(ensure(size)):
                for topic in topics:
                    if topic not in _ONCE:
                        yield from TOPICS[topic](size)
        for topic in topics:
            if topic in _ONCE:
                yield from TOPICS[topic](attempts)


def _show(result: Result) -> None:
    spread = "" if result.rounds is None else f"{result.low:.3g} to {result.high:.3g}"
    figures = [
        *(result.name, f"{result.size:,}", result.against, f"{result.value:.3g}", spread, result.goal),
        *("" if value is None else f"{value:.2f}" for value in (result.subject_ms, result.floor_ms)),
        "" if result.floor_varies is None else f"{result.floor_varies:.0%}",
    ]
    _print(figures, result.verdict)


def _print(cells: Iterable[str], verdict: str) -> None:
    line = " ".join(_padded(cell, width) for cell, width in zip(cells, _WIDTHS, strict=True))
    sys.stdout.write(f"{line} {verdict}\n")
    sys.stdout.flush()


def _padded(text: str, width: int) -> str:
    """Fill up to a width, in which a Chinese character counts twice."""
    return text + " " * (width - sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text))


def _keep(results: list[Result]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        server = cursor.fetchone()[0]
    now = datetime.now(UTC)
    report = {
        "at": now.isoformat(timespec="seconds"),
        "machine": {"system": platform.platform(), "python": platform.python_version(), "postgresql": server},
        "results": [result.as_json() for result in results],
    }
    path = VAR / "bench" / f"{now:%Y-%m-%dT%H%M%SZ}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.write(f"\nKept in {path}\n")


if __name__ == "__main__":
    main()
