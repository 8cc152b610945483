"""Threads, posts and what is counted about them."""

from django.conf import settings
from django.db import models


class State(models.TextChoices):
    """Who sees it, and who decided so."""

    VISIBLE = "visible"
    PENDING = "pending"  # waits for approval; has no number yet
    HIDDEN = "hidden"  # automatically, until somebody decides
    REMOVED = "removed"  # by a moderator
    WITHDRAWN = "withdrawn"  # by its author
    MOVED = "moved"  # no words, but the place of a post that is in another thread now
    MERGED = "merged"  # of a thread: its posts are in another; of a post: the line above those


class Kind(models.TextChoices):
    """What a thread is for."""

    DISCUSSION = "discussion"
    NEWS = "news"  # about an article elsewhere: its address, an excerpt, and the starter's words
    QUESTION = "question"  # one of the replies may be its answer


class Thread(models.Model):
    """A titled discussion in a board. `version` rises whenever its pages change."""

    board = models.ForeignKey("boards.Board", models.PROTECT)
    title = models.CharField(max_length=400)
    starter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    starter_name = models.CharField(max_length=120, blank=True)  # of a guest
    state = models.CharField(max_length=9, choices=State, default=State.VISIBLE)
    is_locked = models.BooleanField(default=False)
    is_pinned = models.BooleanField(default=False)
    opens_at = models.DateTimeField(null=True)  # of a locked one: when it opens by itself
    slow_seconds = models.PositiveIntegerField(default=0)  # between two posts of one member
    last_number = models.PositiveIntegerField(default=0)  # numbers given out, tombstones included
    reply_count = models.PositiveIntegerField(default=0)  # visible posts after the first
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(null=True)
    last_post_at = models.DateTimeField(null=True)
    last_poster = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    last_poster_name = models.CharField(max_length=120, blank=True)
    bumped_at = models.DateTimeField()  # orders lists; a guess where the dates are unknown
    kind = models.CharField(max_length=10, choices=Kind, default="discussion")
    link = models.CharField(max_length=2000, blank=True)
    host = models.CharField(max_length=253, blank=True)  # of the link, as lists show it
    excerpt = models.CharField(max_length=600, blank=True)
    tags = models.CharField(max_length=200, blank=True)  # as `tags` keeps them; rows: Tagging
    has_poll = models.BooleanField(default=False)  # so that only such a page asks for one
    has_cards = models.BooleanField(default=False)  # documents are shown on its pages: so as well
    claim_count = models.PositiveSmallIntegerField(default=0)  # that its pages show
    note_count = models.PositiveSmallIntegerField(default=0)  # below its posts
    # Kept while its post is out of sight, and then not shown: see `queries`.
    answer = models.ForeignKey("Post", models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["link", "-id"], condition=~models.Q(link=""), name="threads_about_link"
            ),
            models.Index(
                fields=["board", "-bumped_at", "-id", "state", "is_pinned"], name="threads_by_bump"
            ),
            models.Index(fields=["board", "-created_at", "-id"], name="threads_by_start"),
            models.Index(fields=["board", "-reply_count", "-id"], name="threads_by_replies"),
            models.Index(
                fields=["is_pinned", "board", "-bumped_at", "-id", "state"],
                condition=models.Q(is_pinned=True),
                name="threads_pinned",
            ),
            models.Index(fields=["-bumped_at", "-id", "board", "state"], name="threads_newest"),
            models.Index(fields=["starter", "-bumped_at"], name="threads_by_starter"),
            models.Index(
                fields=["board", "-bumped_at", "-id"],
                condition=models.Q(reply_count=0),
                name="threads_board_unanswered",
            ),
            models.Index(
                fields=["-bumped_at", "-id"],
                condition=models.Q(reply_count=0),
                name="threads_unanswered",
            ),
            models.Index(
                fields=["opens_at"],
                condition=models.Q(opens_at__isnull=False),
                name="threads_to_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Post(models.Model):
    """One message. `number` is its place in the thread, given when it is first visible."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="posts")
    number = models.PositiveIntegerField(null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    author_name = models.CharField(max_length=120, blank=True)  # of a guest
    state = models.CharField(max_length=9, choices=State, default=State.VISIBLE)
    dialect = models.CharField(max_length=8, default="native")
    source = models.TextField()
    html = models.TextField()  # the kept fragment: holds ids, filled in for each viewer
    created_at = models.DateTimeField(null=True)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    edit_count = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(null=True)
    is_edited_by_moderator = models.BooleanField(default=False)
    state_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="threads_post_number"),
            models.CheckConstraint(
                condition=models.Q(state="pending") | models.Q(number__isnull=False),
                name="threads_shown_post_has_number",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], name="threads_posts_by_author"),
            models.Index(
                fields=["author", "-id"],
                condition=models.Q(number=1),
                name="threads_openings_by_author",
            ),
        ]


class Move(models.Model):
    """Where the post went whose place a tombstone keeps."""

    tombstone = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")


class Merge(models.Model):
    """Which thread the posts of a thread went into, and the line above them there."""

    thread = models.OneToOneField(Thread, models.CASCADE, primary_key=True, related_name="+")
    into = models.ForeignKey(Thread, models.CASCADE, related_name="+")
    divider = models.OneToOneField(Post, models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()  # of posts, below that line
    answer = models.ForeignKey(Post, models.SET_NULL, null=True, related_name="+")  # it had


class Attachment(models.Model):
    """Something uploaded that a post shows. Who may read the post may see it."""

    post = models.ForeignKey(Post, models.CASCADE)
    upload = models.ForeignKey("media.Upload", models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "upload"], name="threads_attachment_once")
        ]


class Tagging(models.Model):
    """A thread under one of its tags, with what orders and bounds lists, as the thread has it."""

    thread = models.ForeignKey(Thread, models.CASCADE)
    tag = models.CharField(max_length=30)
    board = models.ForeignKey("boards.Board", models.CASCADE)
    bumped_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "tag"], name="threads_tag_once"),
        ]
        indexes = [
            models.Index(
                fields=["tag", "board", "-bumped_at", "-thread"], name="threads_tagged_in_board"
            ),
            models.Index(fields=["tag", "-bumped_at", "-thread", "board"], name="threads_tagged"),
        ]


class TagMute(models.Model):
    """A tag that a member wants no word of: what is under it is in no feed of theirs."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    tag = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "tag"], name="threads_tag_muted_once")
        ]


class Revision(models.Model):
    """What a post said before an edit."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    source = models.TextField()
    title = models.CharField(max_length=400, blank=True)  # of its thread, where that was changed
    dialect = models.CharField(max_length=8)
    replaced_at = models.DateTimeField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="threads_revision_once")
        ]


class BoardStats(models.Model):
    """What a board holds, its visible threads and posts, and the latest of them.

    `version` rises whenever a list of its threads changes.
    """

    board = models.OneToOneField("boards.Board", models.CASCADE, primary_key=True)
    thread_count = models.PositiveIntegerField(default=0)
    post_count = models.PositiveIntegerField(default=0)
    last_thread = models.ForeignKey(Thread, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveBigIntegerField(default=0)


class MemberStats(models.Model):
    """How many visible posts a member has written."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    post_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-post_count", "member"], name="threads_by_post_count")]


class Submission(models.Model):
    """A form that became a post: sent again it is answered with the same post."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    key = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)  # of the words and their place
    post = models.ForeignKey(Post, models.CASCADE)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="threads_submission_once")
        ]
        indexes = [models.Index(fields=["member", "digest"], name="threads_submitted_words")]


class Draft(models.Model):
    """What a member was writing. `place`: t12 a reply, b3 a new thread, p9 an edit."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    place = models.CharField(max_length=20)
    title = models.CharField(max_length=400, blank=True)
    source = models.TextField(blank=True)
    more = models.JSONField(default=dict)  # further fields of the form, by name
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "place"], name="threads_draft_once")
        ]


class ThreadMark(models.Model):
    """What a thread is to one member: how far they have read it, and whether they watch it."""

    class Level(models.TextChoices):
        NORMAL = ""
        WATCH = "watch"  # hears of every reply
        MUTE = "mute"  # is in no feed and tells nothing

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    thread = models.ForeignKey(Thread, models.CASCADE)
    number = models.PositiveIntegerField(default=0)  # the last post they were shown; 0: none
    level = models.CharField(max_length=5, choices=Level, blank=True)
    is_chosen = models.BooleanField(default=False)  # by the member, not by having written there
    read_at = models.DateTimeField(null=True)
    bookmarks = models.PositiveIntegerField(default=0)  # of theirs, in this thread

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "thread"], name="threads_thread_mark_once")
        ]
        indexes = [
            models.Index(
                fields=["member", "level", "thread"],
                condition=~models.Q(level=""),
                name="threads_marks_by_level",
            ),
            models.Index(
                fields=["thread", "member"],
                condition=models.Q(level="watch"),
                name="threads_watched_by",
            ),
        ]


class BoardMark(models.Model):
    """What a board is to one member: since when all is read, and whether they watch it."""

    class Level(models.TextChoices):
        NORMAL = ""
        THREADS = "threads"  # hears of new threads
        POSTS = "posts"  # and of every post
        MUTE = "mute"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    board = models.ForeignKey("boards.Board", models.CASCADE)
    level = models.CharField(max_length=7, choices=Level, blank=True)
    read_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "board"], name="threads_board_mark_once")
        ]
        indexes = [
            models.Index(
                fields=["board", "member"],
                condition=models.Q(level__in=("threads", "posts")),
                name="threads_boards_watched_by",
            )
        ]
