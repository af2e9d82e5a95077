"""What PostgreSQL keeps of interests: between two parties, nothing confidential without both, no end without proof."""

import pgtrigger

NOTICE_DAYS = 15
"""For how many calendar days at least a university posts the name and the negotiated price of a technology.

Source: State Council, Guofa [2016] No. 16 (实施《中华人民共和国促进科技成果转化法》若干规定), I (1):
not less than 15 days.
"""

DISCLOSED = ("confidential", "negotiating", "concluded")
"""The statuses that both acceptances have to stand behind."""

EXPORT_OPENS = """CASE WHEN listing.kind <> 'technology_offered' THEN true
                     WHEN listing.export_declaration = 'prohibited' THEN false
                     WHEN is_mainland OR listing.export_declaration = 'free' THEN true
                     ELSE listing.export_declaration = 'restricted' AND listing.export_licence_number ~ '\\S'
                END"""
"""What ``investors.export_gate.gate`` says, in SQL, of a record ``listing`` and a side that ``is_mainland``.

Tests compare the two.
"""

_DISCLOSED = ", ".join(f"'{status}'" for status in DISCLOSED)


class BetweenTwo(pgtrigger.Trigger):
    """Interest is expressed in what is published and may be offered, by nobody who belongs to its owner.

    The lock makes a change of the opportunity wait for the row, and the row for the change.
    """

    name = "between_two"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("organisation_id", "opportunity_id", "person_id")
    declare = [("it", "record")]
    func = """
        SELECT owner_id, status, export_declaration INTO it
          FROM investors_opportunity WHERE id = NEW.opportunity_id FOR SHARE;
        IF NEW.organisation_id = it.owner_id THEN
            RAISE EXCEPTION 'organisation % would be interested in its own opportunity', NEW.organisation_id
                USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
        IF it.status <> 'published' OR it.export_declaration = 'prohibited' THEN
            RAISE EXCEPTION 'opportunity % is not offered', NEW.opportunity_id USING ERRCODE = 'check_violation';
        END IF;
        IF EXISTS (SELECT FROM firms_membership
                    WHERE user_id = NEW.person_id AND organisation_id = it.owner_id AND is_active) THEN
            RAISE EXCEPTION 'person % belongs to the owner of the opportunity', NEW.person_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """


class StagedDisclosure(pgtrigger.Trigger):
    """Nothing confidential without both acceptances of the text that was fixed, and never of what is prohibited."""

    name = "staged_disclosure"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("status", "agreement_text_id")
    func = f"""
        IF NEW.status NOT IN ({_DISCLOSED}) THEN RETURN NEW; END IF;
        IF (SELECT count(DISTINCT a.side)
              FROM investors_interestacceptance a
              JOIN investors_confidentialitytext t ON t.id = a.text_id
             WHERE a.interest_id = NEW.id AND a.text_id = NEW.agreement_text_id AND a.text_sha256 = t.sha256
               AND t.status = 'published') <> 2 THEN
            RAISE EXCEPTION 'interest % is not confidential without both acceptances of one text', NEW.reference
                USING ERRCODE = 'check_violation';
        END IF;
        PERFORM FROM investors_opportunity
          WHERE id = NEW.opportunity_id AND export_declaration <> 'prohibited' FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the technology of interest % is prohibited', NEW.reference
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """  # noqa: S608 -- statuses of ours


class OpenedByDeclaration(pgtrigger.Trigger):
    """The data room is opened to a side only while the owner's export declaration opens what is confidential to it.

    The lock makes a change of the declaration wait for the room, and the room for the change.
    """

    name = "opened_by_declaration"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.UpdateOf("room_opened_at")
    declare = [("listing", "record"), ("is_mainland", "boolean")]
    func = f"""
        IF NEW.room_opened_at IS NULL OR NEW.room_opened_at = OLD.room_opened_at THEN RETURN NEW; END IF;
        SELECT kind, export_declaration, export_licence_number INTO listing
          FROM investors_opportunity WHERE id = NEW.opportunity_id FOR SHARE;
        is_mainland := investors_is_mainland(NEW.country, NEW.organisation_id, ARRAY[NEW.person_id]);
        IF ({EXPORT_OPENS}) IS NOT TRUE THEN
            RAISE EXCEPTION 'interest %: the export declaration keeps the data room closed', NEW.reference
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """  # noqa: S608 -- a condition of ours


class ConcludedWithProof(pgtrigger.Trigger):
    """What is concluded has what the rules ask for, by whose technology it is and where the other is; then it stays.

    A university's technology at a negotiated price: the notice of at least fifteen days, with its evidence, before it.
    A technology that leaves mainland China: the number of the export certificate.
    """

    name = "concluded_with_proof"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    declare = [("it", "record"), ("facts", "text[]")]
    func = f"""
        facts := ARRAY['price_set_by', 'price_notice_from', 'price_notice_document_id', 'contract_registration',
                       'no_registration_reason', 'export_certificate', 'concluded_on'];
        IF TG_OP = 'UPDATE' AND OLD.status = 'concluded' THEN
            IF NEW.erased_at IS NULL AND EXISTS (
                SELECT FROM unnest(facts) AS f WHERE to_jsonb(NEW) -> f IS DISTINCT FROM to_jsonb(OLD) -> f) THEN
                RAISE EXCEPTION 'interest % was concluded and stays as it was', NEW.reference
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            RETURN NEW;
        END IF;
        IF NEW.status <> 'concluded' THEN RETURN NEW; END IF;
        SELECT o.kind, o.export_declaration, w.kind AS owner_kind INTO it
          FROM investors_opportunity o JOIN firms_organisation w ON w.id = o.owner_id
         WHERE o.id = NEW.opportunity_id FOR SHARE OF o;
        IF it.kind <> 'technology_offered' THEN RETURN NEW; END IF;
        IF NEW.export_certificate = ''
           AND NOT investors_is_mainland(NEW.country, NEW.organisation_id, ARRAY[NEW.person_id]) THEN
            RAISE EXCEPTION 'interest % exports a technology without a certificate', NEW.reference
                USING ERRCODE = 'check_violation';
        END IF;
        IF it.owner_kind = 'university' AND (NEW.price_set_by = '' OR (NEW.price_set_by = 'negotiated'
           AND (NEW.price_notice_from IS NULL OR NEW.price_notice_document_id IS NULL
                OR NEW.concluded_on < NEW.price_notice_from + {NOTICE_DAYS}))) THEN
            RAISE EXCEPTION 'interest % is concluded before the notice of its price', NEW.reference
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """  # noqa: S608 -- a number of ours


class AcceptedText(pgtrigger.Trigger):
    """An acceptance is of the text that was fixed for the interest, by somebody who may bind that side.

    The lock makes a step of the interest wait: one acceptance is written at a time.
    """

    name = "accepted_text"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    declare = [("it", "record"), ("party", "bigint")]
    func = """
        SELECT i.status, i.agreement_text_id, i.person_id, i.organisation_id, o.owner_id, t.sha256, t.status AS text_is
          INTO it
          FROM investors_interest i
          JOIN investors_opportunity o ON o.id = i.opportunity_id
          LEFT JOIN investors_confidentialitytext t ON t.id = NEW.text_id
         WHERE i.id = NEW.interest_id FOR NO KEY UPDATE OF i;
        IF it.status <> 'accepted' OR it.agreement_text_id IS DISTINCT FROM NEW.text_id
           OR it.text_is <> 'published' OR it.sha256 <> NEW.text_sha256 THEN
            RAISE EXCEPTION 'interest % does not wait for the acceptance of this text', NEW.interest_id
                USING ERRCODE = 'check_violation';
        END IF;
        party := CASE NEW.side WHEN 'owner' THEN it.owner_id ELSE it.organisation_id END;
        IF (party IS NULL AND NEW.signed_by_id <> it.person_id) OR (party IS NOT NULL AND NOT EXISTS (
            SELECT FROM firms_membership
             WHERE user_id = NEW.signed_by_id AND organisation_id = party AND is_active AND role = 'signatory')) THEN
            RAISE EXCEPTION 'person % does not bind this side of interest %', NEW.signed_by_id, NEW.interest_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """


class PublishedText(pgtrigger.Trigger):
    """A text that was published stays as it is; its fingerprint is worked out here."""

    name = "published_text"
    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    func = """
        IF TG_OP <> 'INSERT' AND OLD.status = 'published' THEN
            RAISE EXCEPTION 'text % was published and stays as it is', OLD.number
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        NEW.sha256 := encode(sha256(convert_to(NEW.text_en || E'\\n' || NEW.text_zh, 'UTF8')), 'hex');
        RETURN NEW;
    """
