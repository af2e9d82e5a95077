"""What is always true of inquiries, complaints and commitments."""

from portal.invariants import contribute, rows

contribute(
    "erased_says_nothing",
    "An inquiry that was erased has no text in its thread and no file, and nobody erased has one that is not.",
    rows("""
        SELECT i.reference FROM investors_inquiry i JOIN portal_user u ON u.id = i.sender_id
         WHERE (u.erased_at IS NOT NULL AND i.erased_at IS NULL) OR (i.erased_at IS NOT NULL AND (
            EXISTS (SELECT FROM investors_inquirymessage m WHERE m.inquiry_id = i.id AND m.body <> '…')
            OR EXISTS (
                SELECT FROM portal_document d JOIN django_content_type t ON t.id = d.subject_type_id
                 WHERE t.app_label = 'investors' AND (
                    (t.model = 'inquiry' AND d.subject_id = i.id)
                    OR (t.model = 'inquirymessage'
                        AND d.subject_id IN (SELECT m.id FROM investors_inquirymessage m WHERE m.inquiry_id = i.id))))))
    """),
)

contribute(
    "commitments_hold",
    "A commitment that is open has the clock that tells the head, one that takes another's place that other broken, "
    "and nobody erased has one to them alone that is not.",
    rows("""
        SELECT c.reference FROM investors_commitment c
          LEFT JOIN portal_user u ON u.id = c.person_id
          LEFT JOIN investors_commitment f ON f.id = c.follows_id
         WHERE (c.status = 'open' AND NOT EXISTS (
                   SELECT FROM portal_deadline d JOIN django_content_type t ON t.id = d.subject_type_id
                    WHERE t.app_label = 'investors' AND t.model = 'commitment' AND d.subject_id = c.id
                      AND d.step = 'escalate'))
            OR (f.id IS NOT NULL AND f.status <> 'broken')
            OR (u.erased_at IS NOT NULL AND c.organisation_id IS NULL AND c.erased_at IS NULL)
    """),
)
contribute(
    "complaint_by_an_outsider",
    "No complaint is handled or was decided by somebody complained of or by the complainant.",
    rows("""
        SELECT c.reference FROM investors_complaint c
         WHERE c.complainant_id IN (c.handler_id, c.decided_by_id) OR EXISTS (
               SELECT FROM investors_complainedof p
                WHERE p.complaint_id = c.id AND p.staff_id IN (c.handler_id, c.decided_by_id))
    """),
)
contribute(
    "complaint_reasoned",
    "Every refusal, extension and outcome of a complaint has its reasons in writing.",
    rows("""
        SELECT reference FROM investors_complaint
         WHERE (status = 'refused' AND (ground = '' OR outcome = ''))
            OR (extension_days IS NOT NULL AND (extension_reason = '' OR extended_by_id IS NULL))
            OR (status = 'closed' AND ending <> 'withdrawn' AND (ending = '' OR outcome = '' OR decided_by_id IS NULL))
    """),
)
contribute(
    "complaint_extended_once",
    "A complaint was extended at most once.",
    rows("""
        SELECT s.subject_id FROM portal_steptaken s
          JOIN django_content_type t ON t.id = s.subject_type_id AND t.app_label = 'investors' AND t.model = 'complaint'
         WHERE s.step = 'extend' GROUP BY s.subject_id HAVING count(*) > 1
    """),
)

contribute(
    "opportunities_found_as_they_are",
    "The directory finds every published opportunity of an owner in good standing as it is, and nothing else; its "
    "totals are true.",
    rows("""
        SELECT 'opportunity ' || coalesce(e.opportunity_id, f.opportunity_id)
          FROM investors_opportunityentry e
          FULL JOIN investors_entries(ARRAY(SELECT id FROM investors_opportunity)) f USING (opportunity_id)
         WHERE e.opportunity_id IS NULL OR f.opportunity_id IS NULL OR e.words <> f.words OR e.body <> f.body
            OR NOT (e.facets @> f.facets AND e.facets <@ f.facets)
            OR (e.last_day, e.published_at, e.amount, e.area, e.rent)
               <> (f.last_day, f.published_at, f.amount, f.area, f.rent)
         UNION ALL
        SELECT coalesce(told.value, real.value)
          FROM (SELECT kind, value, sum(number) AS number FROM investors_opportunitytotal GROUP BY kind, value) AS told
          FULL JOIN (SELECT kind, value, count(*) AS number
                       FROM investors_opportunityentry, unnest(facets) AS value
                      WHERE NOT starts_with(value, 'owner:') GROUP BY kind, value) AS real USING (kind, value)
         WHERE coalesce(told.number, 0) <> coalesce(real.number, 0)
    """),
)
contribute(
    "opened_by_right",
    "Whatever confidential was opened, was opened after the agreement, before a revocation that stands, and from "
    "the room of the same opportunity while it was there.",
    rows("""
        SELECT v.id FROM investors_dataroomview v
          JOIN investors_interest i ON i.id = v.interest_id
          LEFT JOIN investors_dataroomdocument d ON d.id = v.document_id
         WHERE i.agreed_at IS NULL OR v.at < i.agreed_at OR v.at > i.access_revoked_at
            OR d.opportunity_id <> i.opportunity_id OR v.at > d.withdrawn_at
    """),
)
contribute(
    "room_of_files",
    "Each entry of a data room has its file.",
    rows("SELECT id FROM investors_dataroomdocument WHERE document_id IS NULL"),
)
