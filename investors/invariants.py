"""What is always true of inquiries and commitments."""

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
