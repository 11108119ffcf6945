"""What cooperating agencies were asked, did and were let off is written down with the steps: each by the part it is about."""

from django.db import migrations, models

# Of an act on a part, `agency_id` is the agency whose part it is; of every other act, who holds the case from then on.
FOLLOW = """
DROP TRIGGER journal_act_follow ON journal_act;
DROP FUNCTION simulation_follow();
DROP FUNCTION simulation_deed_of(journal_act);
CREATE FUNCTION simulation_deed_of(act journal_act)
  RETURNS TABLE (case_id bigint, act_id bigint, at timestamptz, deed text, agency_id bigint, until timestamptz, part bigint)
  LANGUAGE sql STABLE AS $$
  SELECT
    act.subject_id, act.id, act.at,
    act.kind || coalesce('.' || CASE act.kind
      WHEN 'case.answered' THEN act.before ->> 'state'
      WHEN 'case.returned' THEN act.after ->> 'state'
      WHEN 'case.mode_set' THEN act.after ->> 'mode'
      WHEN 'case.level_raised' THEN act.after ->> 'level'
      WHEN 'case.obligation_met' THEN act.after ->> 'kind'
      WHEN 'case.disagreed' THEN act.after ->> 'met'
      WHEN 'case.partner_succeeded' THEN act.after ->> 'needless'
    END, ''),
    CASE
      WHEN act.kind = 'case.partner_succeeded' THEN
        CASE WHEN act.after ? 'part' THEN (act.after ->> 'agency_id')::bigint END
      WHEN act.after ? 'part' THEN (act.after ->> 'agency')::bigint
      WHEN act.after ? 'agency_id' THEN coalesce((act.after ->> 'agency_id')::bigint, 0)
    END,
    (act.after ->> 'promised_at')::timestamptz,
    (act.after ->> 'part')::bigint
$$;
CREATE FUNCTION simulation_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO simulation_deed (case_id, act_id, at, deed, agency_id, until, part)
    SELECT * FROM simulation_deed_of(NEW);
  RETURN NULL;
END $$;
CREATE TRIGGER journal_act_follow AFTER INSERT ON journal_act FOR EACH ROW
  WHEN (NEW.subject = 'case' AND NEW.kind NOT IN ('case.opened', 'case.overdue', 'case.warned', 'case.recalculated'))
  EXECUTE FUNCTION simulation_follow();
UPDATE simulation_deed AS d SET deed = n.deed, agency_id = n.agency_id, part = n.part
  FROM journal_act a, simulation_deed_of(a) AS n
  WHERE a.subject = 'case' AND (a.after ? 'part' OR a.kind = 'case.partner_succeeded')
    AND n.case_id = d.case_id AND n.act_id = d.act_id;
"""
UNFOLLOW = """
DROP TRIGGER journal_act_follow ON journal_act;
DROP FUNCTION simulation_follow();
DROP FUNCTION simulation_deed_of(journal_act);
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
"""


class Migration(migrations.Migration):
    dependencies = [("simulation", "0003_domains_of_a_run")]
    operations = [
        migrations.AddField(model_name="deed", name="part", field=models.BigIntegerField(null=True)),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
    ]
