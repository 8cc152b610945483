"""What the posts of a batch refer to, resolved within their own origin."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

from rostra.content.markup.excerpt import words
from rostra.content.markup.references import Known, LocalRef, MemberRef, PostRef, Wanted
from rostra.forum.members.queries import ids_by_name
from rostra.forum.threads.models import Post
from rostra.forum.threads.rendering import earlier_words
from rostra.transfer.load.mapping import CHUNK, Map, Own, by_address
from rostra.transfer.load.rendering import Renderer, Source
from rostra.transfer.models import OldAddress
from rostra.transfer.records import PostRecord


def resolve(
    records: Sequence[PostRecord],
    ids: Mapping[str, int],
    mapping: Map | Own,
    renderer: Renderer,
) -> list[Source]:
    """Return each post with what it refers to. Nothing binds to what is not of this origin.

    ids: the ids reserved for the posts of the batch.
    """
    refers = renderer.wanted([(record.source, record.dialect) for record in records])
    members = _members({name for item in refers for name in item.names}, mapping)
    keys = {key for item in refers for key in item.posts}
    posts = _posts(keys, records, ids, mapping, renderer)
    local = _local({link for item in refers for link in item.links})
    return [
        Source(record.source, record.dialect, _known(item, members, posts, local))
        for record, item in zip(records, refers, strict=True)
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
    keys: Collection[str],
    records: Sequence[PostRecord],
    ids: Mapping[str, int],
    mapping: Map | Own,
    renderer: Renderer,
) -> dict[str, PostRef]:
    """Return quoted posts by key: those of this batch from their source, earlier ones from ours."""
    fresh = [record for record in records if record.id in ids]
    here = {record.id: record for record in fresh}
    here |= {_pair_of(a): record for record in fresh for a in record.addresses if _pair_of(a)}
    quoted = {key: here[key] for key in keys if key in here}
    texts = renderer.words([(r.source, r.dialect) for r in quoted.values()])
    people = mapping.find("member", {r.author for r in quoted.values() if r.author})
    earlier = earlier_words([ids[r.id] for r in quoted.values()])
    found = {
        key: PostRef(
            ids[record.id],
            people.get(record.author or ""),
            record.author_name,
            text + earlier.get(ids[record.id], ""),
        )
        for (key, record), text in zip(quoted.items(), texts, strict=True)
    }
    return found | _stored([key for key in keys if key not in found], mapping)


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


def _local(links: Collection[str]) -> dict[str, LocalRef]:
    """Return what the old site's own addresses lead to here."""
    paths = {link: _path(link) for link in links}
    found: dict[str, LocalRef] = {}
    wanted = sorted({path for path in paths.values() if path})
    for start in range(0, len(wanted), CHUNK):
        rows = OldAddress.objects.filter(
            address__in=wanted[start : start + CHUNK], kind__in=("thread", "post")
        ).values_list("address", "kind", "new_id")
        for address, kind, new_id in rows:
            for link, path in paths.items():
                if path == address:
                    found[link] = LocalRef("post" if kind == "post" else "thread", new_id)
    return found


def _path(link: str) -> str:
    """Return a relative link as an old address; other sites' paths are not ours to read."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    return parts.path if not parts.netloc and not parts.scheme else ""


def _pair_of(address: str) -> str:
    """Return "topic:post" of an address /t/topic/post, else ""."""
    parts = address.split("/")
    is_pair = len(parts) == 4 and parts[1] == "t" and parts[2].isdecimal() and parts[3].isdecimal()
    return f"{parts[2]}:{parts[3]}" if is_pair else ""
