"""Templates written as plainer Python say what Jinja's own would say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup, escape

from rostra.web.compiling import Code, escaped
from rostra.web.jinja import LanguageEnvironment


class Plainer(Environment):
    code_generator_class = Code
    escaped = staticmethod(escaped)


@pass_context
def spoken(context, word="none"):
    return f"{word} to {context['name']}"


PIECES = {
    "pieces": "{% macro bold(what, mark='b') %}<{{ mark }}>{{ what }}</{{ mark }}>{% endmacro %}",
    "page": """{% from "pieces" import bold %}
        {%- macro wrapped() %}[{{ caller() }}]{% endmacro -%}
        {{ bold(name) }} {{ bold(name, mark="i") }} {{ bold(what=safe) }} {{ bold(*names) }} {{ spoken() }}
        {{ spoken(word=name) }} {{ none }} {{ 7 }} {{ 1.5 }} {{ names }} {{ name.upper() }}
        {%- call wrapped() %}{{ name }}{% endcall %}
        {%- for one in names recursive %}{{ one }}{% if one is sequence and one | length > 1 %}{{ loop(one[1:]) }}{% endif %}{% endfor %}
        {%- set kept %}{{ name }}{% endset %}{{ kept }}{% autoescape false %}{{ name }}{% endautoescape %}""",
}  # fmt: skip


def made(kind, text=None, **given):
    options = {"loader": DictLoader(PIECES), "autoescape": True, "undefined": StrictUndefined}
    environment = kind(extensions=["jinja2.ext.do"], **options)
    environment.globals["spoken"] = spoken
    return environment.from_string(text or PIECES["page"]).render(**given)


@given(st.text(), st.lists(st.text(max_size=5), min_size=1, max_size=2))
def test_the_same_page(name, names):
    given = {"name": name, "safe": Markup("<hr>"), "names": names}
    assert made(Plainer, **given) == made(Environment, **given)


@given(st.text() | st.integers() | st.none() | st.floats(allow_nan=False) | st.lists(st.text()))
def test_a_value_is_put_out_as_ever(value):
    assert escaped(value) == escape(value)
    assert escaped(escape(value)) == escape(value)  # once only


@pytest.mark.parametrize("text", ["{{ unknown }}", "{{ unknown() }}", "{{ unknown.part() }}"])
def test_what_is_unknown_is_an_error(text):
    with pytest.raises(UndefinedError, match="unknown"):
        made(Plainer, text)


TEMPLATE = """
<ul>
  {% for name in names %}
    <li>{{ name }}
      {% if name %}
        said
      {% endif %}
      it.</li>
  {% endfor %}
</ul><p>{% if names %}<b>{{ names | length }}</b>{% endif %}
   · more {# a remark #}
   and more</p>
"""


@pytest.mark.parametrize("names", [[], ["Quay", ""]])
def test_without_what_indents_its_lines_a_page_reads_the_same(names):
    """A line's end that goes with the tag before it leaves a space where words would meet."""
    ours = LanguageEnvironment("en", DictLoader({})).from_string(TEMPLATE).render(names=names)
    usual = Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)
    theirs = usual.from_string(TEMPLATE).render(names=names)
    assert " ".join(ours.split()) == " ".join(theirs.split())
    assert len(ours) < len(theirs)
