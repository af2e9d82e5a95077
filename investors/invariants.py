"""What is always true of inquiries."""

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
