"""The limit of passing on is watched: when to remind, and the one function through which that is asked from outside.

The function belongs to the owner of what is sealed and runs as the owner (SECURITY DEFINER); the product's ordinary role
may call it and nothing else. It stands in a schema of its own, so that no right on `sealed` itself is given for it. It
claims (a second call finds nothing), writes the register, and answers with what a notice may carry. A moment in the future
is answered like now: whoever asks too early learns nothing and uses up no reminder.
"""

from django.db import migrations, models

WATCH = """
ALTER TABLE sealed.record ADD COLUMN remind_at timestamptz;
UPDATE sealed.record SET remind_at = forward_due_at WHERE state = 'recorded';
CREATE INDEX record_to_remind ON sealed.record (remind_at, id) WHERE state = 'recorded' AND remind_at IS NOT NULL;
CREATE FUNCTION sealed_watch.claim(at timestamptz)
RETURNS TABLE (ref varchar, hotline_id bigint, forward_due_at timestamptz, late boolean)
LANGUAGE sql VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH moment AS (
    SELECT least(at, clock_timestamp()) AS at
  ), due AS (
    SELECT r.id, r.forward_due_at < moment.at AS late
      FROM sealed.record AS r, moment
     WHERE r.state = 'recorded' AND r.remind_at < moment.at
     ORDER BY r.remind_at, r.id LIMIT 50 FOR UPDATE OF r SKIP LOCKED
  ), claimed AS (
    UPDATE sealed.record AS r SET remind_at = CASE WHEN due.late THEN NULL ELSE r.forward_due_at END
      FROM due WHERE r.id = due.id
    RETURNING r.id, r.ref, r.hotline_id, r.forward_due_at, due.late
  ), entered AS (
    INSERT INTO sealed.entry (record_id, at, name, post, deed, why)
    SELECT claimed.id, moment.at, 'Hệ thống', '', CASE WHEN claimed.late THEN 'overdue' ELSE 'reminded' END, ''
      FROM claimed, moment
  )
  SELECT claimed.ref, claimed.hotline_id, claimed.forward_due_at, claimed.late FROM claimed ORDER BY claimed.id
$$;
REVOKE ALL ON FUNCTION sealed_watch.claim(timestamptz) FROM PUBLIC;
"""


def build(apps, schema_editor):
    """As the owner: a function runs with the rights of whoever owns it."""
    from hotline.database.wall import owner_of

    connection = schema_editor.connection
    login = connection.connection.info.user
    owner, us = (connection.ops.quote_name(name) for name in (owner_of(login), login))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA sealed_watch AUTHORIZATION {owner}")
        cursor.execute(f"SET LOCAL ROLE {owner}")
        cursor.execute(WATCH)
        cursor.execute(f"GRANT USAGE ON SCHEMA sealed_watch TO {us}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION sealed_watch.claim(timestamptz) TO {us}")
        cursor.execute("SET LOCAL ROLE NONE")


def tear_down(apps, schema_editor):
    """Nobody is reminded any more; records stay as they are."""
    from hotline.database.wall import owner_of

    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(owner_of(connection.connection.info.user))}")
        cursor.execute("DROP SCHEMA sealed_watch CASCADE")
        cursor.execute("ALTER TABLE sealed.record DROP COLUMN remind_at")
        cursor.execute("SET LOCAL ROLE NONE")


class Migration(migrations.Migration):
    dependencies = [("sealed", "0002_models")]
    operations = [
        migrations.RunPython(build, tear_down),
        migrations.AddField(model_name="record", name="remind_at", field=models.DateTimeField(blank=True, null=True)),
    ]
