from django.urls import path

from rostra.web.claims import acts, views

urlpatterns = [
    path("claims", views.claims, name="claims"),
    path("claims/changes", views.changes, name="claim-changes"),
    path("claims/changes.atom", views.feed, name="claim-feed"),
    path("claims/<id:claim_id>", views.claim, name="claim"),
    path("claims/<id:claim_id>.json", views.data, name="claim-data"),
    path("claims/<id:claim_id>/add", acts.add, name="claim-add"),
    path("claims/<id:claim_id>/edit", acts.edit, name="claim-edit"),
    path("claims/entries/<id:entry_id>", acts.entry, name="claim-entry"),
    path("posts/<id:post_id>/claim", acts.make, name="claim-make"),
]
