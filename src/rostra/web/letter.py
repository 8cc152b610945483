"""Letters: one text and the same in HTML, in the language and direction of who reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.conf import settings
from django.utils import translation

from rostra.kernel import mailing
from rostra.web.jinja import macro


class Item(NamedTuple):
    """One thing that a letter tells of; all plain text."""

    words: str
    address: str
    excerpt: str = ""


def send(
    to: str,
    subject: str,
    paragraphs: Sequence[str],
    link: tuple[str, str] | None = None,
    *,
    items: Sequence[Item] = (),
    last: tuple[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Write and send a letter in the language that is in force.

    link: path and words; last: whole address and words of what stands below, such as stopping it.
    """
    site, base = settings.ROSTRA.site_name, settings.ROSTRA.base_url
    told = list(paragraphs)
    told += ["\n".join(filter(None, (item.words, item.excerpt, item.address))) for item in items]
    told += [f"{link[1]}: {base}{link[0]}"] if link else []
    told += [f"{last[1]}: {last[0]}"] if last else []
    text = "\n\n".join([*told, f"-- \n{site} · {base}"]) + "\n"
    language = translation.get_language() or settings.ROSTRA.language
    html = macro("base/letter.html", "letter", language)(
        subject, list(paragraphs), items, (base + link[0], link[1]) if link else None, last
    )
    mailing.send(to, f"{subject} · {site}", text, str(html).strip(), headers)
