"""Reading a parsed tree: classes, texts and the first of a kind, all without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborNode

type Attributes = dict[str, str | None]

_SILENT = frozenset({"script", "style", "template", "noscript", "title", "iframe", "object"})


def attributes(node: LexborNode) -> Attributes:
    """Return an element's attributes."""
    return node.attributes


def value(attrs: Attributes, name: str) -> str:
    """Return an attribute's value, or nothing."""
    return attrs.get(name) or ""


def classes(attrs: Attributes) -> frozenset[str]:
    """Return the classes of an element."""
    found = attrs.get("class")
    return frozenset(found.split()) if found else frozenset()


def children(node: LexborNode) -> Iterator[LexborNode]:
    """Give the children of a node in order."""
    child = node.first_child
    while child is not None:
        yield child
        child = child.next


def walk(root: LexborNode) -> Iterator[LexborNode]:
    """Give all nodes under a node in the order of the text."""
    stack = list(children(root))[::-1]
    while stack:
        node = stack.pop()
        yield node
        if node.is_element_node and node.tag not in _SILENT:
            stack.extend(list(children(node))[::-1])


def outermost(root: LexborNode, tags: frozenset[str]) -> Iterator[LexborNode]:
    """Give the elements of some tags under a node, none of them inside another."""
    stack = list(children(root))[::-1]
    while stack:
        node = stack.pop()
        if node.tag in tags:
            yield node
        elif node.is_element_node and node.tag not in _SILENT:
            stack.extend(list(children(node))[::-1])


def find(root: LexborNode, tag: str = "", having: str = "") -> LexborNode | None:
    """Return the first element of a tag and a class under a node."""
    for node in walk(root):
        if not node.is_element_node or (tag and node.tag != tag):
            continue
        if not having or having in classes(node.attributes):
            return node
    return None


def text_of(root: LexborNode) -> str:
    """Return the text under a node as it stands, with line breaks as such."""
    parts: list[str] = []
    for node in walk(root):
        if node.is_text_node:
            parts.append(node.text_content or "")
        elif node.tag == "br":
            parts.append("\n")
    return "".join(parts)


def line_of(root: LexborNode | None) -> str:
    """Return the text under a node on one line."""
    return " ".join(text_of(root).split()) if root is not None else ""
