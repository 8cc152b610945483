from django.urls import path

from rostra.web.media import site, views

urlpatterns = [
    path("files", views.upload, name="upload"),
    path("files/<file:wanted>", views.file, name="file"),
    path("pictures/<file:wanted>", views.remote_picture, name="remote-picture"),
    path("avatars/<file:wanted>", views.avatar, name="avatar"),
    path("logo/<file:wanted>", site.logo, name="logo"),
    path("smilies/<file:wanted>", site.smilie, name="smilie-picture"),
    path("colours/<words:key>.css", site.colours, name="colours"),
    path("account/picture", views.own_picture, name="own-picture"),
]
