import django.db.models.deletion
from django.db import migrations, models

OWED = models.Q(("met_at__isnull", True), ("lifted_at__isnull", True))


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0005_several_agencies"),
        ("organisation", "0002_initial"),
    ]

    operations = [
        migrations.AddField("case", "mode", models.CharField(blank=True, max_length=40)),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=24)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("owner", models.CharField(max_length=24)),
                ("due_at", models.DateTimeField()),
                ("met_at", models.DateTimeField(blank=True, null=True)),
                ("met_by", models.JSONField(default=dict)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("evidence", models.JSONField(default=dict)),
                ("agency", models.ForeignKey(
                    blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                    related_name="+", to="organisation.agency")),
                ("case", models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="obligations",
                    to="cases.case")),
                ("clock", models.OneToOneField(
                    on_delete=django.db.models.deletion.CASCADE, related_name="obligation", to="cases.clock")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case", "id"], name="obligation_case"),
                    models.Index(condition=OWED, fields=["due_at", "id"], name="obligation_due"),
                    models.Index(condition=OWED, fields=["owner", "due_at", "id"], name="obligation_owner"),
                    models.Index(condition=OWED, fields=["agency", "owner", "due_at", "id"], name="obligation_agency"),
                ],
            },
        ),
    ]
