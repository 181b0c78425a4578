"""What things are found by, and the index that finds them."""

from django.db import migrations, models

from yika.lib.search import GramField, index


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="PlaceWords",
            fields=[
                ("grams", GramField()),
                (
                    "place",
                    models.OneToOneField(
                        on_delete=models.CASCADE, primary_key=True, related_name="words", serialize=False, to="assets.place"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        index("assets", "PlaceWords"),
        migrations.CreateModel(
            name="DeviceWords",
            fields=[
                ("grams", GramField()),
                (
                    "device",
                    models.OneToOneField(
                        on_delete=models.CASCADE, primary_key=True, related_name="words", serialize=False, to="assets.device"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        index("assets", "DeviceWords"),
    ]
