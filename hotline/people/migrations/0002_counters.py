"""The table behind the cache: counters of rate limits, shared by every process."""

from django.db import migrations

TABLE = """
CREATE TABLE counters (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX counters_expires ON counters (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunSQL(TABLE, "DROP TABLE counters")]
