from django.urls import path

from rostra.web.notes import open_data, setting_up, taking_part, views

urlpatterns = [
    path("notes", views.index, name="notes"),
    path("notes/how", views.how, name="notes-how"),
    path("notes/data", open_data.page, name="notes-data"),
    path("notes/data.json", open_data.for_programs, name="notes-data-json"),
    path("notes/data/<words:release>/<words:name>", open_data.file, name="notes-data-file"),
    path("notes/join", taking_part.join, name="notes-join"),
    path("notes/leave", taking_part.leave_notes, name="notes-leave"),
    path("notes/rate", taking_part.rate_next, name="notes-rate"),
    path("notes/<id:note_id>", views.note, name="note"),
    *(
        path(f"notes/<id:note_id>/{act}", taking_part.act, {"act": act}, name=f"note-{act}")
        for act in taking_part.ACTS
    ),
    path("posts/<id:post_id>/notes", views.of_post, name="post-notes"),
    path("posts/<id:post_id>/notes/write", taking_part.write, name="post-note-write"),
    path("staff/notes", setting_up.notes, name="staff-notes"),
]
