from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "yika.portal"
    label = "portal"
