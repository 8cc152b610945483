from django.urls import path

from rostra.web.documents import views

urlpatterns = [
    path("documents", views.find, name="documents"),
    path("documents/<id:document_id>", views.document, name="document"),
    path("documents/<id:document_id>/describe", views.describe, name="document-describe"),
    path("publishers/<id:publisher_id>", views.publisher, name="publisher"),
    path(
        "publishers/<id:publisher_id>/describe", views.describe_publisher, name="publisher-describe"
    ),
]
