"""Clocks keep all that their value has; two clocks of one key may follow each other in a round, never run together."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_case_number")]
    operations = [
        migrations.AddField("clock", "resumed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("clock", "cancelled_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("clock", "promised", models.BooleanField(default=False)),
        migrations.RemoveConstraint("clock", "one_clock_a_round"),
        migrations.AddConstraint(
            "clock",
            models.UniqueConstraint(
                fields=["case", "key", "round"],
                condition=models.Q(state__in=["breached", "paused", "running"]),
                name="one_unfinished_clock",
            ),
        ),
        migrations.AddField(
            "case",
            "merged_into",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="merged", to="cases.case"
            ),
        ),
    ]
