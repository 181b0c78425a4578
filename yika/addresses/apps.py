from django.apps import AppConfig


class AddressesConfig(AppConfig):
    name = "yika.addresses"
    label = "addresses"
