from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "yika.contracts"
    label = "contracts"
