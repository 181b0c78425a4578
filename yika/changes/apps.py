from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "yika.changes"
    label = "changes"
