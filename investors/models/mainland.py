"""Where an interested side counts as being, to PostgreSQL: each of what is said of it has to say mainland China."""

FUNCTION = """
CREATE OR REPLACE FUNCTION investors_is_mainland(said text, organisation bigint, people bigint[]) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT said = 'CN'
       AND NOT EXISTS (SELECT FROM firms_organisation WHERE id = organisation AND country <> 'CN')
       AND NOT EXISTS (SELECT FROM investors_investorprofile WHERE user_id = ANY(people) AND country <> 'CN')
$$;
"""
"""Whether nothing that is said of a side is abroad: in its interest, of its organisation, in its people's profiles.

``investors.disclosure.counterparty_country`` says the same; tests compare the two.
"""

NO_FUNCTION = "DROP FUNCTION investors_is_mainland(text, bigint, bigint[])"
