"""What 0004 carried over is dropped, in a transaction of its own as PostgreSQL demands."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assets", "0004_inventory")]
    operations = [
        migrations.RemoveField("device", "in_use"),
        migrations.RemoveField("device", "model_text"),
    ]
