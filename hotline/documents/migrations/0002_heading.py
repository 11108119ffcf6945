from django.db import migrations, models


class Migration(migrations.Migration):
    """A State or a Party paper; what was issued before stays what it was: the column's default is no change of a row."""

    dependencies = [("documents", "0001_documents")]

    operations = [
        migrations.AddField(model_name="document", name="heading", field=models.CharField(default="state", max_length=8))
    ]
