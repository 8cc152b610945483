"""The one stylesheet and the one script: joined from component files, named by content.

`python -m rostra.web.assets` writes them; sources stay one file a component. No Django here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from functools import lru_cache
from pathlib import Path

import brotli

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "static"
BUILT = HERE / "built"
LAYERS = ("reset", "tokens", "base", "layout", "parts", "states")


def build(target: Path = BUILT) -> dict[str, str]:
    """Write everything anew; return name → name with hash."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    bodies = {"rostra.css": _stylesheet(), "rostra.js": _script()}
    for path in sorted(SOURCES.glob("img/*")):
        bodies[path.name] = path.read_bytes()
    names = {name: _write(fresh, name, body) for name, body in bodies.items()}
    (fresh / "names.json").write_text(json.dumps(names, indent=1, sort_keys=True))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    address_of.cache_clear()
    return names


def is_current(target: Path = BUILT) -> bool:
    """Return whether what was built is newer than every source."""
    made = target / "names.json"
    if not made.exists():
        return False
    newest = max(path.stat().st_mtime for path in SOURCES.rglob("*") if path.is_file())
    return made.stat().st_mtime >= newest


@lru_cache(maxsize=64)
def address_of(name: str) -> str:
    """Return where a built file is served; raises KeyError for one there is not."""
    if not (BUILT / "names.json").exists():
        build()
    names: dict[str, str] = json.loads((BUILT / "names.json").read_text())
    return f"/static/{names[name]}"


def _stylesheet() -> bytes:
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer in LAYERS:
        files = sorted((SOURCES / "css").glob(f"{layer}*.css"))
        body = "\n".join(path.read_text() for path in files)
        parts.append(f"@layer {layer} {{\n{body}\n}}")
    return "\n".join(parts).encode()


def _script() -> bytes:
    files = sorted((SOURCES / "js").glob("*.js"))
    return "\n".join(path.read_text() for path in files).encode()


def _write(folder: Path, name: str, body: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    hashed = f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
    (folder / hashed).write_bytes(body)
    if ending in ("css", "js", "svg"):
        (folder / f"{hashed}.gz").write_bytes(gzip.compress(body, 9, mtime=0))
        (folder / f"{hashed}.br").write_bytes(brotli.compress(body, quality=11))
    return hashed


if __name__ == "__main__":
    build()
