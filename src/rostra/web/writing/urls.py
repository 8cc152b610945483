from django.urls import path

from rostra.web.writing import answers, drafts, posts, reactions, threads

urlpatterns = [
    path("boards/<id:board_id>/start", threads.start, name="start-thread"),
    path("threads/<id:thread_id>/reply", threads.reply, name="reply"),
    path("posts/<id:post_id>/reply", threads.reply_to, name="reply-to"),
    path("posts/<id:post_id>/quotation", threads.quotation, name="quotation"),
    path("posts/<id:post_id>/edit", posts.edit, name="edit-post"),
    path("posts/<id:post_id>/history", posts.history, name="post-history"),
    path("posts/<id:post_id>/withdraw", posts.withdraw, name="withdraw-post"),
    path("posts/<id:post_id>/bring-back", posts.bring_back, name="bring-back-post"),
    path("posts/<id:post_id>/answer", answers.accept, name="accept-answer"),
    path("posts/<id:post_id>/reactions", reactions.show, name="reactions"),
    path("write/preview", drafts.preview, name="preview"),
    path("write/draft", drafts.draft, name="draft"),
    path("write/smilies", drafts.smilies, name="smilies"),
]
