"""The dialect that members write: Markdown, with the BBCode that people type by habit."""

from __future__ import annotations

from markdown_it.token import Token

from rostra.content.markup.bbscan import Step, pair_format
from rostra.content.markup.containers import Containers
from rostra.content.markup.findings import Findings
from rostra.content.markup.markdown_rules import Env, parse_blocks, parse_inlines
from rostra.content.markup.markdown_write import MarkdownWriter, prepare
from rostra.content.markup.native_scan import steps_of, without_notes
from rostra.content.markup.references import Known
from rostra.content.markup.sheet import Flow, Frame, Sheet
from rostra.content.markup.verbatim import write_verbatim


def to_html(source: str, found: Findings, known: Known) -> str:
    """Write the html of a source in the native dialect."""
    source, notes = without_notes(source)
    env: Env = {"notes": notes}
    steps = steps_of(source)
    texts = _read_texts(steps, env)
    bodies = {name: parse_blocks(body, env) for name, body in notes.items()}
    every = [*texts, *bodies.values()]
    for tokens in every:
        prepare(tokens)
        parse_inlines(tokens, env)
    _pair(every)
    sheet = Sheet(found, known)
    writer = MarkdownWriter(sheet, list(notes))
    _write(steps, iter(texts), sheet, writer)
    _write_notes(bodies, sheet, writer)
    return sheet.finished()


def _read_texts(steps: list[Step], env: Env) -> list[list[Token]]:
    texts: list[list[Token]] = []
    is_line_start = True
    for step in steps:
        if step.what == "text":
            text = step.text if is_line_start else step.text.lstrip(" \t")
            texts.append(parse_blocks(text, env))
        is_line_start = step.what == "text"
    return texts


def _pair(texts: list[list[Token]]) -> None:
    """Join the formatting tags of the whole post, since they may span paragraphs and quotes."""
    waiting: dict[str, list[object]] = {}
    for tokens in texts:
        for token in tokens:
            for child in token.children or ():
                if child.type == "bbcode" and child.meta["tag"].kind == "format":
                    pair_format(child.meta["tag"], waiting)  # type: ignore[arg-type]


def _write(steps: list[Step], texts: object, sheet: Sheet, writer: MarkdownWriter) -> None:
    containers = Containers(sheet)
    for step in steps:
        if step.tag is None:
            writer.write(next(texts))  # type: ignore[call-overload]
        elif step.what == "open":
            containers.open(step.tag)
        elif step.what == "close":
            containers.close(step.tag)
        elif step.what == "item":
            containers.item(step.tag)
        elif step.what == "rule":
            sheet.block("<hr>\n")
        else:
            write_verbatim(sheet, step.tag)


def _write_notes(bodies: dict[str, list[Token]], sheet: Sheet, writer: MarkdownWriter) -> None:
    """Write the footnotes in the order in which they are met; none is lost when none is met."""
    if not bodies:
        return
    while len(sheet.frames) > 1:
        sheet.close()
    sheet.open(Frame("section", "parts", '<section class="footnotes"><ol>\n', "</ol></section>\n"))
    written = 0
    while written < len(bodies):
        name = writer.note_name(written)
        written += 1
        blocks = sum(token.level == 0 and token.nesting >= 0 for token in bodies[name])
        flow: Flow = "line" if blocks < 3 else "paragraphs"
        item = Frame("*", flow, '<li dir="auto">', "</li>\n")
        sheet.open(item)
        writer.write(bodies[name])
        sheet.close_to(item)
    sheet.close()
