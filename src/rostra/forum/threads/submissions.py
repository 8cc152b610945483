"""What members have sent, so that nothing is posted twice: by the form's key, and by its words.

A form carries a key. The same key again is answered with the post that came of it; other words
under it are refused; the same words without it, soon after, are asked about (REL-011, 012).
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings

from rostra.forum.threads.models import Post, Submission
from rostra.kernel import clock, dialect
from rostra.kernel.errors import Invalid

KEPT_FOR = timedelta(days=2)
SAME_WORDS_FOR = timedelta(minutes=5)
_KEY = re.compile(r"[0-9a-f]{32}")


class Sent(NamedTuple):
    """A form as it was sent; `is_sure`: the same words again are meant."""

    key: str = ""
    is_sure: bool = False


def fresh_key() -> str:
    """Return a key for a form that is about to be shown."""
    return secrets.token_hex(16)


def digest_of(*words: object) -> str:
    """Return a hash of what was sent, and where to."""
    return sha256("\0".join(map(str, words)).encode("utf-8", "surrogatepass")).hexdigest()


def earlier(member_id: int, sent: Sent, digest: str) -> Post | None:
    """Return the post that has come of this form already; call it in the member's turn.

    Raises Invalid for other words under the same key, and for the same words sent lately.
    """
    asks = settings.ROSTRA.posting_limits == "on" and not sent.is_sure
    key = sent.key if _KEY.fullmatch(sent.key) else ""
    if not (asks or key):
        return None
    since = clock.now() - SAME_WORDS_FOR
    found = (
        dialect.rows(_EARLIER, [member_id, key, digest, since])
        if asks
        else dialect.rows(_OF_KEY, [member_id, key])
    )
    for own_key, own_digest, post_id in found:
        if key and own_key == key:
            if own_digest != digest:
                raise Invalid({"key": "sent_with_other_words"})
            return Post.objects.get(id=post_id)
    if found:
        raise Invalid({"sure": "same_words_again"})
    return None


def keep(member_id: int, sent: Sent, digest: str, post: Post) -> None:
    """Note what came of a form."""
    key = sent.key if _KEY.fullmatch(sent.key) else fresh_key()
    dialect.write(_KEEP, [member_id, key, digest, post.pk, clock.now()])


def forget_old() -> int:
    """Delete what no form can come again with; return how many."""
    deleted, _ = Submission.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    return deleted


_OF_KEY = "SELECT key, digest, post_id FROM threads_submission WHERE member_id = %s AND key = %s"
_EARLIER = """
SELECT key, digest, post_id FROM threads_submission
WHERE member_id = %s AND (key = %s OR (digest = %s AND at >= %s))
"""
_KEEP = """
INSERT INTO threads_submission (member_id, key, digest, post_id, at) VALUES (%s, %s, %s, %s, %s)
"""
