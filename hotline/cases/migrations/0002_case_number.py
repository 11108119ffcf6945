"""Case numbers come from a sequence: no lock is held while a report is written; a gap is a report that was rolled back."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE case_number", "DROP SEQUENCE case_number")]
