"""What PostgreSQL keeps of commitments: that they are not rewritten, not moved, not given to others."""

import pgtrigger

_LOOSE = ("status", "organisation_id", "owner_id", "source_note")
_WORDS = ("text_en", "text_zh")
_LATER_WORDS = ("evidence", "reasons", "next_step", "objection", "objection_answer")
_ONCE = ("settled_at", "objected_at", "objection_answered_at", "erased_at")


class Promised(pgtrigger.Trigger):
    """What was promised stays as it was told: its words, its day, its source; what is added later is added once.

    Words only ever become what stands for erased ones, together with the moment of the erasure.
    """

    name = "promised"
    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: object) -> str:
        """Write the function."""
        loose = ", ".join(f"'{column}'" for column in (*_LOOSE, *_WORDS, *_LATER_WORDS, *_ONCE))
        erased = "NEW.erased_at IS NOT NULL AND NEW.{c} = '…'"
        rewritten = [
            *(f"(NEW.{c} <> OLD.{c} AND NOT ({erased.format(c=c)} AND OLD.{c} <> ''))" for c in _WORDS),
            *(f"(NEW.{c} <> OLD.{c} AND OLD.{c} <> '' AND NOT ({erased.format(c=c)}))" for c in _LATER_WORDS),
            "(NEW.source_note <> OLD.source_note AND NOT (NEW.erased_at IS NOT NULL AND NEW.source_note = ''))",
            *(f"(OLD.{c} IS NOT NULL AND NEW.{c} IS DISTINCT FROM OLD.{c})" for c in _ONCE),
            "(NEW.owner_id <> OLD.owner_id AND OLD.status <> 'open')",
        ]
        return f"""
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION 'commitment % is never deleted', OLD.reference USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF NEW.due_on <> OLD.due_on THEN
                RAISE EXCEPTION 'commitment % is promised by %: the day never moves', OLD.reference, OLD.due_on
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            IF to_jsonb(NEW) - ARRAY[{loose}] IS DISTINCT FROM to_jsonb(OLD) - ARRAY[{loose}]
               OR {" OR ".join(rewritten)} THEN
                RAISE EXCEPTION 'commitment % is not changed after it was told', OLD.reference
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        """


class WithBeneficiary(pgtrigger.Trigger):
    """A commitment stays with the organisation to which it was made, or goes to the one into which that was merged."""

    name = "with_beneficiary"
    when = pgtrigger.After
    timing = pgtrigger.Deferred
    operation = pgtrigger.UpdateOf("organisation_id")
    func = """
        IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id AND NOT EXISTS (
            SELECT FROM firms_organisation
             WHERE id = OLD.organisation_id AND status = 'merged' AND merged_into_id = NEW.organisation_id) THEN
            RAISE EXCEPTION 'commitment % belongs to organisation %', OLD.reference, OLD.organisation_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """


class FromItsSource(pgtrigger.Trigger):
    """A commitment is made to whom its source was written, and nobody of the beneficiary answers for it.

    The answer is the district's, no internal note; the application is the organisation's; a follow-up takes the place
    of one that was broken, for the same beneficiary.
    """

    name = "from_its_source"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("owner_id")
    func = """
        IF EXISTS (SELECT FROM firms_membership WHERE organisation_id = NEW.organisation_id AND is_active
                      AND user_id IN (NEW.owner_id, CASE WHEN TG_OP = 'INSERT' THEN NEW.made_by_id END)) THEN
            RAISE EXCEPTION 'nobody of organisation % promises it something', NEW.organisation_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
        IF NEW.message_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM investors_inquirymessage m JOIN investors_inquiry i ON i.id = m.inquiry_id
             WHERE m.id = NEW.message_id AND NOT m.is_internal AND m.author_id <> i.sender_id
               AND i.sender_id IS NOT DISTINCT FROM NEW.person_id
               AND i.organisation_id IS NOT DISTINCT FROM NEW.organisation_id) THEN
            RAISE EXCEPTION 'message % is no answer to this beneficiary', NEW.message_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.application_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM incentives_application WHERE id = NEW.application_id
               AND organisation_id IS NOT DISTINCT FROM NEW.organisation_id) THEN
            RAISE EXCEPTION 'application % is not of this beneficiary', NEW.application_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.follows_id IS NOT NULL THEN
            PERFORM FROM investors_commitment
              WHERE id = NEW.follows_id AND status = 'broken'
                AND organisation_id IS NOT DISTINCT FROM NEW.organisation_id
                AND person_id IS NOT DISTINCT FROM NEW.person_id FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'commitment % was not broken, or was made to somebody else', NEW.follows_id
                    USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN NEW;
    """
