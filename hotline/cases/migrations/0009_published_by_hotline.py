from django.db import migrations, models


class Migration(migrations.Migration):
    """What one hotline of several has published, the latest first."""

    dependencies = [("cases", "0008_obligation_lists"), ("hotlines", "0002_domains")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["hotline", "-answered_at", "-id"], name="case_published_line",
                condition=models.Q(public=True, answered_at__isnull=False),
            ),
        ),
    ]
