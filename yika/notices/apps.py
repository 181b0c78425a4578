from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "yika.notices"
    label = "notices"
