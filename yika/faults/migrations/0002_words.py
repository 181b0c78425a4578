"""What things are found by, and the index that finds them."""

from django.db import migrations, models

from yika.lib.search import GramField, index


class Migration(migrations.Migration):
    dependencies = [("faults", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="FaultWords",
            fields=[
                ("grams", GramField()),
                (
                    "fault",
                    models.OneToOneField(
                        on_delete=models.CASCADE, primary_key=True, related_name="words", serialize=False, to="faults.fault"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        index("faults", "FaultWords"),
    ]
