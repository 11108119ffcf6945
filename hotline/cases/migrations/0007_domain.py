from django.db import migrations, models

_OPEN = ["assigned", "awaiting_approval", "awaiting_decision", "in_progress", "received", "reopen_requested", "returned",
         "verifying", "with_head"]


class Migration(migrations.Migration):
    """The walled domain of a case, and its two orders behind the wall."""

    dependencies = [("cases", "0006_obligations"), ("conversations", "0003_domain"), ("hotlines", "0002_domains")]

    operations = [
        migrations.AddField("case", "domain", models.CharField(blank=True, max_length=40, default=""), preserve_default=False),
        migrations.AddIndex("case", models.Index(
            fields=["domain", "due_at", "id"], name="case_domain_due",
            condition=models.Q(state__in=_OPEN) & ~models.Q(domain=""),
        )),
        migrations.AddIndex("case", models.Index(
            fields=["domain", "-received_at", "-id"], name="case_domain_newest", condition=~models.Q(domain=""),
        )),
    ]
