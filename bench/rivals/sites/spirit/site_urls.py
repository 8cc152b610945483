"""Spirit's addresses at the root."""

from django.urls import include, path

urlpatterns = [path("", include("spirit.urls"))]
