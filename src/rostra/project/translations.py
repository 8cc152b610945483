"""The catalogues of interface text: compiled (no word), checked (--check), updated (--update).

Babel does all of it, so that no system package is needed. No Django here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent
LOCALES = SOURCE / "locale"
LANGUAGES = ("ar",)
METHODS = [("**/jinja2/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/jinja2/**.html": {"trimmed": "true", "extensions": "jinja2.ext.do"}}
KEYWORDS = {"_": None, "gettext": None, "gettext_noop": None, "ngettext": (1, 2)}


def extracted() -> Catalog:
    """Return every text of templates and code."""
    catalog = Catalog(project="Rostra", charset="utf-8")
    found = extract_from_dir(
        SOURCE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",)
    )
    for file, _line, message, comments, context in sorted(found, key=lambda f: (f[0], f[1])):
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalog


def path_of(language: str) -> Path:
    """Return where a language's catalogue is kept."""
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """Return a language's catalogue, an empty one where there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def missing(language: str) -> list[str]:
    """Return the texts that have no translation, or an uncertain one."""
    kept = read(language)
    texts = []
    for message in extracted():
        if not message.id:
            continue
        found = kept.get(message.id, message.context)
        strings = found.string if found is not None else ""
        whole = all(strings) if isinstance(strings, tuple | list) else bool(strings)
        if found is None or not whole or found.fuzzy:
            texts.append(message.id if isinstance(message.id, str) else message.id[0])
    return texts


def update(language: str) -> None:
    """Bring a catalogue up to the texts there are now."""
    catalog = read(language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, include_lineno=False)


def compile_(language: str) -> None:
    """Write the form that programs read, beside the catalogue."""
    with path_of(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, read(language))


def main(words: list[str]) -> int:
    """Do what the one word asks for; return the exit code."""
    for language in LANGUAGES:
        if words == ["--update"]:
            update(language)
        elif words == ["--check"]:
            texts = missing(language)
            for text in texts:
                print(f"{language}: not translated: {text!r}", file=sys.stderr)
            if texts:
                return 1
        compile_(language)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
