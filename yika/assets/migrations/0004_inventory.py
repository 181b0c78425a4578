"""The inventory: kinds of place, stages of life, models, merchants, attributes and stays."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.db import migrations, models

EVER = datetime(2000, 1, 1, tzinfo=UTC)


def carry_over(apps, schema_editor):
    """Devices in no use are in stock; the models written so far are registered; who is in use stays there."""
    Device, DeviceModel, Stay = (apps.get_model("assets", name) for name in ("Device", "DeviceModel", "Stay"))
    Device.objects.filter(in_use=False).update(life="in_stock")
    named = Device.objects.exclude(model_text="").values_list("kind_id", "model_text").distinct()
    for kind, name in list(named):
        model = DeviceModel.objects.create(kind_id=kind, name=name)
        Device.objects.filter(kind_id=kind, model_text=name).update(model=model)
    rows = Device.objects.filter(in_use=True).values_list("pk", "place_id")
    stays = [Stay(device_id=key, place_id=place, from_at=EVER) for key, place in rows]
    Stay.objects.bulk_create(stays, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('assets', '0003_refused'),
    ]

    operations = [
        migrations.CreateModel(
            name='Merchant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='Stay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='device',
            name='attributes',
            field=models.JSONField(default=dict, help_text="values of the kind's attributes by key"),
        ),
        migrations.AddField(
            model_name='device',
            name='installed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='key_version',
            field=models.CharField(blank=True, help_text='of the keys, never a key', max_length=20),
        ),
        migrations.AddField(
            model_name='device',
            name='life',
            field=models.CharField(choices=[('in_stock', 'in_stock'), ('in_use', 'in_use'), ('at_factory', 'at_factory'), ('scrapped', 'scrapped')], default='in_use', max_length=10),
        ),
        migrations.AddField(
            model_name='device',
            name='psam_number',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='device',
            name='responsible',
            field=models.CharField(choices=[('vendor', 'vendor'), ('university', 'university'), ('bank', 'bank'), ('carrier', 'carrier'), ('third_party', 'third_party')], default='vendor', max_length=12),
        ),
        migrations.AddField(
            model_name='device',
            name='upstream_ip',
            field=models.GenericIPAddressField(help_text="the server's, as set in the device", null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='usual_users',
            field=models.PositiveIntegerField(help_text='people on a usual day', null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='warranty_until',
            field=models.DateField(help_text='the last day; null: as the model says', null=True),
        ),
        migrations.AddField(
            model_name='device',
            name='works_offline',
            field=models.BooleanField(help_text='null: as the model does', null=True),
        ),
        migrations.AddField(
            model_name='place',
            name='daily_users',
            field=models.PositiveIntegerField(help_text='seats, or people on a usual day', null=True),
        ),
        migrations.AddField(
            model_name='place',
            name='kind',
            field=models.CharField(choices=[('campus', 'campus'), ('building', 'building'), ('floor', 'floor'), ('room', 'room'), ('window', 'window'), ('box', 'box'), ('other', 'other')], default='other', max_length=10),
        ),
        migrations.CreateModel(
            name='Attribute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=30)),
                ('name', models.CharField(max_length=40)),
                ('name_en', models.CharField(blank=True, max_length=40)),
                ('type', models.CharField(choices=[('text', 'text'), ('integer', 'integer'), ('decimal', 'decimal'), ('choice', 'choice'), ('date', 'date'), ('yes_no', 'yes_no')], max_length=10)),
                ('unit', models.CharField(blank=True, max_length=20)),
                ('choices', models.JSONField(default=list, help_text='texts, of a choice')),
                ('controlled', models.BooleanField(default=False, help_text="changes only with the Office's consent")),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attributes', to='assets.devicekind')),
            ],
        ),
        migrations.CreateModel(
            name='DeviceModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('maker', models.CharField(blank=True, max_length=60)),
                ('name', models.CharField(max_length=60)),
                ('works_offline', models.BooleanField(default=False, help_text='goes on working without the network')),
                ('warranty_months', models.PositiveSmallIntegerField(null=True)),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='models', to='assets.devicekind')),
            ],
        ),
        migrations.RenameField("device", "model", "model_text"),
        migrations.AddField(
            model_name='device',
            name='model',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='assets.devicemodel'),
        ),
        migrations.AddField(
            model_name='device',
            name='merchant',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='devices', to='assets.merchant'),
        ),
        migrations.AddIndex(
            model_name='device',
            index=models.Index(condition=models.Q(('life', 'in_use'), _negated=True), fields=['kind', 'place'], name='assets_device_spare'),
        ),
        migrations.AddField(
            model_name='stay',
            name='device',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stays', to='assets.device'),
        ),
        migrations.AddField(
            model_name='stay',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='assets.place'),
        ),
        migrations.AddConstraint(
            model_name='attribute',
            constraint=models.UniqueConstraint(fields=('kind', 'key'), name='assets_attribute_key'),
        ),
        migrations.AddConstraint(
            model_name='attribute',
            constraint=models.UniqueConstraint(fields=('kind', 'name'), name='assets_attribute_name'),
        ),
        migrations.AddConstraint(
            model_name='devicemodel',
            constraint=models.UniqueConstraint(fields=('kind', 'name'), name='assets_model_name'),
        ),
        migrations.AddIndex(
            model_name='stay',
            index=models.Index(fields=['until_at', 'from_at'], name='assets_stay_moments'),
        ),
        migrations.AddConstraint(
            model_name='stay',
            constraint=models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('device',), name='assets_stay_open'),
        ),
        migrations.AddConstraint(
            model_name='stay',
            constraint=models.CheckConstraint(condition=models.Q(('until_at', None), ('until_at__gte', models.F('from_at')), _connector='OR'), name='assets_stay_ends_after'),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop, elidable=True),
    ]
