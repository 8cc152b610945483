"""Files that never change: what bears the hash of what it holds in its name."""

from __future__ import annotations

from wsgiref.util import setup_testing_defaults

import pytest

from rostra.web import assets
from rostra.web.static_files import with_static_files


@pytest.mark.parametrize(
    ("pattern", "is_for_ever"),
    [("rostra.*.css", True), ("icon.*.svg", True), ("names.json", False)],
)
def test_what_bears_its_hash_is_kept_for_ever(pattern, is_for_ever):
    name = next(assets.BUILT.glob(pattern)).name
    environ = {"PATH_INFO": f"/static/{name}", "REQUEST_METHOD": "GET"}
    setup_testing_defaults(environ)
    told = {}
    answer = with_static_files(lambda environ, start: [])(
        environ, lambda status, headers: told.update(dict(headers), status=status)
    )
    answer.close()
    assert told["status"].startswith("200")
    assert ("immutable" in told["Cache-Control"]) == is_for_ever
    assert told["X-Content-Type-Options"] == "nosniff"
