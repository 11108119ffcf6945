"""The steps of cases are written down narrowly with every act, and once for the acts that are there already."""

from django.db import migrations

# case.opened has no row: the case itself says when it was received, and the way in stays as short as it was.
FOLLOW = """
CREATE FUNCTION simulation_deed_of(act journal_act)
  RETURNS TABLE (case_id bigint, act_id bigint, at timestamptz, deed text, agency_id bigint, until timestamptz)
  LANGUAGE sql STABLE AS $$
  SELECT
    act.subject_id, act.id, act.at,
    act.kind || coalesce('.' || CASE act.kind
      WHEN 'case.answered' THEN act.before ->> 'state'
      WHEN 'case.returned' THEN act.after ->> 'state'
      WHEN 'case.mode_set' THEN act.after ->> 'mode'
      WHEN 'case.level_raised' THEN act.after ->> 'level'
      WHEN 'case.obligation_met' THEN act.after ->> 'kind'
    END, ''),
    CASE WHEN act.after ? 'agency_id' THEN coalesce((act.after ->> 'agency_id')::bigint, 0) END,
    (act.after ->> 'promised_at')::timestamptz
$$;
CREATE FUNCTION simulation_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO simulation_deed (case_id, act_id, at, deed, agency_id, until) SELECT * FROM simulation_deed_of(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER journal_act_follow AFTER INSERT ON journal_act FOR EACH ROW
  WHEN (NEW.subject = 'case' AND NEW.kind NOT IN ('case.opened', 'case.overdue', 'case.warned', 'case.recalculated'))
  EXECUTE FUNCTION simulation_follow();
INSERT INTO simulation_deed (case_id, act_id, at, deed, agency_id, until)
  SELECT deed.* FROM journal_act a, simulation_deed_of(a) AS deed
  WHERE subject = 'case' AND kind NOT IN ('case.opened', 'case.overdue', 'case.warned', 'case.recalculated')
  ORDER BY a.id;
"""
UNFOLLOW = """
DROP TRIGGER journal_act_follow ON journal_act;
DROP FUNCTION simulation_follow();
DROP FUNCTION simulation_deed_of(journal_act);
"""


class Migration(migrations.Migration):
    dependencies = [("simulation", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunSQL(FOLLOW, UNFOLLOW)]
