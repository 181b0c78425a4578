"""The holidays and make-up working days announced so far, from 2020 on."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from yika.calendars import announced


def seed(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    special_day = apps.get_model("calendars", "SpecialDay")
    special_day.objects.bulk_create(
        special_day(day=one.day, is_working=one.is_working, name=one.name)
        for year in announced.years()
        if year >= 2020
        for one in announced.days(year)
    )


class Migration(migrations.Migration):
    dependencies = [("calendars", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
