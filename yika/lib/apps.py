from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "yika.lib"
    label = "lib"
