from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "yika.search"
    label = "search"
