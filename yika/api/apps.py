from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "yika.api"
    label = "api"
