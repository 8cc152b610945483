"""Members, groups, sessions, and who is on the way in.

What other rooms count about a member lives in their own tables.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from rostra.forum.members import names


class MemberManager(BaseUserManager["Member"]):
    """Finds members for the sign-in; `name_key` is what is unique."""

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(name_key=names.name_key(username or ""))


class Member(AbstractBaseUser):
    """An account. Nobody is staff by a flag: rights come from groups alone."""

    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=200, unique=True)
    # Longer than Django's: a wrapped hash has the parameters of the old one beside it.
    password = models.CharField(max_length=1000)
    email = models.EmailField(blank=True)  # only what its owner has confirmed
    email_key = models.CharField(max_length=254, blank=True)
    title = models.CharField(max_length=80, blank=True)
    joined_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    is_claimed = models.BooleanField(default=True)  # False: came with an import, nobody signs in
    suspended_until = models.DateTimeField(null=True)
    # What `forum/sanctions` keeps here of its own tables: what holds, and when the last one began.
    limits = models.TextField(blank=True)  # as forum.access.limits has it
    sanctioned_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=12, blank=True)
    per_page = models.PositiveSmallIntegerField(default=20)
    theme = models.CharField(max_length=5, blank=True)  # light, dark; "": as the system
    density = models.CharField(max_length=7, blank=True)  # compact; "": with air
    time_zone = models.CharField(max_length=50, blank=True)  # "": the browser's
    hides_signatures = models.BooleanField(default=False)
    about = models.TextField(blank=True)
    about_html = models.TextField(blank=True)
    signature = models.CharField(max_length=255, blank=True)
    signature_html = models.TextField(blank=True)
    avatar = models.CharField(max_length=32, blank=True)  # key of the picture beside the name
    bell = models.PositiveIntegerField(default=0)  # what they were told and have not read
    unread_conversations = models.PositiveIntegerField(default=0)  # beside the envelope
    read_before = models.DateTimeField(null=True)  # what nobody wrote in since counts as read
    dismissed = models.CharField(max_length=200, blank=True)  # ids of notices, by comma

    USERNAME_FIELD = "name_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[MemberManager] = MemberManager()

    class Meta:
        indexes = [models.Index(fields=["name", "id"], name="members_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["email_key"], condition=~models.Q(email_key=""), name="members_email_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """People who get the same rights. `everyone` and `members` hold people without a row."""

    class Kind(models.TextChoices):
        EVERYONE = "everyone"
        MEMBERS = "members"
        CHOSEN = "chosen"

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CHOSEN)
    # What its people may do beyond boards: rostra.forum.access.viewer.CAPABILITIES.
    capabilities = models.JSONField(default=list)
    # Who is in it has its rights only with a second factor: rostra.forum.members.queries.
    needs_second_factor = models.BooleanField(default=False)
    members = models.ManyToManyField(Member, through="Membership", related_name="groups")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=~models.Q(kind="chosen"), name="members_one_of_a_kind"
            )
        ]


class Membership(models.Model):
    """One member in one group."""

    group = models.ForeignKey(Group, models.CASCADE)
    member = models.ForeignKey(Member, models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="members_membership_once")
        ]


class Session(AbstractBaseSession):
    """A browser that is signed in, and as whom: one look-up says who is asking."""

    member = models.ForeignKey(Member, models.CASCADE, null=True)
    begun_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # to ten minutes
    agent = models.CharField(max_length=200, blank=True)  # what the browser calls itself
    network = models.CharField(max_length=50, blank=True)  # never the whole address

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["network"], name="members_sessions_from"),
            models.Index(fields=["agent"], name="members_sessions_by"),
        ]


class SetupToken(models.Model):
    """The one-time link by which the first administrator comes in; only its hash is kept."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    token_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="members_one_setup")]


class Application(models.Model):
    """Somebody who would join and is no member yet: mail is to be confirmed, or staff decide.

    It holds the name while it stands; it gives no right to the address.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm"
        APPROVE = "approve"

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=200, unique=True)
    email = models.EmailField(blank=True)
    email_key = models.CharField(max_length=254, blank=True, db_index=True)
    password = models.CharField(max_length=255)
    language = models.CharField(max_length=12, blank=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 (NULLs are many)
    created_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)


class MailToken(models.Model):
    """A link sent by mail; only its hash is kept, and the row goes when it is used or replaced."""

    class Kind(models.TextChoices):
        EMAIL = "email"  # confirms an address for a member
        RESET = "reset"  # lets a member choose a new password

    member = models.ForeignKey(Member, models.CASCADE)
    kind = models.CharField(max_length=8, choices=Kind)
    token_hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind"], name="members_newest_token")
        ]


class FormerName(models.Model):
    """A name somebody had; nobody else may take it for a while.

    Without a name: `name_key` is a hash, and it says only what rests.
    """

    member = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="former_names")
    name = models.CharField(max_length=60)
    name_key = models.CharField(max_length=200, db_index=True)
    given_up_at = models.DateTimeField()


class Invitation(models.Model):
    """A link by which one person with one address of mail may join."""

    inviter = models.ForeignKey(Member, models.CASCADE, related_name="invitations")
    email = models.EmailField()
    email_key = models.CharField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")


class Identity(models.Model):
    """A subject of another site's who is a member here."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="members_identity_once")
        ]


class Tie(models.Model):
    """What one member is to another: followed, or ignored."""

    class Kind(models.TextChoices):
        FOLLOW = "follow"
        IGNORE = "ignore"

    member = models.ForeignKey(Member, models.CASCADE, related_name="ties")
    other = models.ForeignKey(Member, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # One or the other: who is ignored is not followed.
            models.UniqueConstraint(fields=["member", "other"], name="members_tie_once")
        ]
        indexes = [models.Index(fields=["other", "kind", "member"], name="members_ties_to")]
