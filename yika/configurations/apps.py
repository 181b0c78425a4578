from django.apps import AppConfig


class ConfigurationsConfig(AppConfig):
    name = "yika.configurations"
    label = "configurations"
