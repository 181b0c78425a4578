"""Pages of tokens and webhooks, and the API itself."""

from django.urls import include, path

from yika.api import rest, views

app_name = "api"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/new/", views.new_token, name="new_token"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/new/", views.new_webhook, name="new_webhook"),
    path("webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("webhooks/<int:pk>/edit/", views.edit_webhook, name="edit_webhook"),
    path("webhooks/<int:pk>/pause/", views.pause_webhook, name="pause_webhook"),
    path("webhooks/<int:pk>/start/", views.start_webhook, name="start_webhook"),
    path("webhooks/<int:pk>/secret/", views.renew_secret, name="renew_secret"),
    path("deliveries/<int:pk>/redeliver/", views.redeliver, name="redeliver"),
    path("", include((rest.urls(), "v1"))),
]
