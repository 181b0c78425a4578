from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "yika.assets"
    label = "assets"
