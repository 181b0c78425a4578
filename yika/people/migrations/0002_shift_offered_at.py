from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="shift",
            name="offered_at",
            field=models.DateTimeField(help_text="since when a colleague is asked to take it", null=True),
        ),
    ]
