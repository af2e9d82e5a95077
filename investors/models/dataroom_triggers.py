"""What PostgreSQL keeps of openings: a row is written only while its tier is open, and comes first."""

import pgtrigger

from investors.models.interest_triggers import DISCLOSED, EXPORT_OPENS

OFFERED = ("published", "expired", "matched")
"""Statuses of an opportunity in which its confidential tier can be open.

The parties go on when its time on the site ends; what its owner withdraws or the district takes down is closed.
"""

SHUT = ("suspended", "moved_out", "merged")
"""Statuses of an owner in which nothing of it is open."""


def _list(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


class OpenedByRight(pgtrigger.Trigger):
    """An opening is written by somebody of the interested side, and only while the tier is open to it.

    The row of the interest is locked: a revocation waits for the opening or the opening for the revocation, and what is
    looked at is what holds at that instant. The row of the file is locked too, so that withdrawing it waits. When it
    was, of which tier and which bytes it showed is written here, whatever the application says.

    The part about the export declaration says in SQL what ``investors.export_gate.gate`` says.
    """

    name = "opened_by_right"
    when = pgtrigger.Before
    operation = pgtrigger.Insert
    declare = [("it", "record"), ("listing", "record"), ("file", "record"), ("is_mainland", "boolean")]
    func = f"""
        SELECT i.person_id, i.organisation_id, i.opportunity_id, i.status, i.country, i.access_revoked_at,
               i.room_opened_at INTO it
          FROM investors_interest i WHERE i.id = NEW.interest_id FOR SHARE;
        NEW.at := clock_timestamp();
        NEW.request := coalesce(current_setting('app.request', true), '');
        SELECT o.kind, o.status, o.export_declaration, o.export_licence_number, o.confidential_en, o.confidential_zh,
               w.status AS owner_is INTO listing
          FROM investors_opportunity o JOIN firms_organisation w ON w.id = o.owner_id WHERE o.id = it.opportunity_id;
        IF NEW.document_id IS NULL THEN
            NEW.tier := 'confidential';
            NEW.sha256 := encode(sha256(convert_to(
                listing.confidential_en || E'\\n' || listing.confidential_zh, 'UTF8')), 'hex');
            IF listing.confidential_en || listing.confidential_zh = '' THEN
                RAISE EXCEPTION 'interest %: there is no confidential text', NEW.interest_id
                    USING ERRCODE = 'check_violation';
            END IF;
        ELSE
            SELECT d.tier, p.sha256 INTO file
              FROM investors_dataroomdocument d JOIN portal_document p ON p.id = d.document_id
             WHERE d.id = NEW.document_id AND d.opportunity_id = it.opportunity_id AND d.withdrawn_at IS NULL
               AND p.status = 'clean' FOR SHARE OF d;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'interest %: file % is not in the room', NEW.interest_id, NEW.document_id
                    USING ERRCODE = 'check_violation';
            END IF;
            NEW.tier := file.tier;
            NEW.sha256 := file.sha256;
        END IF;
        IF (NEW.person_id = it.person_id AND it.organisation_id IS NULL OR EXISTS (
            SELECT FROM firms_membership WHERE user_id = NEW.person_id AND organisation_id = it.organisation_id
               AND is_active AND role IN ('signatory', 'editor'))) IS NOT TRUE THEN
            RAISE EXCEPTION 'interest % is not of person %', NEW.interest_id, NEW.person_id
                USING ERRCODE = 'check_violation';
        END IF;
        is_mainland := investors_is_mainland(it.country, it.organisation_id, ARRAY[it.person_id, NEW.person_id]);
        IF (it.status IN ({_list(DISCLOSED)})
            AND it.access_revoked_at IS NULL
            AND (NEW.tier = 'confidential' OR it.room_opened_at IS NOT NULL)
            AND listing.status IN ({_list(OFFERED)})
            AND listing.owner_is NOT IN ({_list(SHUT)})
            AND {EXPORT_OPENS}) IS NOT TRUE THEN
            RAISE EXCEPTION 'interest %: the tier % is closed', NEW.interest_id, NEW.tier
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    """  # noqa: S608 -- statuses of ours
