from django.apps import AppConfig


class FaultsConfig(AppConfig):
    name = "yika.faults"
    label = "faults"
