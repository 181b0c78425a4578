from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "yika.standards"
    label = "standards"
