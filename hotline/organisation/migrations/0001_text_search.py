"""Extensions and the two functions Vietnamese search stands on."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# unaccent is only STABLE by itself; naming the dictionary makes the folding fit for generated columns and indexes.
FOLD = """
CREATE OR REPLACE FUNCTION vi_fold(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, normalize(t, NFC))) $$;
"""
# Words as written weigh more than words without their marks: "Nguyễn" before "Nguyen", but both are found.
SEARCH = """
CREATE OR REPLACE FUNCTION case_search(code text, summary text, content text, place text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT setweight(to_tsvector('simple', lower(normalize(t, NFC))), 'A') || setweight(to_tsvector('simple', vi_fold(t)), 'C')
  FROM (SELECT left(concat_ws(' ', code, summary, place, content), 20000) AS t) AS whole
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION vi_fold(text)"),
        migrations.RunSQL(SEARCH, "DROP FUNCTION case_search(text, text, text, text)"),
    ]
