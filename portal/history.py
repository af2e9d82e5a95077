"""The chain over history: sealed each minute, verified by a command."""

from collections.abc import Iterator

from django.db import connection, transaction

from portal.models import Seal

_LOCK = 0x59414E47  # this advisory lock is the sealer's
_CONTENT = (
    "concat_ws('|', id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), txid, subject_table,"
    " subject_id, operation, was, now, actor, request)"
)
_DIGEST = f"sha256(%s::bytea || convert_to(string_agg({_CONTENT}, E'\\n' ORDER BY id), 'UTF8'))"


@transaction.atomic
def seal() -> Seal | None:
    """Seal what was written by transactions older than the oldest one running.

    Rows are found by transaction id, since ids are given before commits. After a restore into a new cluster those ids
    begin anew; then everything not sealed yet is found by its own id, once.

    Returns:
        The new link, or None when nothing was to be sealed or another sealer is at work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        upto = cursor.fetchone()[0]
        last = Seal.objects.order_by("-id").first()
        where, params = _not_sealed(last, upto)
        cursor.execute(
            f"SELECT {_DIGEST}, count(*), min(id), max(id), range_agg(int8range(id, id, '[]'))::text "  # noqa: S608
            f"FROM portal_historyentry h WHERE {where}",
            [bytes(last.digest) if last else b"", *params],
        )
        digest, entries, first_id, last_id, ids = cursor.fetchone()
        if not entries:
            return None
        return Seal.objects.create(
            upto=upto, entries=entries, first_id=first_id, last_id=last_id, ids=ids, digest=digest
        )


def _not_sealed(last: Seal | None, upto: int) -> tuple[str, list[int]]:
    if last is None:
        return "h.txid < %s", [upto]
    if last.upto <= upto:
        return "h.txid >= %s AND h.txid < %s", [last.upto, upto]
    return "NOT EXISTS (SELECT FROM portal_seal s WHERE s.ids::int8multirange @> h.id)", []


def verify() -> Iterator[str]:
    """Yield a sentence for each broken link; nothing when the chain holds.

    Raises nothing: a missing or changed row shows as a digest that differs.
    """
    previous = b""
    for link in Seal.objects.order_by("id").iterator():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_DIGEST}, count(*) FROM portal_historyentry WHERE id BETWEEN %s AND %s "  # noqa: S608
                "AND %s::int8multirange @> id",
                [previous, link.first_id, link.last_id, link.ids],
            )
            digest, entries = cursor.fetchone()
        if entries != link.entries:
            yield f"seal {link.pk}: {link.entries} entries were sealed, {entries} are there"
        elif bytes(digest) != bytes(link.digest):
            yield f"seal {link.pk}: an entry was changed, or a link before it is missing"
        previous = bytes(link.digest)
