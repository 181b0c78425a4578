from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "yika.network"
    label = "network"
