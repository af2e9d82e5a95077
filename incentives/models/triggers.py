"""What PostgreSQL keeps true about decisions and money, written once for the models that declare it."""

from collections.abc import Sequence

import pgtrigger


class Kept(pgtrigger.Trigger):
    """A row that is never deleted, and of which only the named columns change.

    Args:
        once: columns that change once, from NULL.
        free: columns that may change at any time.
    """

    name = "kept"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, once: Sequence[str] = (), free: Sequence[str] = ()) -> None:
        self.once = tuple(once)
        self.free = tuple(free)
        super().__init__()

    def get_func(self, model: object) -> str:
        """Write the function: compare the rows without the columns that may change."""
        loose = "ARRAY[" + ", ".join(f"'{column}'" for column in (*self.once, *self.free)) + "]::text[]"
        again = " OR ".join(f"(OLD.{c} IS NOT NULL AND NEW.{c} IS DISTINCT FROM OLD.{c})" for c in self.once) or "false"
        return f"""
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF to_jsonb(NEW) - {loose} IS DISTINCT FROM to_jsonb(OLD) - {loose} OR {again} THEN
                RAISE EXCEPTION '% is not changed after it was written', TG_TABLE_NAME
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        """


class Decided(pgtrigger.Trigger):
    """At the end of the transaction, status, decision and money of an application agree.

    No public notice, offer or award without a live recommendation, an approval of just its terms by
    another person, a second one by a third person above the threshold, and the amount reserved or
    committed, no more than was requested and than both caps allow. No money stays held by an application that is
    none of these.

    Args:
        application: the column of the row that names the application.
        operation: when to look.
    """

    name = "decided"
    when = pgtrigger.After
    timing = pgtrigger.Deferred

    def __init__(self, *, application: str = "application_id", operation: pgtrigger.Operation | None = None) -> None:
        self.application = application
        super().__init__(operation=operation or pgtrigger.Insert | pgtrigger.Update)

    def get_declare(self, model: object) -> list[tuple[str, str]]:
        """Declare what the function works with."""
        return [
            ("app", "record"),
            ("rec", "record"),
            ("final", "record"),
            ("reserved", "numeric"),
            ("committed", "numeric"),
            ("others", "numeric"),
        ]

    def get_func(self, model: object) -> str:
        """Write the function; the application's row is locked so that two transactions cannot pass by each other."""
        return f"""
            IF NEW.{self.application} IS NULL THEN RETURN NULL; END IF;
            SELECT a.id, a.status, a.requested_amount AS requested, a.organisation_id, v.programme_id,
                   v.four_eyes_threshold AS threshold, v.cap_award, v.cap_firm INTO app
              FROM incentives_application a JOIN incentives_programmeversion v ON v.id = a.programme_version_id
             WHERE a.id = NEW.{self.application} FOR NO KEY UPDATE OF a;
            SELECT coalesce(sum(CASE kind WHEN 'reserve' THEN amount WHEN 'commit' THEN -amount
                                          WHEN 'release_reservation' THEN -amount END), 0),
                   coalesce(sum(CASE kind WHEN 'commit' THEN amount WHEN 'release_commitment' THEN -amount
                                          WHEN 'claw_back' THEN -amount END), 0)
              INTO reserved, committed FROM incentives_ledgerentry WHERE application_id = app.id;
            IF app.status NOT IN ('public_notice', 'offered', 'active', 'completed') THEN
                IF reserved > 0 OR (committed > 0 AND app.status <> 'terminated') THEN
                    RAISE EXCEPTION 'application % is % and still holds money', app.id, app.status
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            END IF;
            SELECT * INTO rec FROM incentives_recommendation WHERE application_id = app.id AND voided_at IS NULL;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'application % is % without a recommendation', app.id, app.status
                    USING ERRCODE = 'check_violation';
            END IF;
            IF (rec.amount <= app.requested) IS NOT TRUE THEN
                RAISE EXCEPTION 'application % is % with more than was requested', app.id, app.status
                    USING ERRCODE = 'check_violation';
            END IF;
            IF rec.amount > app.cap_award THEN
                RAISE EXCEPTION 'application % is % with more than an award may give', app.id, app.status
                    USING ERRCODE = 'check_violation';
            END IF;
            -- Where an amount comes to be held; later versions of the programme may have other caps.
            IF app.status = 'public_notice' OR TG_TABLE_NAME = 'incentives_recommendation' THEN
                PERFORM 1 FROM firms_organisation WHERE id = app.organisation_id FOR NO KEY UPDATE;
                SELECT coalesce(sum(r.amount), 0) INTO others
                  FROM incentives_application o
                  JOIN incentives_round ON incentives_round.id = o.round_id
                  JOIN incentives_recommendation r ON r.application_id = o.id AND r.voided_at IS NULL
                 WHERE o.organisation_id = app.organisation_id AND o.id <> app.id
                   AND incentives_round.programme_id = app.programme_id
                   AND o.status IN ('public_notice', 'offered', 'active');
                IF rec.amount + others > app.cap_firm THEN
                    RAISE EXCEPTION 'application % is % with more than the firm may hold', app.id, app.status
                        USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            SELECT * INTO final FROM incentives_approval
             WHERE recommendation_id = rec.id AND stage = 'final' AND voided_at IS NULL;
            IF NOT FOUND OR final.terms_hash IS DISTINCT FROM rec.terms_hash
               OR final.approver_id = rec.recommended_by_id THEN
                RAISE EXCEPTION 'application % is % without an approval of its terms', app.id, app.status
                    USING ERRCODE = 'check_violation';
            END IF;
            IF rec.amount > app.threshold AND NOT EXISTS (
                SELECT 1 FROM incentives_approval f WHERE f.recommendation_id = rec.id AND f.stage = 'first'
                   AND f.voided_at IS NULL AND f.terms_hash = rec.terms_hash
                   AND f.approver_id NOT IN (final.approver_id, rec.recommended_by_id)) THEN
                RAISE EXCEPTION 'application % is % without its first approval', app.id, app.status
                    USING ERRCODE = 'check_violation';
            END IF;
            IF (app.status IN ('public_notice', 'offered') AND reserved <> rec.amount)
               OR (app.status = 'active' AND (committed <= 0 OR reserved <> 0)) THEN
                RAISE EXCEPTION 'application % is % without a live reservation or commitment', app.id, app.status
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """  # noqa: S608 -- only a column of ours is put in


class AddsUp(pgtrigger.Trigger):
    """At the end of the transaction that publishes a version, its tranches share the whole award, its weights are 100.

    While a programme is written its rows may add up to anything; what is published may not.
    """

    name = "adds_up"
    when = pgtrigger.After
    timing = pgtrigger.Deferred
    operation = pgtrigger.Insert
    func = """
        IF (SELECT sum((t ->> 'share')::numeric) FROM jsonb_array_elements(NEW.content -> 'tranches') t)
           IS DISTINCT FROM 100 THEN
            RAISE EXCEPTION 'the tranches of version % do not add up to 100', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        IF (NEW.reviewers_needed > 0 OR jsonb_array_length(NEW.content -> 'rubric') > 0) AND
           (SELECT sum((r ->> 'weight')::numeric) FROM jsonb_array_elements(NEW.content -> 'rubric') r)
           IS DISTINCT FROM 100 THEN
            RAISE EXCEPTION 'the weights of version % do not add up to 100', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """


class OnlyWhileOpen(pgtrigger.Trigger):
    """What the applicant writes changes only while the application is a draft or returned."""

    name = "only_while_open"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("target", "bigint")]
    func = """
        IF TG_OP = 'UPDATE' AND NEW.application_id <> OLD.application_id THEN
            RAISE EXCEPTION '% stays with its application', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        target := CASE WHEN TG_OP = 'DELETE' THEN OLD.application_id ELSE NEW.application_id END;
        PERFORM 1 FROM incentives_application
          WHERE id = target AND status IN ('draft', 'returned') FOR NO KEY UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the application is submitted: % cannot change', TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """


class WithCleanDocuments(pgtrigger.Trigger):
    """Nothing is submitted with a document that is not scanned, or infected."""

    name = "with_clean_documents"
    when = pgtrigger.Before
    operation = pgtrigger.UpdateOf("status")
    func = """
        IF NEW.status = 'submitted' AND EXISTS (
            SELECT 1 FROM incentives_applicationdocument d JOIN portal_document p ON p.id = d.document_id
             WHERE d.application_id = NEW.id AND NOT d.replaced AND p.status <> 'clean') THEN
            RAISE EXCEPTION 'application % has a document that is not clean', NEW.id USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """


class WithoutOpenFlags(pgtrigger.Trigger):
    """Nothing is approved while a flag of the application is open."""

    name = "without_open_flags"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    func = """
        PERFORM 1 FROM incentives_application WHERE id = NEW.application_id FOR UPDATE;
        IF EXISTS (SELECT 1 FROM incentives_flag WHERE application_id = NEW.application_id AND status = 'open') THEN
            RAISE EXCEPTION 'a flag is open' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """
