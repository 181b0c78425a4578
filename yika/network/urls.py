"""Links, what a device hangs on, what goes down with it."""

from django.urls import path

from yika.network.views import device, diagrams, impact, links, versions

app_name = "network"
urlpatterns = [
    path("network/", diagrams.backbone, name="backbone"),
    path("network/places/<int:pk>/", diagrams.building, name="building"),
    path("devices/<int:pk>/diagram/", diagrams.around, name="around"),
    path("network/versions/", versions.versions, name="versions"),
    path("network/versions/keep/", versions.keep, name="keep"),
    path("network/versions/<int:pk>/", versions.version, name="version"),
    path("network/changes/", versions.changes, name="changes"),
    path("network/changes/export.<slug:form>", versions.export_changes, name="export_changes"),
    path("network/links/", links.listed, name="links"),
    path("network/links/import/", links.bring, name="import_links"),
    path("network/links/export.<slug:form>", links.export, name="export"),
    path("network/links/<int:pk>/end/", device.disconnect, name="disconnect"),
    path("network/impact/", impact.ask, name="impact"),
    path("network/impact/export.<slug:form>", impact.export, name="export_impact"),
    path("network/panel/place/", diagrams.panel, name="panel_place"),
    path("network/panel/impact/", impact.panel, name="panel_impact"),
    path("network/panel/device/", device.panel, name="panel_device"),
    path("network/ports/<int:pk>/", device.edit_port, name="edit_port"),
    path("network/ports/<int:pk>/remove/", device.remove_port, name="remove_port"),
    path("devices/<int:pk>/links/", device.show_links, name="device"),
    path("devices/<int:pk>/links/new/", device.connect, name="connect"),
    path("devices/<int:pk>/links/need/", device.set_need, name="set_need"),
]
