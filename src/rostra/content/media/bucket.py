"""Uploads in a bucket that speaks S3: for several nodes, or a disk that is small.

Needs django-storages with its part for S3: `pip install -r requirements/s3.txt`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import storages

from rostra.kernel import clock
from rostra.kernel.errors import NotFound, TooMany

log = logging.getLogger(__name__)

AGAIN = 30  # seconds


class Bucket:
    """A bucket; what it refuses is logged, and can be tried again."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend

    def put(self, name: str, data: bytes) -> None:
        """Keep a file; it is kept when the bucket has said so."""
        try:
            self._backend.save(name, ContentFile(data))
        except Exception as error:
            raise _unavailable(name, error) from error

    def get(self, name: str) -> bytes:
        """Return what a file holds."""
        try:
            with self._backend.open(name) as file:
                found: bytes = file.read()
        except FileNotFoundError as error:
            log.error("the upload %s is not in the bucket", name)
            raise NotFound from error
        except Exception as error:
            raise _unavailable(name, error) from error
        return found

    def has(self, name: str) -> bool:
        """Return whether there is such a file."""
        return bool(self._backend.exists(name))

    def drop(self, name: str) -> None:
        """Delete a file."""
        try:
            self._backend.delete(name)
        except Exception as error:
            raise _unavailable(name, error) from error

    def older_than(self, seconds: float, part: int) -> Iterator[str]:
        """Yield the names in a part that were written longer ago than that."""
        before = clock.now() - timedelta(seconds=seconds)
        for entry in self._backend.bucket.objects.filter(Prefix=f"{part:02x}/"):
            if entry.last_modified < before:
                yield str(entry.key)


@cache
def at(address: str) -> Bucket:
    """Return the bucket of a setting: s3://KEY:SECRET@HOST/BUCKET?region=REGION.

    s3+http:// where the host speaks no TLS. Without a key whatever else boto3 finds is taken.
    """
    parts = urlsplit(address)
    host = f"{parts.hostname}:{parts.port}" if parts.port else f"{parts.hostname}"
    options = {
        "bucket_name": parts.path.strip("/"),
        "endpoint_url": f"{'http' if parts.scheme == 's3+http' else 'https'}://{host}",
        "region_name": parse_qs(parts.query).get("region", [None])[0],
        "access_key": unquote(parts.username or "") or None,
        "secret_key": unquote(parts.password or "") or None,
        "default_acl": None,  # nobody but us
        "file_overwrite": True,  # names are ours and come once; asking first costs a request
    }
    return Bucket(
        storages.create_storage({"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options})
    )


def _unavailable(name: str, error: Exception) -> TooMany:
    log.error("the bucket of uploads failed with %s: %s", name, error)
    return TooMany(AGAIN, "uploads_unavailable")
