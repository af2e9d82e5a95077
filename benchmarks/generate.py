"""Make, or bring up to date, a database of invented firms: ``python -m benchmarks.generate 100k``."""

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import batched
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection, transaction

from benchmarks import bulk, databases, inventing
from firms.models import Certificate, Claim, ClusterMembership, Membership, Organisation, SearchEntry, YearlyFigure
from firms.services.clusters import apply_rules
from firms.services.names import derive
from firms.services.search_entries import renew_facets, write_search_entries
from portal.actor import acting
from portal.database import as_owner, secure
from portal.models import HistoryEntry, User

SIZES = {"7k": 7_000, "100k": 100_000, "1m": 1_000_000}
_CHUNK = 5_000
_WORKERS = 2
_INVENTED = (Organisation, Certificate, YearlyFigure)
_BESIDE = (HistoryEntry, User, Membership, Claim)


def name_of(size: int) -> str:
    """Return the name of the database of that many firms."""
    return f"{databases.PREFIX}{size}"


def ensure(size: int) -> str:
    """Return the name of a database of ``size`` firms; it is made anew only when its generator changed.

    Newer migrations are applied to the firms that are there. Where only what finds them changed, that is made anew.
    """
    name, started = name_of(size), time.monotonic()
    firms, search = databases.digest(databases.FIRMS), databases.digest(databases.SEARCH)
    if databases.known(name)[0] != firms or not databases.is_forerunner(name):
        _say(f"{name}: {size:,} firms are invented …")
        databases.make(name)
        _in(name, _fill, size)
        databases.finish(name, firms, "")
    elif databases.migrate(name):
        databases.analyze(name)
    if databases.known(name)[1] != search:
        _say(f"{name}: what finds them is written …")
        _in(name, _write_search, size)
        databases.finish(name, firms, search)
        _say(f"{name}: done in {time.monotonic() - started:.0f} s")
    return name


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _in(name: str, work: Callable[[str, int], None], size: int) -> None:
    with databases.connected_to(name), acting("command:generate"), as_owner():
        work(name, size)
        secure()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _fill(name: str, size: int) -> None:
    with bulk.triggers_off(*_INVENTED), bulk.indexes_later(*_INVENTED):
        _invent(name, size)
        _sort()
    with bulk.triggers_off(ClusterMembership):
        apply_rules()
    with bulk.triggers_off(*_BESIDE), bulk.indexes_later(*_BESIDE):
        _people(size)
        _history()


def _invent(name: str, size: int) -> None:
    """Invent the firms of each line of business in one process, so that no two choose one address at once."""
    lots: list[tuple[int, range, int]] = []
    first = 0
    for place, share in enumerate(inventing.shares(size)):
        lots.append((place, range(first, first + share), size))
        first += share
    with _workers(name) as workers:
        for _done in workers.map(_invent_lot, lots):
            pass


def _write_search(name: str, size: int) -> None:
    """Write by what each firm is found, by the product's own service, and count the facets."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE firms_searchentry, firms_facettotal")
    with bulk.triggers_off(SearchEntry), bulk.indexes_later(SearchEntry), _workers(name) as workers:
        for _done in workers.map(_write_entries, list(batched(range(1, size + 1), _CHUNK))):
            pass
    with bulk.triggers_off(SearchEntry):
        renew_facets()


def _workers(name: str) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(_WORKERS, context, initializer=_begin, initargs=(name,))


def _write_entries(keys: tuple[int, ...]) -> None:
    with acting("command:generate"):
        write_search_entries(organisations=keys)


def _begin(name: str) -> None:
    """Prepare a process of the pool."""
    connection.settings_dict["NAME"] = name
    as_owner().__enter__()  # as long as the process lives


def _invent_lot(lot: tuple[int, range, int]) -> int:
    place, numbers, size = lot
    for chunk in batched(numbers, _CHUNK):
        with acting("command:generate"), transaction.atomic():
            _write(place, chunk, size)
    return len(numbers)


def _write(place: int, numbers: tuple[int, ...], size: int) -> None:
    keys = {number: _key(number, size) for number in numbers}
    firms = {number: inventing.firm(number, place) for number in numbers}
    names = derive([(firm["uscc"], firm["name_zh"], firm["name_en"]) for firm in firms.values()])
    for firm, derived in zip(firms.values(), names, strict=True):
        firm.update(slug=derived.slug, name_pinyin=derived.name_pinyin)
    bulk.copy(Organisation, ({"id": keys[number], **firm} for number, firm in firms.items()))
    bulk.copy(Certificate, _certificates(keys))
    bulk.copy(YearlyFigure, _figures(keys))


def _key(number: int, size: int) -> int:
    """Return a firm's id: each once, neighbours of one line of business far apart."""
    return number * 7_368_787 % size + 1  # a prime, and so without common divisor


def _certificates(keys: dict[int, int]) -> Iterator[dict[str, object]]:
    for number, key in keys.items():
        for level, issued, expires in inventing.certificates(number):
            yield {"organisation_id": key, "level": level, "issued": issued, "expires": expires, "from_registry": True}


def _figures(keys: dict[int, int]) -> Iterator[dict[str, object]]:
    for number, key in keys.items():
        for figure in inventing.yearly_figures(number):
            yield {"organisation_id": key, **figure}


def _sort() -> None:
    """Lay the rows down as firms come in life, not by line of business."""
    with connection.cursor() as cursor:
        cursor.execute("CLUSTER firms_organisation USING firms_organisation_pkey")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('firms_organisation', 'id'), max(id)) FROM firms_organisation"
        )


def _people(size: int) -> None:
    """Give a tenth of the firms a member, and a hundredth a claim."""
    people = (
        {"id": n, "email": f"bench-{n}@example.invalid", "name": f"Invented person {n}", "password": "!"}
        for n in range(1_000_001, 1_000_001 + size // 10)
    )
    for chunk in batched(people, 50_000):
        bulk.copy(User, chunk)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO firms_membership (user_id, organisation_id, role, is_active) "
            "SELECT id, (id - 1000000) * 10, 'signatory', true FROM portal_user WHERE id > 1000000"
        )
        cursor.execute(
            "INSERT INTO firms_claim (organisation_id, claimant_id, position, telephone, status, reason, submitted_at) "
            "SELECT (id - 1000000) * 10 - 1, id, 'Manager', '', 'submitted', '', now() - id * interval '1 minute' "
            "FROM portal_user WHERE id > 1000000 AND id % 10 = 0"
        )


def _history() -> None:
    """Give each firm the entry that its import would have left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portal_historyentry "
            "(at, txid, subject_table, subject_id, operation, was, now, actor, request) "
            "SELECT now(), pg_current_xact_id()::text::bigint, 'firms_organisation', id::text, 'insert', '{}', "
            "jsonb_build_object('name_zh', name_zh, 'uscc', uscc), 'command:import', '' "
            "FROM firms_organisation ORDER BY id"
        )


def _address(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}")) if parts.netloc else url


def main() -> None:
    """Make the databases that the command names, and say how to reach them."""
    for size in sys.argv[1:] or ["7k"]:
        name = ensure(SIZES[size.lower()])
        sys.stdout.write(
            f"DATABASE_URL='{_address(settings.DATABASE_APPLICATION_URL, name)}' "
            f"DATABASE_OWNER_URL='{_address(settings.DATABASE_OWNER_URL, name)}'\n"
        )


if __name__ == "__main__":
    main()
