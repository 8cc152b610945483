"""Who stands for whom."""

import pytest

from rostra.forum.claims.sources import root_of, unknown_origin

OWNERS = {1: 2, 2: 3, 3: None, 7: 8, 8: 9, 9: 7, 10: 8}


@pytest.mark.parametrize(
    ("speaker", "publisher", "root"),
    [
        ("State radio", 1, "publisher:3"),
        ("The state", 3, "publisher:3"),
        ("A paper of its own", 4, "publisher:4"),
        ("  The   Harbour Master ", None, "speaker:the harbour master"),
        ("the harbour master", None, "speaker:the harbour master"),
        ("In a circle", 7, "publisher:7"),
        ("In a circle", 8, "publisher:7"),
        ("Under a circle", 10, "publisher:7"),
    ],
)
def test_a_publisher_speaks_for_its_top_owner(speaker, publisher, root):
    assert root_of(speaker, publisher, OWNERS) == root


def test_unknown_origins_of_two_papers_are_two():
    assert unknown_origin(1) != unknown_origin(2)
