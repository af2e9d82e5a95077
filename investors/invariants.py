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
    "listings_as_moderated",
    "Premises alone have photographs, of files of their own; what comes from a laboratory is its organisation's.",
    rows("""
        SELECT o.slug FROM investors_opportunity o
         WHERE EXISTS (SELECT FROM firms_laboratory l WHERE l.id = o.laboratory_id AND l.organisation_id <> o.owner_id)
            OR EXISTS (
                SELECT FROM investors_opportunityphoto p JOIN portal_document d ON d.id = p.document_id
                  JOIN django_content_type t ON t.id = d.subject_type_id
                 WHERE p.opportunity_id = o.id AND (o.kind <> 'premises' OR d.subject_id <> o.id OR d.purpose <> 'photo'
                       OR t.app_label <> 'investors' OR t.model <> 'opportunity'))
    """),
)
contribute(
    "searches_told_once",
    "A search that is told by the day or week has one digest to come, and tells of an opportunity once.",
    rows("""
        SELECT s.uid FROM investors_savedsearch s
         WHERE (s.often <> 'immediate' AND s.paused_at IS NULL)
               <> (1 = (SELECT count(*) FROM investors_searchdigest d WHERE d.search_id = s.id AND d.done_at IS NULL))
            OR EXISTS (SELECT FROM investors_searchhit h WHERE h.search_id = s.id
                        GROUP BY h.opportunity_id HAVING count(*) > 1)
    """),
)
contribute(
    "interest_between_two",
    "Nobody is interested for the owner itself; a person, and an organisation, has one live interest in one thing.",
    rows("""
        SELECT i.reference FROM investors_interest i JOIN investors_opportunity o ON o.id = i.opportunity_id
         WHERE i.organisation_id = o.owner_id OR EXISTS (
               SELECT FROM investors_interest j
                WHERE j.opportunity_id = i.opportunity_id AND j.id > i.id AND i.ended_at IS NULL AND j.ended_at IS NULL
                  AND (j.person_id = i.person_id OR j.organisation_id = i.organisation_id))
    """),
)
contribute(
    "agreed_by_both",
    "Behind every agreement stand acceptances of two people, one of each side, of one published text as it is.",
    rows("""
        SELECT i.reference FROM investors_interest i
         WHERE (i.agreed_at IS NOT NULL OR i.status IN ('confidential', 'negotiating', 'concluded'))
           AND (SELECT concat_ws(' ', count(*), count(DISTINCT a.side), count(DISTINCT a.signed_by_id))
                  FROM investors_interestacceptance a JOIN investors_confidentialitytext t ON t.id = a.text_id
                 WHERE a.interest_id = i.id AND a.text_id = i.agreement_text_id AND a.text_sha256 = t.sha256
                   AND t.status = 'published') <> '2 2 2'
    """),
)
contribute(
    "agreement_text_unchanged",
    "A text of the agreement is what its fingerprint says.",
    rows("""
        SELECT number FROM investors_confidentialitytext
         WHERE sha256 <> encode(sha256(convert_to(text_en || E'\\n' || text_zh, 'UTF8')), 'hex')
    """),
)
contribute(
    "concluded_with_proof",
    "A university's technology at a negotiated price is concluded after its notice of 15 days, and one that leaves "
    "mainland China with its certificate.",
    rows("""
        SELECT i.reference FROM investors_interest i JOIN investors_opportunity o ON o.id = i.opportunity_id
          JOIN firms_organisation w ON w.id = o.owner_id
         WHERE i.status = 'concluded' AND o.kind = 'technology_offered'
           AND ((i.country <> 'CN' AND i.export_certificate = '')
                OR (w.kind = 'university' AND i.price_set_by = 'negotiated'
                    AND (i.price_notice_from IS NULL OR i.concluded_on < i.price_notice_from + 15)))
    """),
)
contribute(
    "opened_by_right",
    "Whatever confidential was opened, was opened after the agreement, before a revocation that stands, from the room "
    "of the same opportunity while it was there, and with the bytes that were shown; the data room after its opening.",
    rows("""
        SELECT v.id FROM investors_dataroomview v
          JOIN investors_interest i ON i.id = v.interest_id
          LEFT JOIN investors_dataroomdocument d ON d.id = v.document_id
          LEFT JOIN portal_document p ON p.id = d.document_id
         WHERE i.agreed_at IS NULL OR v.at < i.agreed_at OR v.at > i.access_revoked_at
            OR d.opportunity_id <> i.opportunity_id OR v.at > d.withdrawn_at OR v.sha256 <> p.sha256
            OR (i.organisation_id IS NULL AND v.person_id <> i.person_id)
            OR (v.document_id IS NULL AND v.tier <> 'confidential')
            OR (v.tier = 'room' AND NOT EXISTS (
                   SELECT FROM portal_steptaken s JOIN django_content_type t ON t.id = s.subject_type_id
                    WHERE t.app_label = 'investors' AND t.model = 'interest' AND s.subject_id = i.id
                      AND s.step = 'open_room' AND s.at <= v.at))
    """),
)
contribute(
    "room_of_files",
    "Each entry of a data room has its file, and what takes the place of another is of the same room.",
    rows("""
        SELECT d.id FROM investors_dataroomdocument d LEFT JOIN investors_dataroomdocument r ON r.id = d.replaces_id
         WHERE d.document_id IS NULL OR r.opportunity_id <> d.opportunity_id
            OR (r.id IS NOT NULL AND r.withdrawn_at IS NULL)
    """),
)
