from django.apps import AppConfig


class WorkerConfig(AppConfig):
    name = "yika.worker"
    label = "worker"
