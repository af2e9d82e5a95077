"""How PostgreSQL itself cuts published opportunities for searching: whoever changes one, its entry is as true.

Lexemes are those of ``firms.search.lexemes``: each Chinese character and pair of neighbours, words of other letters
unstemmed behind a mark, and as PostgreSQL stems English.
"""

from investors.models.bands import sql as bands_of

_CHINESE = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\U00020000-\\U000323af"
_HIDDEN = "\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff"

_WORDS = f"""
CREATE OR REPLACE FUNCTION investors_clean(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT regexp_replace(normalize(coalesce(typed, ''), NFKC), '[{_HIDDEN}]', '', 'g')
$$;
CREATE OR REPLACE FUNCTION investors_grams(typed text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT gram), '{{}}')
      FROM (SELECT sign, sign || lead(sign) OVER (PARTITION BY number ORDER BY place) AS pair
              FROM regexp_matches(typed, '[{_CHINESE}]+', 'g') WITH ORDINALITY AS run (signs, number),
                   unnest(string_to_array(signs[1], NULL)) WITH ORDINALITY AS one (sign, place)) AS signs,
           LATERAL (VALUES (sign), (pair)) AS each (gram)
     WHERE gram IS NOT NULL
$$;
CREATE OR REPLACE FUNCTION investors_letters(typed text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT word[1]), '{{}}')
      FROM regexp_matches(lower(regexp_replace(typed, '[{_CHINESE}]+', ' ', 'g')), '[[:alnum:]]+', 'g') AS word
     WHERE length(word[1]) <= 60
$$;
CREATE OR REPLACE FUNCTION investors_vector(typed text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT array_to_tsvector(investors_grams(clean))
        || array_to_tsvector(ARRAY(SELECT '=' || word FROM unnest(words) AS word))
        || strip(to_tsvector('english', array_to_string(words, ' ')))
      FROM (SELECT clean, investors_letters(clean) AS words FROM (SELECT investors_clean(typed) AS clean) AS c) AS cut
$$;
"""  # noqa: S608 -- constants of ours

_TITLES = ("title_en", "title_zh")
_TEXTS = (
    *("summary_en", "summary_zh", "text_en", "text_zh", "use_en", "use_zh", "process_en", "process_zh"),
    *("systems_en", "systems_zh", "trl_evidence_en", "trl_evidence_zh", "park_en", "park_zh", "object_number"),
)
"""The columns that are searched. What stands in the confidential tier is not, and must never be, among them."""

_WHOSE = ("name_zh", "name_en", "name_pinyin")
_CHOICES = {
    "stage": "stage",
    "instrument": "instrument",
    "role": "investor_role",
    "foreign": "foreign_capital",
    "object": "object_kind",
    "price": "price_kind",
    "legal": "legal_status",
    "export": "export_declaration",
    "scope": "scope",
    "use": "premises_use",
}
"""Facets that are one column of choices."""

EARLIEST, LATEST = "2020-01-01", "2049-12-01"
"""Months in which premises become free are counted between these."""

LISTS = {"mode": "modes"}
"""Facets that are a column of several choices."""


def _told(names: tuple[str, ...], of: str) -> str:
    return f"concat_ws(E'\\n', {', '.join(f'{of} ->> {name!r}' for name in names)})"


def _number(name: str) -> str:
    return f"(j ->> {name!r})::numeric"


def _facets() -> str:
    single = ",\n            ".join(f"'{facet}:' || nullif(j ->> '{name}', '')" for facet, name in _CHOICES.items())
    several = "\n            ".join(
        f"|| ARRAY(SELECT '{facet}:' || value FROM jsonb_array_elements_text("  # noqa: S608 -- constants of ours  # noqa: S608 -- constants of ours
        f"CASE jsonb_typeof(j -> '{name}') WHEN 'array' THEN j -> '{name}' ELSE '[]' END) AS value)"
        for facet, name in LISTS.items()
    )
    ranges = "\n            ".join(
        f"|| {bands_of(facet, _number(least), _number(most))}"
        for facet, least, most in (
            ("amount", "amount_sought", "amount_sought"),
            ("ticket", "ticket_min", "ticket_max"),
            ("budget", "budget_from", "budget_to"),
            ("budget", "budget", "budget"),
            ("area", "area", "area"),
            ("rent", "rent", "rent"),
            ("trl", "trl", "trl"),
        )
    )
    return f"""
        array_remove(ARRAY['all:yes', 'kind:' || o.kind, 'subdistrict:' || o.subdistrict_id,
            'owner:' || o.owner_id, 'by:' || w.kind,
            CASE WHEN o.title_en <> '' AND (o.summary_en <> '' OR o.text_en <> '') THEN 'language:en' END,
            CASE WHEN o.title_zh <> '' AND (o.summary_zh <> '' OR o.text_zh <> '') THEN 'language:zh' END,
            CASE WHEN o.available_from IS NOT NULL THEN 'available:' ||
                 to_char(least(greatest(o.available_from, '{EARLIEST}'), '{LATEST}'), 'YYYY-MM') END,
            {single}], NULL)
            || ARRAY(SELECT 'cluster:' || m.cluster_id FROM investors_opportunitycluster m
                      WHERE m.opportunity_id = o.id)
            {several}
            {ranges}"""  # noqa: S608 -- constants of ours


NOTHING = {"amount": -1, "area": -1, "rent": 1_000_000}
"""What entries hold where a fact is not stated, so that it stands last in its order."""

_ENTRIES = f"""
CREATE OR REPLACE FUNCTION investors_entries(ids bigint[]) RETURNS SETOF investors_opportunityentry
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT o.id, o.kind, lower(investors_clean({_told(_TITLES, "j")})), v.names,
           v.names || investors_vector({_told(_TEXTS, "j")}),
           concat_ws(E'\\n', investors_clean(o.title_zh), investors_clean({_told(_TEXTS, "j")} || E'\\n' || v.whose)),
           {_facets()},
           o.expires_on, o.published_at,
           coalesce(o.amount_sought, {_number("budget_to")}, {_number("budget_from")}, {_number("budget")},
                    o.price_to, o.price_from, {NOTHING["amount"]}),
           coalesce(o.area, {NOTHING["area"]}), coalesce(o.rent, {NOTHING["rent"]})
      FROM investors_opportunity o JOIN firms_organisation w ON w.id = o.owner_id,
           LATERAL (SELECT to_jsonb(o) AS j, {_told(_WHOSE, "to_jsonb(w)")} AS whose OFFSET 0) AS facts,
           LATERAL (SELECT whose, investors_vector({_told(_TITLES, "j")} || E'\\n' || whose) AS names OFFSET 0) AS v
     WHERE o.id = ANY(ids) AND o.status = 'published' AND w.status NOT IN ('suspended', 'moved_out')
$$;
"""  # noqa: S608 -- constants of ours

ENTRIES_OF_OWNERS = 0x4F505045
"""The class of the advisory locks under which entries are written, by the owner's number modulo 64."""

_COLUMNS = "kind, title, names, words, body, facets, last_day, published_at, amount, area, rent"
_WRITE = f"""
CREATE OR REPLACE FUNCTION investors_write_entries(ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = public, pg_temp AS $$
DECLARE place integer;
BEGIN
    -- Whoever changes an opportunity and whoever changes its owner must see what the other did: one after another.
    FOR place IN SELECT DISTINCT owner_id % 64 FROM investors_opportunity WHERE id = ANY(ids) ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock({ENTRIES_OF_OWNERS}, place);
    END LOOP;
    DELETE FROM investors_opportunityentry e
     WHERE e.opportunity_id = ANY(ids) AND NOT EXISTS (
           SELECT FROM investors_opportunity o JOIN firms_organisation w ON w.id = o.owner_id
            WHERE o.id = e.opportunity_id AND o.status = 'published' AND w.status NOT IN ('suspended', 'moved_out'));
    INSERT INTO investors_opportunityentry AS e (opportunity_id, {_COLUMNS})
    SELECT opportunity_id, {_COLUMNS} FROM investors_entries(ids)
        ON CONFLICT (opportunity_id) DO UPDATE
       SET ({_COLUMNS}) = ({", ".join(f"EXCLUDED.{name}" for name in _COLUMNS.split(", "))})
     WHERE ({", ".join(f"e.{name}" for name in _COLUMNS.split(", "))})
        IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in _COLUMNS.split(", "))});
    IF (SELECT count(*) FROM (SELECT FROM investors_opportunitytotal LIMIT {20_000}) AS few) = {20_000} THEN
        WITH gone AS (
            DELETE FROM investors_opportunitytotal
             WHERE id IN (SELECT id FROM investors_opportunitytotal FOR UPDATE SKIP LOCKED)
            RETURNING kind, value, number
        )
        INSERT INTO investors_opportunitytotal (kind, value, number)
        SELECT kind, value, sum(number) FROM gone GROUP BY kind, value HAVING sum(number) <> 0;
    END IF;
END $$;
"""  # noqa: S608 -- constants of ours

FUNCTIONS = f"{_WORDS}{_ENTRIES}{_WRITE}"
NO_FUNCTIONS = """
DROP FUNCTION investors_write_entries(bigint[]);
DROP FUNCTION investors_entries(bigint[]);
DROP FUNCTION investors_vector(text);
DROP FUNCTION investors_letters(text);
DROP FUNCTION investors_grams(text);
DROP FUNCTION investors_clean(text);
"""
FACTS_READ = (*_TITLES, *_TEXTS, *_CHOICES.values(), *LISTS.values())
"""Every column of texts and choices that an entry is made of."""
