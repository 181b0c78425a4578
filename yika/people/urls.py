"""Pages about people."""

from django.urls import path

from yika.people.views import account, exports, imports, people, roster, signing

app_name = "people"
urlpatterns = [
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", signing.change_password, name="change_password"),
    path("account/contact/", account.contact, name="contact"),
    path("account/sessions/end/", account.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="end_session"),
    path("people/", people.listing, name="list"),
    path("people/export.<slug:form>", exports.export_people, name="export_people"),
    path("people/import/", imports.bring_people, name="import_people"),
    path("people/new/", people.new, name="new"),
    path("people/organisations/", people.parties, name="organisations"),
    path("people/<int:pk>/", people.one, name="person"),
    path("people/<int:pk>/edit/", people.edit, name="edit"),
    path("people/<int:pk>/reveal/", people.reveal, name="reveal"),
    path("people/<int:pk>/reset/", people.reset, name="reset"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/<int:pk>/activate/", people.activate, name="activate"),
    path("roster/", roster.show, name="roster"),
    path("roster/export.<slug:form>", exports.export_roster, name="export_roster"),
    path("roster/import/", imports.bring_shifts, name="import_shifts"),
    path("roster/add/", roster.add, name="add_shift"),
    path("roster/copy/", roster.copy, name="copy_week"),
    path("roster/<int:pk>/offer/", roster.offer, name="offer_shift"),
    path("roster/<int:pk>/withdraw/", roster.withdraw, name="withdraw_offer"),
    path("roster/<int:pk>/take/", roster.take, name="take_shift"),
    path("roster/<int:pk>/remove/", roster.remove, name="remove_shift"),
]
