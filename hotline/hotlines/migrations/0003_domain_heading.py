from django.db import migrations, models


class Migration(migrations.Migration):
    """A State or a Party paper: what stands at the top of what a domain's agencies issue."""

    dependencies = [("hotlines", "0002_domains")]

    operations = [
        migrations.AddField(model_name="domain", name="heading", field=models.CharField(default="state", max_length=8))
    ]
