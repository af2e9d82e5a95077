"""What is offered from a laboratory is offered by its organisation."""

import pgtrigger


class FromOwnLaboratory(pgtrigger.Trigger):
    """The laboratory of an opportunity belongs to its owner; looked at when all is done, as a merge moves both."""

    def __init__(self) -> None:
        super().__init__(
            name="from_own_laboratory",
            when=pgtrigger.After,
            timing=pgtrigger.Deferred,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("laboratory_id", "owner_id"),
            condition=pgtrigger.Q(new__laboratory_id__isnull=False),
            func="""
                IF EXISTS (
                    SELECT FROM investors_opportunity o JOIN firms_laboratory l ON l.id = o.laboratory_id
                     WHERE o.id = NEW.id AND l.organisation_id <> o.owner_id
                ) THEN
                    RAISE EXCEPTION 'opportunity % names a laboratory of another organisation', NEW.id
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NULL;
            """,
        )
