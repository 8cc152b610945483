"""What must add up about uploads, for `rostra doctor`: statements, and the files themselves."""

from __future__ import annotations

from itertools import chain

from rostra.content.media import storage
from rostra.content.media.models import RemotePicture, Upload
from rostra.content.media.queries import UploadRow
from rostra.content.media.remote import RemoteRow

_SUMS = "SELECT owner_id, SUM(size) AS n FROM media_upload GROUP BY owner_id"
_OWN_AVATAR = """COALESCE((SELECT a."key" FROM media_upload a
WHERE a.owner_id = members_member.id AND a.kind = 'avatar'), '')"""
# A picture that a clean-up took away stays until that cannot be undone any more.
_ANOTHER_AVATAR = f"""avatar <> {_OWN_AVATAR} AND NOT EXISTS
(SELECT 1 FROM cleaning_cleaning c WHERE c.member_id = members_member.id AND c.undone_n IS NULL)"""  # noqa: S608
_SHOWN = """(EXISTS (SELECT 1 FROM threads_attachment s WHERE s.upload_id = media_upload.id)
OR EXISTS (SELECT 1 FROM kernel_chosen c
WHERE c.name = 'logo' AND substr(c.value, 1, 32) = media_upload."key"))"""

# Name, what is wrong, and what mends it.
CHECKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "bytes somebody has here",
        f"""SELECT s.owner_id, u.size, s.n FROM ({_SUMS}) s
        LEFT JOIN media_usage u ON u.owner_id = s.owner_id WHERE u.size IS NULL OR u.size <> s.n
        UNION ALL SELECT u.owner_id, u.size, 0 FROM media_usage u WHERE u.size <> 0
        AND NOT EXISTS (SELECT 1 FROM media_upload m WHERE m.owner_id = u.owner_id)""",  # noqa: S608
        (
            f"""INSERT INTO media_usage (owner_id, size, day, day_size)
            SELECT s.owner_id, 0, '1970-01-01', 0 FROM ({_SUMS}) s
            LEFT JOIN media_usage u ON u.owner_id = s.owner_id WHERE u.owner_id IS NULL""",  # noqa: S608
            """UPDATE media_usage SET size = COALESCE((SELECT SUM(m.size) FROM media_upload m
            WHERE m.owner_id = media_usage.owner_id), 0)""",
        ),
    ),
    (
        "a member's picture",
        f"SELECT id, avatar FROM members_member WHERE {_ANOTHER_AVATAR}",  # noqa: S608
        (f"UPDATE members_member SET avatar = {_OWN_AVATAR} WHERE {_ANOTHER_AVATAR}",),  # noqa: S608
    ),
    (
        "uploads that are shown, or not",
        f"""SELECT id FROM media_upload
        WHERE kind <> 'avatar' AND (unused_since IS NULL) <> {_SHOWN}""",  # noqa: S608
        (
            f"""UPDATE media_upload SET unused_since = NULL
            WHERE kind <> 'avatar' AND unused_since IS NOT NULL AND {_SHOWN}""",  # noqa: S608
            f"""UPDATE media_upload SET unused_since = CURRENT_TIMESTAMP
            WHERE kind <> 'avatar' AND unused_since IS NULL AND NOT {_SHOWN}""",  # noqa: S608
        ),
    ),
)


def lost_files() -> list[str]:
    """Return the names of files that have a row and are not there."""
    uploads = Upload.objects.order_by("id").values_list(*UploadRow._fields)
    copies = RemotePicture.objects.exclude(sha256="").order_by("id")
    names = chain(
        (name for row in uploads.iterator() for name in UploadRow(*row).names),
        (
            name
            for row in copies.values_list(*RemoteRow._fields).iterator()
            for name in RemoteRow(*row).names
        ),
    )
    return [name for name in dict.fromkeys(names) if not storage.has(name)]
