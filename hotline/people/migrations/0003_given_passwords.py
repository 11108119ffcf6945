from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_counters")]
    operations = [
        migrations.AddField(
            model_name="person", name="password_given", field=models.BooleanField(default=False)
        ),
    ]
