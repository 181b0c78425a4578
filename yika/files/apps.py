from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "yika.files"
    label = "files"
