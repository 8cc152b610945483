"""How templates become Python: as Jinja does it, without what our templates never use.

Jinja looks at each call for functions that want the context, and makes an object of each value that
is put out. A page of twenty posts has two hundred calls and five hundred values: a third of what
making it costs.
"""

from __future__ import annotations

import re
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.utils import _PassArg
from markupsafe import Markup, escape

_SPECIAL = re.compile(r"[&<>\"']")


def escaped(value: Any) -> str:
    """Return a value as HTML: what `escape` makes, mostly without making an object."""
    kind = type(value)
    if kind is str:
        return escape(value) if _SPECIAL.search(value) else str(value)
    if kind is int:
        return str(value)
    return value if kind is Markup else escape(value)


class Code(CodeGenerator):
    """Writes calls as calls, and puts values out by `environment.escaped`."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Call directly; what wants the context, `*` or a block is called as Jinja does."""
        if forward_caller or node.dyn_args or node.dyn_kwargs or self._wants_context(node.node):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(node.node, frame)
        self.write("(")
        for at, given in enumerate([*node.args, *node.kwargs]):
            if at:
                self.write(", ")
            self.visit(given, frame)
        self.write(")")

    def _wants_context(self, called: nodes.Expr) -> bool:
        if not isinstance(called, nodes.Name):
            return False
        known: Any = self.environment.globals.get(called.name)
        return known is not None and _PassArg.from_obj(known) is not None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")
