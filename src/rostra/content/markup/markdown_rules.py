"""Markdown read: markdown-it without html, with the rules that forum posts need beside it."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLinkText
from markdown_it.common.utils import MD_TRIM_CHARS, normalizeReference
from markdown_it.helpers import parseLinkLabel, parseLinkTitle
from markdown_it.parser_inline import ParserInline, RuleFuncInlineType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block import table as table_rule
from markdown_it.rules_inline import (
    StateInline,
    autolink,
    backtick,
    emphasis,
    entity,
    escape,
    newline,
    strikethrough,
)
from markdown_it.rules_inline import image as image_rule
from markdown_it.rules_inline import link as link_rule
from markdown_it.token import Token

from rostra.content.markup.autolink import Ends, address_end
from rostra.content.markup.bbscan import TAG, tag_from
from rostra.content.markup.bbtags import IN_LINE
from rostra.content.markup.links import safe_url
from rostra.content.markup.markdown_links import link_destination
from rostra.content.markup.uploads import is_upload

type Env = MutableMapping[str, Any]

DEEPEST = 40
# What a post may be made of; what comes after it is one paragraph. Each block is two or three.
MOST_TOKENS = 8_000
_MOST_IN_TABLES = 12_000
# Signs that may mean something and are looked at in a post; those after them are text.
MOST_SIGNS = 6_000
_DEEPEST_LABEL = 8
_MOST_MISSING_CELLS = 2_000
_SCHEME = re.compile(r"(?<![\w@./+-])(?:https?|mailto)\Z", re.IGNORECASE)
_LINKED = re.compile(r"\((?:<?\s*https?:|www\.|mailto:|<?/)", re.IGNORECASE)
_ANY_SCHEME = re.compile(r"[\s\x00-\x1f]*[A-Za-z][A-Za-z0-9+.\s-]*:")
_INERT = re.compile(r"[^\n\\`~*_\[\]!<&:|]+")
_BLANKS = re.compile(r"[ \t]*")
_BLANK_SIGNS = (" ", "\t")
# An address that is written as it is typed.
PLAIN_ADDRESS = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9_./-]*)?")
# Where no address begins, whatever follows.
_NO_HOST = re.compile(r"://[\[\]()]")
_UNDER_HEAD = re.compile(r"[\s>]*[-:|][-:|\s]*\Z")
_NOTE = re.compile(r"\[\^([^\]\s\[]{1,40})\]")
_CLOSERS = {
    name: re.compile(rf"\[/(?:{name}|{aliases})[ \t]*\]", re.IGNORECASE)
    for name, aliases in {
        "icode": "tt",
        "noparse": "nobbc|plain",
        "img": "img",
        "user": "member|mention",
        "url": "iurl",
        "email": "mail",
    }.items()
}


def parse_blocks(text: str, env: Env) -> list[Token]:
    """Read the blocks of a text; link definitions go into the environment."""
    tokens: list[Token] = []
    _markdown.block.parse(text, _markdown, env, tokens)
    env["tokens"] = env.get("tokens", 0) + len(tokens)
    return tokens


def parse_inlines(tokens: list[Token], env: Env) -> None:
    """Read the lines of text inside blocks, once all definitions are known."""
    for token in tokens:
        if token.type != "inline":
            continue
        if _INERT.fullmatch(token.content):  # short cells and items mostly are nothing but text
            text = Token("text", "", 0)
            text.content = token.content
            token.children = [text]
        else:
            token.children = []
            _markdown.inline.parse(token.content, _markdown, env, token.children)


def _token_count(state: StateBlock) -> int:
    """Return of how many tokens the whole post is made so far."""
    count: int = state.env.get("tokens", 0)
    return count + len(state.tokens)


def _too_much(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Show what is nested too deep, or comes after too much, as one flat paragraph.

    No text is lost, and its links and formats remain.
    """
    if state.level < DEEPEST and _token_count(state) < MOST_TOKENS:
        return False
    if not silent:
        state.push("paragraph_open", "p", 1)
        inline = state.push("inline", "", 0)
        inline.content = state.getLines(start, end, state.blkIndent, False).strip()
        inline.map = [start, end]
        inline.children = []
        state.push("paragraph_close", "p", -1)
    state.line = end
    return True


def _line_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a line by itself that begins with a letter: no other rule can want it."""
    if silent or state.sCount[start] - state.blkIndent > 3:
        return False
    at, line_end = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if not state.src[at : at + 1].isalpha():
        return False
    if start + 1 < state.lineMax and not state.isEmpty(start + 1):
        return False
    state.push("paragraph_open", "p", 1).map = lines = [start, start + 1]
    inline = state.push("inline", "", 0)
    inline.content = state.src[at:line_end].strip(MD_TRIM_CHARS)
    inline.map = lines
    inline.children = []
    state.push("paragraph_close", "p", -1)
    state.line = start + 1
    return True


def _newline(state: StateInline, silent: bool) -> bool:
    """End a line; one without blanks at its end, as most are, in less time."""
    pending = state.pending
    if silent or pending[-1:] == " ":
        return newline(state, silent)
    if pending:
        state.pushPending()
    # One token stands for all such ends of a line: nothing that is told of one is ever read.
    token = state.env.get("softbreak")
    if token is None:
        token = state.env["softbreak"] = Token("softbreak", "br", 0)
    state.pendingLevel = state.level
    state.tokens.append(token)
    state.tokens_meta.append(None)
    at = state.pos + 1
    if state.src[at : at + 1] in _BLANK_SIGNS:
        found = _BLANKS.match(state.src, at, state.posMax)
        at = found.end() if found else at
    state.pos = at
    return True


def _link(state: StateInline, silent: bool) -> bool:
    return _may_be_link(state, state.pos) and link_rule(state, silent)


def _image(state: StateInline, silent: bool) -> bool:
    return state.src[state.pos] == "!" and (
        _may_be_link(state, state.pos + 1) and image_rule(state, silent)
    )


def _may_be_link(state: StateInline, at: int) -> bool:
    """Rule out in no time what cannot be a link, or a post of brackets takes for ever."""
    if state.src[at : at + 1] != "[":
        return False
    last = state.env.get("last_bracket")
    if last is None or last[0] is not state.src:
        ending = "]" if state.env.get("references") else "]("
        last = state.env["last_bracket"] = (state.src, state.src.rfind(ending))
    return bool(at < last[1])


def _bbcode(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "[":
        return False
    found = TAG.match(state.src, state.pos, state.posMax)
    tag = tag_from(found) if found else None
    if found is None or tag is None or _is_markdown(state, found):
        return False
    if tag.kind == "verbatim" and not tag.is_closing:
        closer = _closer(state, tag.name, tag.end)
        if closer is None:
            return False
        tag.content, tag.end = state.src[found.end() : closer.start()], closer.end()
    elif tag.kind != "format":
        return False
    if not silent:
        token = state.push("bbcode", "", 0)
        token.content = found[0]
        token.meta = {"tag": tag}
    state.pos = tag.end
    return True


def _is_markdown(state: StateInline, found: re.Match[str]) -> bool:
    if found["close"]:
        return False
    if _LINKED.match(state.src, found.end()):
        return True
    references = state.env.get("references") or {}
    return bool(references) and normalizeReference(found[0][1:-1]) in references


def _closer(state: StateInline, name: str, at: int) -> re.Match[str] | None:
    """Find a closing tag; that there is none is remembered for the rest of the text."""
    text, absent = state.env.get("absent") or ("", set[str]())
    if text is not state.src:
        absent = set[str]()
        state.env["absent"] = (state.src, absent)
    if name not in IN_LINE or name in absent:
        return None
    closer = _CLOSERS[name].search(state.src, at, state.posMax)
    if closer is None and state.posMax == len(state.src):
        absent.add(name)
    return closer


def _pipes(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "|":
        return False
    end = state.pos
    while end < state.posMax and state.src[end] == "|":
        end += 1
    if not silent:
        if end - state.pos == 2:
            state.push("pipes", "", 0).content = "||"
        else:
            state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _address(state: StateInline, silent: bool) -> bool:
    """Take a whole address before its signs are taken for emphasis."""
    if state.src[state.pos] != ":" or state.linkLevel > 0:
        return False
    scheme = _SCHEME.search(state.pending[-12:])
    if not scheme or _NO_HOST.match(state.src, state.pos):
        return False
    start = state.pos - len(scheme[0])
    ends = state.env.get("ends")
    if ends is None or ends.text is not state.src:
        ends = state.env["ends"] = Ends(state.src)
    end = min(address_end(state.src, start, scheme[0] + ":", ends), state.posMax)
    url = state.src[start:end].rstrip("*~")
    if len(url) <= len(scheme[0]) + 1:
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[0])]
        token = state.push("address", "", 0)
        token.content = url
    state.pos = start + len(url)
    return True


def _note(state: StateInline, silent: bool) -> bool:
    if not state.env.get("notes") or not state.src.startswith("[^", state.pos):
        return False
    found = _NOTE.match(state.src, state.pos, state.posMax)
    if not found or found[1] not in state.env["notes"]:
        return False
    if not silent:
        state.push("note", "", 0).content = found[1]
    state.pos = found.end()
    return True


class _Inline(ParserInline):
    """Asks only the rules that may begin with a sign, not all of them at each sign."""

    def __init__(self) -> None:
        super().__init__()
        self._rules: dict[str, tuple[RuleFuncInlineType, ...]] = {
            "\n": (_newline,),
            "\\": (escape,),
            "`": (backtick,),
            "~": (strikethrough.tokenize,),
            "*": (emphasis.tokenize,),
            "_": (emphasis.tokenize,),
            "[": (_note, _bbcode, _link),
            "!": (_image,),
            "<": (autolink,),
            "&": (entity,),
            ":": (_address,),
            "|": (_pipes,),
        }

    def tokenize(self, state: StateInline) -> None:
        """Read a line of text up to the end that is set in the state."""
        src, end = state.src, state.posMax
        while (at := state.pos) < end:
            if plain := _INERT.match(src, at, end):
                state.append_pending(plain[0])
                state.pos = plain.end()
            elif src[at] == "\n":
                state.env["signs"] = state.env.get("signs", 0) + 1
                _newline(state, False)
            elif not (_may_be_sign(state) and self._ask(state, False)):
                state.append_pending(src[state.pos])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:
        """Go past one piece of text without writing it."""
        start = state.pos
        if start in state.cache:
            state.pos = state.cache[start]
            return
        plain = _INERT.match(state.src, start, state.posMax)
        if plain:
            state.pos = plain.end()
        elif state.level >= _DEEPEST_LABEL:
            state.pos = state.posMax
        else:
            state.level += 1
            is_found = self._ask(state, True)
            state.level -= 1
            state.pos += 0 if is_found else 1
        state.cache[start] = state.pos

    def _ask(self, state: StateInline, silent: bool) -> bool:
        return any(rule(state, silent) for rule in self._rules.get(state.src[state.pos], ()))


def _may_be_sign(state: StateInline) -> bool:
    """Count the signs of the whole post; the ends of lines are read as such, however many."""
    count: int = state.env.get("signs", 0)
    state.env["signs"] = count + 1
    return count < MOST_SIGNS


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Refuse a table whose rows lack so many cells that filling them up would take for ever."""
    if start + 1 >= end:
        return False
    if not _UNDER_HEAD.match(state.src, state.bMarks[start + 1], state.eMarks[start + 1]):
        return False
    columns = state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1])
    if columns > 2:
        blank = state.src.find("\n\n", state.bMarks[start])
        text = state.src[state.bMarks[start] : blank if blank >= 0 else len(state.src)]
        if (columns - 1) * text.count("\n") - text.count("|") > _MOST_MISSING_CELLS:
            return False
    if not silent:
        rows = (_MOST_IN_TABLES - _token_count(state)) // (3 * columns + 5)
        end = min(end, start + max(rows, 2))
    return table_rule(state, start, end, silent)


def _is_readable(url: str) -> bool:
    """Leave links of a foreign scheme as text; relative ones lose only their address."""
    return not _ANY_SCHEME.match(url) or safe_url(url) is not None or is_upload(url)


def _shown_address(url: str) -> str:
    return url if PLAIN_ADDRESS.fullmatch(url) else normalizeLinkText(url)


def _helpers() -> SimpleNamespace:
    return SimpleNamespace(
        parseLinkDestination=link_destination,
        parseLinkLabel=parseLinkLabel,
        parseLinkTitle=parseLinkTitle,
    )


def _parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST + 4})
    markdown.enable(["table", "strikethrough"])
    markdown.disable("html_block")
    markdown.normalizeLink = str  # type: ignore[method-assign, assignment]
    markdown.normalizeLinkText = _shown_address  # type: ignore[method-assign, assignment]
    markdown.validateLink = _is_readable  # type: ignore[method-assign]
    markdown.helpers = _helpers()  # type: ignore[assignment]
    markdown.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    markdown.block.ruler.before("table", "too_much", _too_much)
    markdown.block.ruler.after("too_much", "line_paragraph", _line_paragraph)
    markdown.inline = _Inline()
    markdown.inline.ruler2.enableOnly(
        ["balance_pairs", "strikethrough", "emphasis", "fragments_join"]
    )
    return markdown


_markdown = _parser()
