import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Walled domains, and the domain of each field."""

    dependencies = [("hotlines", "0001_initial"), ("organisation", "0004_agency_domain")]

    operations = [
        migrations.AddField("field", "domain", models.CharField(blank=True, max_length=40, default=""), preserve_default=False),
        migrations.CreateModel(
            "Domain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, unique=True)),
                ("vi", models.CharField(max_length=120)),
                ("en", models.CharField(max_length=120)),
                ("position", models.PositiveIntegerField(default=0)),
                ("supervisor", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisation.agency")),
            ],
            options={"ordering": ["position", "id"]},
        ),
    ]
