"""What must always be true of decisions, money and submissions; ``check_invariants`` counts what breaks it."""

from collections.abc import Iterator

from incentives import questions
from incentives.models import Letter, ProgrammeVersion, Snapshot
from incentives.question_checks import unsound
from incentives.records import digest, digest_of_version
from portal.invariants import contribute, rows

_HELD = """
    SELECT application_id,
           coalesce(sum(CASE kind WHEN 'reserve' THEN amount WHEN 'commit' THEN -amount
                                  WHEN 'release_reservation' THEN -amount END), 0) AS reserved,
           coalesce(sum(CASE kind WHEN 'commit' THEN amount WHEN 'release_commitment' THEN -amount
                                  WHEN 'claw_back' THEN -amount END), 0) AS committed,
           coalesce(sum(CASE kind WHEN 'pay' THEN amount WHEN 'claw_back' THEN -amount END), 0) AS paid
      FROM incentives_ledgerentry WHERE application_id IS NOT NULL GROUP BY application_id
"""
_DECIDED = "('public_notice', 'offered', 'active', 'completed')"


def snapshots() -> Iterator[str]:
    """Yield each submission whose content is not the one that its digest was taken of."""
    for snapshot in Snapshot.objects.order_by("pk").iterator(chunk_size=200):
        if digest(snapshot.content) != snapshot.sha256:
            yield f"submission {snapshot.pk}"


def versions() -> Iterator[str]:
    """Yield each version of a programme whose content is not the one that its digest was taken of."""
    for version in ProgrammeVersion.objects.order_by("pk").iterator(chunk_size=200):
        if digest_of_version(version) != version.sha256:
            yield f"version {version.pk}"


def answers() -> Iterator[str]:
    """Yield each submission that keeps an answer to a question that does not apply."""
    submitted = Snapshot.objects.order_by("pk").select_related("application__programme_version")
    for snapshot in submitted.iterator(chunk_size=200):
        given = snapshot.content.get("answers", {})
        if questions.to_submit(snapshot.application.content, given) != given:
            yield f"submission {snapshot.pk}"


def published_questions() -> Iterator[str]:
    """Yield each version of a programme whose questions could not be published now."""
    for version in ProgrammeVersion.objects.order_by("pk").iterator(chunk_size=200):
        if any(unsound(version.content)):
            yield f"version {version.pk}"


def letters() -> Iterator[str]:
    """Yield each letter whose content, or file, is not the one that its digest was taken of."""
    for letter in Letter.objects.select_related("document").order_by("pk").iterator(chunk_size=200):
        kept = letter.document.sha256 if letter.document else None
        if digest(letter.content) != letter.sha256 or letter.file_sha256 != kept:
            yield f"letter {letter.pk}"


contribute(
    "budget_within_allocation",
    "0 ≤ paid ≤ committed, 0 ≤ reserved, reserved + committed ≤ allocated.",
    rows("""
        SELECT id FROM incentives_budget
         WHERE NOT (paid >= 0 AND paid <= committed AND reserved >= 0 AND reserved + committed <= allocated)
    """),
)
contribute(
    "budget_as_its_ledger",
    "The counters of a budget are the sums of its ledger.",
    rows("""
        SELECT b.id FROM incentives_budget b
          LEFT JOIN incentives_ledgerentry l ON l.budget_id = b.id GROUP BY b.id
        HAVING (b.allocated, b.reserved, b.committed, b.paid) <> (
               coalesce(sum(l.amount) FILTER (WHERE kind = 'allocate'), 0),
               coalesce(sum(CASE kind WHEN 'reserve' THEN l.amount WHEN 'commit' THEN -l.amount
                                      WHEN 'release_reservation' THEN -l.amount END), 0),
               coalesce(sum(CASE kind WHEN 'commit' THEN l.amount WHEN 'release_commitment' THEN -l.amount
                                      WHEN 'claw_back' THEN -l.amount END), 0),
               coalesce(sum(CASE kind WHEN 'pay' THEN l.amount WHEN 'claw_back' THEN -l.amount END), 0))
    """),
)
contribute(
    "award_not_overpaid",
    "No application is paid more than is committed to it, and none holds less than nothing.",
    rows(f"SELECT application_id FROM ({_HELD}) AS held WHERE paid < 0 OR reserved < 0 OR paid > committed"),  # noqa: S608
)
contribute(
    "money_behind_status",
    "Public notice, offer and award hold the amount decided, and no other application holds money.",
    rows(f"""
        SELECT a.id FROM incentives_application a LEFT JOIN ({_HELD}) AS held ON held.application_id = a.id
          LEFT JOIN incentives_recommendation r ON r.application_id = a.id AND r.voided_at IS NULL
         WHERE (a.status IN ('public_notice', 'offered') AND held.reserved IS DISTINCT FROM r.amount)
            OR (a.status = 'active' AND (coalesce(held.committed, 0) <= 0 OR held.reserved <> 0))
            OR (a.status NOT IN {_DECIDED} AND held.reserved > 0)
            OR (a.status NOT IN ('terminated', 'active', 'completed') AND held.committed > 0)
    """),  # noqa: S608
)
contribute(
    "decided_by_two",
    "Every decision has a recommender and another approver of just its terms; above the threshold two approvers.",
    rows(f"""
        SELECT a.id FROM incentives_application a
          JOIN incentives_programmeversion v ON v.id = a.programme_version_id
          LEFT JOIN incentives_recommendation r ON r.application_id = a.id AND r.voided_at IS NULL
          LEFT JOIN incentives_approval p ON p.recommendation_id = r.id AND p.voided_at IS NULL AND p.stage = 'final'
          LEFT JOIN incentives_approval f ON f.recommendation_id = r.id AND f.voided_at IS NULL AND f.stage = 'first'
         WHERE a.status IN {_DECIDED} AND NOT coalesce(
               p.approver_id <> r.recommended_by_id AND p.terms_hash = r.terms_hash
               AND r.amount <= a.requested_amount
               AND (r.amount <= v.four_eyes_threshold OR coalesce(
                    f.approver_id NOT IN (p.approver_id, r.recommended_by_id)
                    AND f.terms_hash = r.terms_hash, false)),
               false)
    """),  # noqa: S608
)
contribute(
    "award_within_cap",
    "What is decided is no more than an award of its programme's version may give.",
    rows(f"""
        SELECT a.id FROM incentives_application a
          JOIN incentives_programmeversion v ON v.id = a.programme_version_id
          JOIN incentives_recommendation r ON r.application_id = a.id AND r.voided_at IS NULL
         WHERE a.status IN {_DECIDED} AND r.amount > v.cap_award
    """),  # noqa: S608
)
contribute(
    "approver_took_no_part",
    "No approver recommended or reviewed the application, and no recommender reviewed it.",
    rows("""
        SELECT p.id FROM incentives_approval p WHERE p.voided_at IS NULL AND (
            EXISTS (SELECT FROM incentives_recommendation r
                     WHERE r.application_id = p.application_id AND r.recommended_by_id = p.approver_id)
            OR EXISTS (SELECT FROM incentives_reviewassignment s
                        WHERE s.application_id = p.application_id AND s.reviewer_id = p.approver_id))
         UNION ALL
        SELECT r.id FROM incentives_recommendation r
          JOIN incentives_reviewassignment s ON s.application_id = r.application_id
               AND s.reviewer_id = r.recommended_by_id
         WHERE r.voided_at IS NULL
    """),
)
contribute(
    "terms_unchanged",
    "An approval is of the terms that stand: their hash is the hash of amount and conditions.",
    rows("""
        SELECT id FROM incentives_recommendation WHERE terms_hash <> encode(sha256(convert_to(
               application_id || '|' || amount || '|' || conditions, 'UTF8')), 'hex')
    """),
)
contribute(
    "award_of_a_commitment",
    "Every award is an accepted offer of its amount, no more than CNY 15,000,000, and every accepted offer an award.",
    rows("""
        SELECT a.id FROM incentives_application a FULL JOIN incentives_award w ON w.application_id = a.id
         WHERE (w.id IS NULL AND a.status IN ('active', 'completed', 'terminated'))
            OR (w.id IS NOT NULL AND (w.amount > 15000000 OR w.amount <= 0
                OR a.status NOT IN ('active', 'completed', 'terminated')
                OR w.amount IS DISTINCT FROM (SELECT sum(l.amount) FROM incentives_ledgerentry l
                                               WHERE l.application_id = a.id AND l.kind = 'commit')))
    """),
)
contribute(
    "reviewed_without_conflict",
    "Only who declared no conflict of interest has reviewed, unless the conflict was declared later.",
    rows("""
        SELECT r.id FROM incentives_review r JOIN incentives_reviewassignment s ON s.id = r.assignment_id
         WHERE s.conflict = 'undeclared'
    """),
)
contribute(
    "submitted_clean",
    "Nothing that was submitted holds a document that is not checked.",
    rows("""
        SELECT d.id FROM incentives_applicationdocument d
          JOIN incentives_application a ON a.id = d.application_id
          JOIN portal_document p ON p.id = d.document_id
         WHERE NOT d.replaced AND p.status <> 'clean'
           AND a.status NOT IN ('draft', 'returned', 'withdrawn', 'lapsed')
    """),
)
contribute("submission_unchanged", "What was submitted is as it was submitted.", snapshots)
contribute("answers_that_apply", "A submission keeps answers to the questions that applied, and no other.", answers)
contribute(
    "questions_sound",
    "In a published version, conditions are about earlier questions, and choices and tables have what they need.",
    published_questions,
)
contribute("letter_unchanged", "A letter says what it was issued with, and its file is the one that was made.", letters)
contribute(
    "letter_of_each_step",
    "Every step that is told by letter has one in both languages, from the first letter on.",
    rows("""
        SELECT s.id FROM portal_steptaken s
          JOIN django_content_type t ON t.id = s.subject_type_id
               AND t.app_label = 'incentives' AND t.model = 'application'
          JOIN incentives_application a ON a.id = s.subject_id AND a.number IS NOT NULL
         WHERE s.step IN ('submit', 'return', 'approve', 'uphold_objection', 'confirm', 'accept_offer', 'decline',
                          'reopen', 'withdraw')
           AND s.at >= (SELECT min(issued_at) FROM incentives_letter)
           AND (SELECT count(*) FROM incentives_letter l WHERE l.step_id = s.id) <> 2
    """),
)
contribute("version_unchanged", "A version of a programme is as it was published.", versions)
contribute(
    "submitted_in_time",
    "A first submission was received while the round was open, as its window stood then.",
    rows("""
        SELECT a.id FROM incentives_application a
          JOIN LATERAL (SELECT min(at) AS first FROM incentives_snapshot s WHERE s.application_id = a.id) AS s ON true
          JOIN LATERAL (SELECT min(id) AS entry FROM portal_historyentry
                         WHERE subject_table = 'incentives_application' AND subject_id = a.id::text
                           AND now ->> 'status' = 'submitted') AS w ON true
          JOIN LATERAL (SELECT (array_agg(now ->> 'opens_at' ORDER BY h.id DESC)
                                FILTER (WHERE now ? 'opens_at'))[1]::timestamptz AS opens,
                               (array_agg(now ->> 'closes_at' ORDER BY h.id DESC)
                                FILTER (WHERE now ? 'closes_at'))[1]::timestamptz AS closes
                          FROM portal_historyentry h
                         WHERE h.subject_table = 'incentives_round' AND h.subject_id = a.round_id::text
                           AND h.id < w.entry) AS r ON true
         WHERE s.first IS NOT NULL AND (s.first BETWEEN r.opens AND r.closes) IS NOT TRUE
    """),
)
