"""The template language: one environment a language, the words of the interface compiled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from functools import lru_cache, partial
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import TemplateDoesNotExist, engines
from django.template.backends.base import BaseEngine
from django.utils import translation
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, nodes
from jinja2 import Template as Compiled
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from rostra.forum.holds.queries import are_newcomers_held
from rostra.forum.notices.queries import notices_above
from rostra.kernel.keeping import Kept
from rostra.web.compiling import Code, escaped
from rostra.web.fragments import worded
from rostra.web.request import RostraRequest
from rostra.web.templating import equip

# Where the end of a line goes with the tag before it, one space stays to part words.
_INDENT = re.compile(r"([%#]\})?\n[ \t]+")
_PLACE = re.compile(r"%\((\w+)\)s|(%%)")


class Templates(BaseEngine):
    """Django's door to our templates, in the language of the request."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__({key: value for key, value in params.items() if key != "OPTIONS"})
        loader = FileSystemLoader(self.template_dirs)
        self.environments = {
            code: equip(LanguageEnvironment(code, loader), code) for code, _ in settings.LANGUAGES
        }

    def get_template(self, template_name: str) -> Template:
        """Return a template; raises TemplateDoesNotExist."""
        language = translation.get_language() or settings.LANGUAGE_CODE
        try:
            return Template(self.environments[language].get_template(template_name))
        except TemplateNotFound as error:
            raise TemplateDoesNotExist(template_name, backend=self) from error


class Template:
    """What Django calls to have a page rendered."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled

    def render(
        self, context: dict[str, Any] | None = None, request: HttpRequest | None = None
    ) -> str:
        """Return the page."""
        of_request = {} if request is None else {"request": request}
        return self.compiled.render({**(context or {}), **of_request})


@lru_cache(maxsize=64)
def macro(template: str, name: str, language: str) -> Callable[..., Markup]:
    """Return one macro of a template, to be called where no page is rendered."""
    (engine,) = engines.all()
    compiled = cast(Templates, engine).environments[language].get_template(template)
    found: Callable[..., Markup] = getattr(compiled.module, name)
    return found


MEMORY = 6 * 2**20  # bytes of pieces

_pieces: Kept[tuple[Hashable, ...], Markup] = Kept(MEMORY)


def kept(language: str, template: str, name: str, *values: Hashable) -> Markup:
    """Return what a macro makes of these values; made once, whoever reads."""
    key = language, template, name, values
    made = _pieces.find(key)
    if made is None:
        made = Markup(macro(template, name, language)(*values))  # noqa: S704 (escaped by the macro)
        _pieces.keep(key, made, 3 * len(made) + 500)
    return made


def account_corner(request: RostraRequest) -> Markup:
    """Return the corner with the account, or the way to sign in and back to this page."""
    viewer = request.viewer
    if viewer.is_guest:
        path = request.get_full_path()
        return kept(request.language, "base/_you.html", "sign_in", path)
    moderates = bool(viewer.grants.get("moderate"))
    return kept(
        request.language, "base/_you.html", "account",
        viewer.member_id, viewer.name, viewer.avatar, min(viewer.bell, 100),
        min(viewer.unread_conversations, 100), "manage_access" in viewer.capabilities,
        bool(moderates or "sanction_members" in viewer.capabilities),
        are_newcomers_held() if moderates else None,
    )  # fmt: skip


def look_of(request: RostraRequest) -> Markup:
    """Return what the first element of a page says of how this reader wants it to look."""
    look = request.viewer.look
    chosen = (("theme", look.theme), ("density", look.density), ("zone", look.time_zone))
    return Markup("").join(
        Markup(' data-{}="{}"').format(name, value) for name, value in chosen if value
    )


def notices_of(request: RostraRequest) -> Markup:
    """Return the notices above this page, with the ways to dismiss them; "" for none."""
    viewer = request.viewer
    found = notices_above(viewer, request.board_id)
    if not found:
        return Markup("")
    rows = []
    for one in found:
        language, html = one.in_language(request.language, settings.ROSTRA.language)
        may_dismiss = one.is_dismissible and not viewer.is_guest
        rows.append((one.id, language, worded(html).html, may_dismiss))
    made = kept(request.language, "base/_notices.html", "notices", tuple(rows))
    if any(may_dismiss for *_, may_dismiss in rows):  # guests' pages have no cookie
        made = made.replace("\0token\0", get_token(request))
        made = made.replace("\0path\0", request.get_full_path())
    return made


def forget() -> None:
    """Drop the pieces kept in memory, to measure what making them costs."""
    _pieces.clear()


class LanguageEnvironment(Environment):
    """Jinja for one language; an unknown name is an error, not a blank."""

    code_generator_class = Code
    escaped = staticmethod(escaped)

    def __init__(self, language: str, loader: FileSystemLoader) -> None:
        super().__init__(
            loader=loader,
            auto_reload=False,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        )
        self.language = language
        self.globals |= {
            "kept": partial(kept, language),
            "account_corner": account_corner,
            "look_of": look_of,
            "notices_of": notices_of,
        }

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Leave out what indents a line, a tenth of a page: browsers make one space of it."""
        source = _INDENT.sub(lambda found: f"{found[1]}\n " if found[1] else "\n", source)
        return super().preprocess(source, name, filename)

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        """Put the words of the language in before code is made of the template."""
        with translation.override(self.language):
            source = _WordsPutIn(self).visit(source)
        return super()._generate(source, *args, **options)


class _WordsPutIn(NodeTransformer):
    """Turns `_("words")` into the translated words, so that a page need not look them up."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def visit_Output(self, node: nodes.Output, *args: Any, **options: Any) -> nodes.Node:
        """Put the parts of a sentence out one by one: joining them first costs more."""
        self.generic_visit(node)
        parts = [one.nodes if isinstance(one, nodes.Concat) else [one] for one in node.nodes]
        node.nodes = [part for some in parts for part in some]
        return node

    def visit_Call(self, node: nodes.Call, *args: Any, **options: Any) -> nodes.Node:
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "_"):
            return node
        message, values = node.args[0], {pair.key: pair.value for pair in node.kwargs}
        if len(node.args) != 1 or not isinstance(message, nodes.Const):
            return node
        text = translation.gettext(message.value)
        parts: list[nodes.Expr] = []
        at = 0
        for place in _PLACE.finditer(text):
            parts.append(_safe(text[at : place.start()]))
            parts.append(_safe("%") if place[2] else values[place[1]])
            at = place.end()
        parts.append(_safe(text[at:]))
        made = nodes.Concat(parts) if len(parts) > 1 else parts[0]
        return made.set_environment(self.environment).set_lineno(node.lineno, override=True)


def _safe(text: str) -> nodes.Expr:
    return nodes.MarkSafe(nodes.Const(text))
