"""Every address of the forum; old addresses of imported forums come last."""

from django.urls import include, path

from rostra.transfer.redirects import old_address

urlpatterns = [
    path("", include("rostra.web.urls")),
    path("<path:path>", old_address, name="old-address"),
]
handler400 = "rostra.web.errors.bad_request"
handler403 = "rostra.web.errors.forbidden"
handler404 = "rostra.web.errors.not_found"
handler500 = "rostra.web.errors.server_error"
