"""Tags whose content is taken as it stands: code, pictures, videos, addresses, names."""

from __future__ import annotations

import re

from rostra.content.markup.attribution import unquoted
from rostra.content.markup.bbscan import Tag
from rostra.content.markup.embeds import embed, video
from rostra.content.markup.links import completed, image, link, opening_tag, safe_url
from rostra.content.markup.mentions import mention
from rostra.content.markup.sheet import Format, Sheet
from rostra.content.markup.smilies import with_smilies
from rostra.content.markup.text import balanced, code, escape
from rostra.content.markup.uploads import file_link, is_upload, picture

_LANGUAGE = re.compile(r"[a-z0-9+#-]{1,20}")
_PLAYERS = frozenset({"youtube", "vimeo", "media", "video"})


def code_block(text: str, language: str) -> str:
    """Write a block of code; a language that is none by its form is left out."""
    language = language.strip().lower()
    known = f' class="language-{language}"' if _LANGUAGE.fullmatch(language) else ""
    return f'<pre dir="auto"><code{known}>{code(text)}</code></pre>\n'


def write_verbatim(sheet: Sheet, tag: Tag) -> None:
    """Write what a verbatim tag stands for."""
    content = tag.content or ""
    if tag.name in _PLAYERS:
        _player(sheet, tag, content)
    elif tag.name in ("code", "php", "html"):
        language = tag.name if tag.name != "code" else unquoted(tag.argument)
        sheet.block(code_block(content.strip("\n").rstrip(), language))
    elif tag.name == "icode":
        sheet.html(f"<code>{code(content)}</code>")
    elif tag.name == "img":
        url, linked = content.strip(), not sheet.is_in_link
        if is_upload(url):
            sheet.html(picture(url, "", sheet.found, sheet.known, linked=linked))
        else:
            sheet.html(image(url, "", sheet.found, linked=linked))
    elif tag.name == "user":
        _user(sheet, content)
    elif tag.name in ("url", "email"):
        _address(sheet, content)
    else:
        _literal(sheet, content)


def link_of(sheet: Sheet, tag: Tag) -> Format:
    """Make the format of a link tag that has an address as its argument."""
    url = address_in(unquoted(tag.argument), tag.name)
    if is_upload(url):
        opening, closing = file_link(url, sheet.found, sheet.known)
        return Format(opening, closing, is_link=bool(opening))
    local = sheet.known.local.get(url)
    if local is not None:
        opening = link(url, "\0", sheet.found, sheet.known).partition("\0")[0]
    else:
        opening = opening_tag(url, sheet.found)
    return Format(opening, "</a>" if opening else "", is_link=bool(opening))


def address_in(typed: str, name: str) -> str:
    """Return the whole address that is meant in a link tag."""
    typed = typed.strip()
    if name == "email" and not typed.lower().startswith("mailto:"):
        return "mailto:" + typed
    return completed(typed)


def _address(sheet: Sheet, content: str) -> None:
    text = content.strip()
    is_mail = "@" in text and "/" not in text and ":" not in text
    url = address_in(text, "email" if is_mail else "url")
    if sheet.is_in_link or (safe_url(url) is None and url not in sheet.known.local):
        _literal(sheet, content)
    else:
        sheet.html(link(url, escape(balanced(text)), sheet.found, sheet.known))


def _user(sheet: Sheet, content: str) -> None:
    name = content.strip().removeprefix("@")
    member = sheet.known.members.get(name)
    if member is None or sheet.is_in_link:
        sheet.html(with_smilies(content, sheet.known.smilies))
    else:
        sheet.html(mention(member, sheet.found))


def _player(sheet: Sheet, tag: Tag, content: str) -> None:
    content = content.strip()
    provider, _, key = unquoted(tag.argument).partition(";")
    provider = tag.name if tag.name in ("youtube", "vimeo") else provider.strip().lower()
    bare, _, start = content.partition(":")
    seconds = int(start) if re.fullmatch("[0-9]{1,5}", start) else 0
    player = embed(content) or video(provider, key.strip() or bare, seconds)
    if player:
        sheet.block(player + "\n")
    elif safe_url(content):
        sheet.html(link(content, escape(balanced(content)), sheet.found, sheet.known))
    else:
        _literal(sheet, f"[{tag.name}] {content}" if not provider else f"[{provider}] {content}")


def _literal(sheet: Sheet, content: str) -> None:
    for number, line in enumerate(content.split("\n")):
        if number:
            sheet.line_break()
        if line.strip():
            sheet.html(escape(balanced(line)))
