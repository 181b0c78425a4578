"""What things are found by, and the index that finds them."""

from django.conf import settings
from django.db import migrations, models

from yika.lib.search import GramField, index


class Migration(migrations.Migration):
    dependencies = [("people", "0002_shift_offered_at")]
    operations = [
        migrations.CreateModel(
            name="PersonWords",
            fields=[
                ("grams", GramField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=models.CASCADE, primary_key=True, related_name="words", serialize=False, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        index("people", "PersonWords"),
    ]
