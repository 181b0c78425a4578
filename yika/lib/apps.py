from django.apps import AppConfig

from yika.lib import wording


class LibConfig(AppConfig):
    name = "yika.lib"
    label = "lib"

    def ready(self) -> None:
        """Forms speak as Yika does."""
        wording.use()
