from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "yika.people"
    label = "people"
