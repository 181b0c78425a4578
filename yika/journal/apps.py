from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "yika.journal"
    label = "journal"
