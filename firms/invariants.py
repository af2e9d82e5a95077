"""What must always be true of organisations; ``manage.py check_invariants`` counts what breaks it."""

from collections.abc import Iterator

from stdnum.cn import uscc

from firms.models import Organisation
from portal.invariants import contribute, rows


def codes() -> Iterator[str]:
    """Yield each unified social credit code whose check digit does not fit."""
    for pk, code in Organisation.objects.exclude(uscc=None).values_list("pk", "uscc").iterator(chunk_size=5000):
        if not uscc.is_valid(code or ""):
            yield f"organisation {pk}"


contribute("uscc_checked", "Every unified social credit code fits its check digit.", codes)
contribute(
    "claim_with_letter",
    "Every accepted claim has a checked authorisation letter.",
    rows("""
        SELECT c.id FROM firms_claim c WHERE c.status = 'accepted' AND (
            SELECT bool_and(d.status = 'clean') FROM portal_document d
              JOIN django_content_type t ON t.id = d.subject_type_id
             WHERE t.app_label = 'firms' AND t.model = 'claim' AND d.subject_id = c.id
               AND d.purpose = 'authorisation_letter') IS NOT TRUE
    """),
)
contribute(
    "found_as_it_is",
    "The directory counts every organisation by what it is, and its totals are true.",
    rows("""
        SELECT 'organisation ' || e.organisation_id FROM firms_searchentry e
          JOIN firms_facets(ARRAY(SELECT organisation_id FROM firms_searchentry)) f USING (organisation_id)
         WHERE NOT (e.facets @> f.facets AND e.facets <@ f.facets)
         UNION ALL
        SELECT coalesce(told.value, real.value)
          FROM (SELECT value, sum(number) AS number FROM firms_facettotal GROUP BY value) AS told
          FULL JOIN (SELECT value, count(*) AS number FROM firms_searchentry, unnest(facets) AS value
                      WHERE 'kind:firm' = ANY(facets) GROUP BY value) AS real USING (value)
         WHERE coalesce(told.number, 0) <> coalesce(real.number, 0)
    """),
)
contribute(
    "certificate_with_a_clock",
    "Every certificate with a last day has expired or will by itself.",
    rows("""
        SELECT c.id FROM firms_certificate c
         WHERE c.status = 'current' AND c.expires IS NOT NULL AND NOT EXISTS (
            SELECT FROM portal_deadline d JOIN django_content_type t ON t.id = d.subject_type_id
             WHERE t.app_label = 'firms' AND t.model = 'certificate' AND d.subject_id = c.id
               AND d.step = 'expire' AND d.done_at IS NULL)
    """),
)
