"""Places, devices, labels and the import."""

from django.urls import path

from yika.assets import views

app_name = "assets"
urlpatterns = [
    path("places/", views.places, name="places"),
    path("places/new/", views.create_place, name="create_place"),
    path("places/import/", views.import_list, name="import_list"),
    path("places/import/apply/", views.apply_import, name="apply_import"),
    path("places/export.<slug:form>", views.export_places, name="export_places"),
    path("places/pick/", views.pick_place, name="pick_place"),
    path("places/<int:pk>/", views.place, name="place"),
    path("places/<int:pk>/edit/", views.edit_place, name="edit_place"),
    path("places/<int:pk>/move/", views.move_place, name="move_place"),
    path("places/<int:pk>/label/replace/", views.replace_place_label, name="replace_place_label"),
    path("places/<int:pk>/labels/", views.place_labels, name="place_labels"),
    path("places/<int:pk>/labels.pdf", views.place_label_sheet, name="place_label_sheet"),
    path("devices/", views.devices, name="devices"),
    path("devices/new/", views.create_device, name="create_device"),
    path("devices/labels/", views.labels, name="labels"),
    path("devices/labels.pdf", views.label_sheet, name="label_sheet"),
    path("devices/scan/", views.scan, name="scan"),
    path("devices/export.<slug:form>", views.export_devices, name="export_devices"),
    path("devices/pick/", views.pick_device, name="pick_device"),
    path("devices/<int:pk>/", views.device, name="device"),
    path("devices/<int:pk>/edit/", views.edit_device, name="edit_device"),
    path("devices/<int:pk>/life/", views.change_life, name="change_life"),
    path("devices/<int:pk>/label/replace/", views.replace_device_label, name="replace_device_label"),
]
