from django.urls import path

from rostra.web.sanctions import giving, knowing, listing

urlpatterns = [
    path("posts/<id:post_id>/sanction", giving.of_post, name="sanction-post"),
    path("staff/members/<id:member_id>", knowing.member, name="staff-member"),
    path("staff/members/<id:member_id>/sanction", giving.of_member, name="sanction-member"),
    path("staff/members/<id:member_id>/notes", knowing.notes, name="staff-notes"),
    path("staff/members/<id:member_id>/networks", knowing.networks, name="staff-networks"),
    path("staff/sanctions", listing.index, name="sanctions"),
    path("staff/sanctions/<id:n>", listing.one, name="sanction"),
]
