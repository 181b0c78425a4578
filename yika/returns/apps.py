from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "yika.returns"
    label = "returns"
