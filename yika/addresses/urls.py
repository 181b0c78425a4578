"""Subnets, addresses, VLANs, the update table."""

from django.urls import path

from yika.addresses.views import bringing, holding, subnets

app_name = "addresses"
urlpatterns = [
    path("addresses/", holding.addresses, name="addresses"),
    path("addresses/export.<slug:form>", holding.export, name="export"),
    path("addresses/import/", bringing.bring_addresses, name="bring_addresses"),
    path("addresses/subnets/import/", bringing.bring_subnets, name="bring_subnets"),
    path("addresses/new/", holding.take, name="take"),
    path("addresses/<int:pk>/", holding.address, name="address"),
    path("addresses/<int:pk>/describe/", holding.describe, name="describe"),
    path("addresses/<int:pk>/release/", holding.release, name="release"),
    path("addresses/changes/", holding.changes, name="changes"),
    path("addresses/changes/export.<slug:form>", holding.export_changes, name="export_changes"),
    path("addresses/conflicts/", holding.conflicts, name="conflicts"),
    path("addresses/panel/device/", holding.panel, name="panel_device"),
    path("addresses/subnets/", subnets.subnets, name="subnets"),
    path("addresses/subnets/export.<slug:form>", subnets.export_subnets, name="export_subnets"),
    path("addresses/subnets/new/", subnets.add_subnet, name="add_subnet"),
    path("addresses/subnets/<int:pk>/", subnets.subnet, name="subnet"),
    path("addresses/subnets/<int:pk>/edit/", subnets.edit_subnet, name="edit_subnet"),
    path("addresses/subnets/<int:pk>/remove/", subnets.remove_subnet, name="remove_subnet"),
    path("addresses/subnets/<int:pk>/reserve/", subnets.reserve, name="reserve"),
    path("addresses/vlans/", subnets.vlans, name="vlans"),
    path("addresses/vlans/new/", subnets.add_vlan, name="add_vlan"),
    path("addresses/vlans/<int:pk>/", subnets.rename_vlan, name="rename_vlan"),
    path("addresses/vlans/<int:pk>/remove/", subnets.remove_vlan, name="remove_vlan"),
]
