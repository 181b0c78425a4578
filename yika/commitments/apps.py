from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "yika.commitments"
    label = "commitments"
