"""What the posts of a batch refer to, resolved within their own origin."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from rostra.content.markup.excerpt import words
from rostra.content.markup.references import Known, LocalRef, MemberRef, PostRef, Wanted
from rostra.forum.members.queries import ids_by_name
from rostra.forum.threads.models import Post
from rostra.forum.threads.rendering import earlier_words
from rostra.transfer.load.mapping import CHUNK, Map, Own, by_address
from rostra.transfer.load.rendering import Renderer, Source
from rostra.transfer.records import PostRecord


class Together(NamedTuple):
    """Posts that are written together: the ids reserved for them, the fragments that are ready."""

    records: Sequence[PostRecord]
    ids: Mapping[str, int]
    fragments: Mapping[str, str]

    def quoted(self, keys: Collection[str]) -> dict[str, PostRecord]:
        """Return those that are quoted, by the keys by which they are."""
        here = {record.id: record for record in self.records}
        if any(":" in key for key in keys):
            pairs = ((_pair_of(a), record) for record in self.records for a in record.addresses)
            here |= {pair: record for pair, record in pairs if pair}
        return {key: here[key] for key in keys if key in here}


NOTHING = Together((), {}, {})


def resolve(
    chosen: Sequence[tuple[PostRecord, Wanted]],
    mapping: Map | Own,
    renderer: Renderer,
    together: Together = NOTHING,
) -> list[Source]:
    """Return each post with what it refers to. Nothing binds to what is not of this origin.

    together: the posts that are about to be written with these, and may be quoted.
    """
    refers = [wanted for _, wanted in chosen]
    members = _members({name for item in refers for name in item.names}, mapping)
    posts = _posts({key for item in refers for key in item.posts}, mapping, renderer, together)
    local = mapping.local({link for item in refers for link in item.links})
    return [
        Source(record.source, record.dialect, _known(item, members, posts, local))
        for record, item in chosen
    ]


def _known(
    item: Wanted,
    members: Mapping[str, MemberRef],
    posts: Mapping[str, PostRef],
    local: Mapping[str, LocalRef],
) -> Known:
    return Known(
        members={name: members[name] for name in item.names if name in members},
        posts={key: posts[key] for key in item.posts if key in posts},
        local={link: local[link] for link in item.links if link in local},
    )


def _members(names: Collection[str], mapping: Map | Own) -> dict[str, MemberRef]:
    found: dict[str, MemberRef] = {}
    wanted = sorted(names)
    for start in range(0, len(wanted), CHUNK):
        for name, (member_id, shown) in ids_by_name(wanted[start : start + CHUNK]).items():
            found[name] = MemberRef(member_id, shown)
    own = mapping.own_members({ref.id for ref in found.values()})
    return {name: ref for name, ref in found.items() if ref.id in own}


def _posts(
    keys: Collection[str], mapping: Map | Own, renderer: Renderer, together: Together
) -> dict[str, PostRef]:
    """Return quoted posts by key: those of this batch from their source, earlier ones from ours."""
    quoted = together.quoted(keys)
    texts = _texts(list(quoted.values()), renderer, together)
    people = mapping.find("member", {r.author for r in quoted.values() if r.author})
    found = {
        key: PostRef(
            together.ids[record.id], people.get(record.author or ""), record.author_name, text
        )
        for (key, record), text in zip(quoted.items(), texts, strict=True)
    }
    return found | _stored([key for key in keys if key not in found], mapping)


def _texts(records: Sequence[PostRecord], renderer: Renderer, together: Together) -> list[str]:
    """Return the words of posts of the batch; those that refer to nothing are rendered already."""
    rest = [record for record in records if record.id not in together.fragments]
    texts = renderer.words([(record.source, record.dialect) for record in rest])
    said = {record.id: text for record, text in zip(rest, texts, strict=True)}
    return [said[r.id] if r.id in said else words(together.fragments[r.id]) for r in records]


def _stored(keys: Sequence[str], mapping: Map | Own) -> dict[str, PostRef]:
    new_ids = mapping.find("post", [key for key in keys if ":" not in key])
    pairs = {f"/t/{key.replace(':', '/')}": key for key in keys if ":" in key}
    for address, new_id in by_address("post", pairs).items():
        new_ids[pairs[address]] = new_id
    rows: dict[int, PostRef] = {}
    wanted = sorted(set(new_ids.values()))
    for start in range(0, len(wanted), CHUNK):
        found = Post.objects.filter(id__in=wanted[start : start + CHUNK]).values_list(
            "id", "author_id", "author__name", "author_name", "html"
        )
        earlier = earlier_words(wanted[start : start + CHUNK])
        for post_id, author_id, name, guest, html in found:
            said = words(html) + earlier.get(post_id, "")
            rows[post_id] = PostRef(post_id, author_id, name or guest, said)
    return {key: rows[new_id] for key, new_id in new_ids.items() if new_id in rows}


def _pair_of(address: str) -> str:
    """Return "topic:post" of an address /t/topic/post, else ""."""
    parts = address.split("/")
    is_pair = len(parts) == 4 and parts[1] == "t" and parts[2].isdecimal() and parts[3].isdecimal()
    return f"{parts[2]}:{parts[3]}" if is_pair else ""
