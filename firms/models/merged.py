"""What keeps a merged organisation what it is: rows come to the living alone, and it stays merged into one of them."""

import pgtrigger

STAYING = ("firms_duplicate",)
"""Tables whose rows go on naming an organisation after it was merged, beside those that are append-only."""


class OfLiving(pgtrigger.Trigger):
    """No row is given to an organisation that was merged into another.

    Every model with a foreign key to an organisation declares one; a system check asks for it. The lock makes
    a merge wait until the row is committed, and the row wait until the merge is: foreign keys are looked at too late.

    Args:
        column: that names the organisation.
    """

    when = pgtrigger.Before
    declare = [("standing", "text")]

    def __init__(self, column: str = "organisation_id") -> None:
        self.column = column
        field = column.removesuffix("_id")
        super().__init__(name=f"living_{field}", operation=pgtrigger.Insert | pgtrigger.UpdateOf(column))

    def get_func(self, model: object) -> str:
        """Write the function for the column."""
        return f"""
            IF TG_OP = 'UPDATE' AND NEW.{self.column} IS NOT DISTINCT FROM OLD.{self.column} THEN
                RETURN NEW;
            END IF;
            SELECT status INTO standing FROM firms_organisation WHERE id = NEW.{self.column} FOR KEY SHARE;
            IF standing = 'merged' THEN
                RAISE EXCEPTION 'organisation % was merged into another: % belongs there', NEW.{self.column},
                    TG_TABLE_NAME USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """  # noqa: S608 -- a column of ours


def merged_triggers() -> list[pgtrigger.Trigger]:
    """Return what keeps a merged organisation merged, into a living one, with nothing left to it."""
    staying = ", ".join(f"'{table}'" for table in STAYING)
    return [
        pgtrigger.Trigger(
            name="merged_for_good",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("standing", "text")],
            func="""
                IF TG_OP = 'UPDATE' AND OLD.status = 'merged'
                   AND to_jsonb(NEW) - ARRAY['merged_into_id', 'sort_en', 'sort_zh']
                       IS DISTINCT FROM to_jsonb(OLD) - ARRAY['merged_into_id', 'sort_en', 'sort_zh'] THEN
                    RAISE EXCEPTION 'organisation % was merged and does not change', OLD.id
                        USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.merged_into_id IS NULL
                   OR (TG_OP = 'UPDATE' AND NEW.merged_into_id IS NOT DISTINCT FROM OLD.merged_into_id) THEN
                    RETURN NEW;
                END IF;
                -- Rows on their way to this organisation are waited for, and then found to be left to it.
                PERFORM FROM firms_organisation WHERE id = NEW.id FOR UPDATE;
                SELECT status INTO standing FROM firms_organisation WHERE id = NEW.merged_into_id FOR SHARE;
                IF standing = 'merged' THEN
                    RAISE EXCEPTION 'organisation % was merged itself: name its survivor', NEW.merged_into_id
                        USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            """,
        ),
        pgtrigger.Trigger(
            name="merged_leaves_nothing",
            when=pgtrigger.After,
            timing=pgtrigger.Deferred,
            operation=pgtrigger.Insert | pgtrigger.UpdateOf("status"),
            declare=[("link", "record"), ("is_left", "boolean")],
            func=f"""
                IF NEW.status <> 'merged' THEN RETURN NULL; END IF;
                FOR link IN
                    SELECT c.conrelid::regclass AS of_table, a.attname AS of_column
                      FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                     WHERE c.contype = 'f' AND c.confrelid = 'firms_organisation'::regclass
                       AND c.conrelid::regclass::text NOT IN ({staying})
                       AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.conrelid
                                          AND t.tgname LIKE 'pgtrigger_append_only_%')
                LOOP
                    EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %I = $1)', link.of_table, link.of_column)
                       INTO is_left USING NEW.id;
                    IF is_left THEN
                        RAISE EXCEPTION 'organisation % was merged, and % still names it', NEW.id, link.of_table
                            USING ERRCODE = 'check_violation';
                    END IF;
                END LOOP;
                RETURN NULL;
            """,  # noqa: S608 -- tables of ours
        ),
    ]
