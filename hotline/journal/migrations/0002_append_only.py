"""The journal can be added to and nothing else; every act is announced to the push server."""

from django.db import migrations

FORBID = """
CREATE FUNCTION journal_forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the journal is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_act_unchangeable BEFORE UPDATE OR DELETE ON journal_act
  FOR EACH ROW EXECUTE FUNCTION journal_forbid();
CREATE TRIGGER journal_act_untruncatable BEFORE TRUNCATE ON journal_act
  FOR EACH STATEMENT EXECUTE FUNCTION journal_forbid();
"""
UNFORBID = """
DROP TRIGGER journal_act_untruncatable ON journal_act;
DROP TRIGGER journal_act_unchangeable ON journal_act;
DROP FUNCTION journal_forbid();
"""
ANNOUNCE = """
CREATE FUNCTION journal_announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(NEW.topics) > 0 THEN
    PERFORM pg_notify('acts', json_build_object('id', NEW.id, 'topics', NEW.topics)::text);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_act_announce AFTER INSERT ON journal_act FOR EACH ROW EXECUTE FUNCTION journal_announce();
"""
UNANNOUNCE = "DROP TRIGGER journal_act_announce ON journal_act; DROP FUNCTION journal_announce();"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, UNFORBID), migrations.RunSQL(ANNOUNCE, UNANNOUNCE)]
