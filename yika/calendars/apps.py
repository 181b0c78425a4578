from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "yika.calendars"
    label = "calendars"
