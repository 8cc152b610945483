"""How each rival is installed and filled; what runs in its own Python lies in a folder each."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import NamedTuple

from bench.rivals.sites.postgres import postgres
from bench.speed import HOST, PORT

HERE = Path(__file__).parent
PYTHONS = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
GRANIAN = "granian==2.8.7"  # the server that Rostra has
POSTGRES_PORT = PORT + 1


class Site(NamedTuple):
    """A rival that is ready to be served: by which Python, from where, with which pages."""

    name: str
    python: Path
    code: Path
    environ: dict[str, str]
    pages: dict[str, str]
    postgres_folder: Path | None
    is_reader_named: bool

    def database(self) -> AbstractContextManager[None]:
        """Have the rival's database run, if it wants one beside it."""
        folder = self.postgres_folder
        return postgres(folder, POSTGRES_PORT) if folder else nullcontext()


class Rival(NamedTuple):
    """What to install for a rival, on which Python, and what a reader of figures must know."""

    python: str
    packages: tuple[str, ...]
    note: str
    has_postgres: bool = False
    is_reader_named: bool = True  # whether its pages name who is signed in

    def set_up(self, folder: Path, content: Path) -> Site:
        """Install and fill it in a folder, or take what is there; raises for what fails."""
        name, code = folder.name, HERE / folder.name
        folder.mkdir(exist_ok=True)
        python = folder / "venv/bin/python"
        installed, packages = folder / "installed", " ".join((*self.packages, GRANIAN))
        if not installed.exists() or installed.read_text() != packages:
            _run([str(self._interpreter()), "-m", "venv", "--clear", str(folder / "venv")])
            pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            _run([*pip, *self.packages, GRANIAN])
            installed.write_text(packages)
        site = Site(
            name=name,
            python=python,
            code=code,
            environ={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "LANG": "C.UTF-8",
                "PYTHONPATH": os.pathsep.join([str(code), str(HERE)]),
                "PYTHONDONTWRITEBYTECODE": "1",
                "RIVAL_FOLDER": str(folder),
                "RIVAL_HOST": HOST,
                "RIVAL_POSTGRES": str(POSTGRES_PORT),
            },
            pages={},
            postgres_folder=folder / "postgres" if self.has_postgres else None,
            is_reader_named=self.is_reader_named,
        )
        return site._replace(pages=self._filled(site, folder, content))

    def _filled(self, site: Site, folder: Path, content: Path) -> dict[str, str]:
        """Return where the rival's pages are, once it holds this very content."""
        kept = folder / "pages.json"
        stamp = f"{hash_of(content)} {hash_of(*sorted(site.code.glob('*.py')))}"
        if kept.exists():
            pages: dict[str, str] = json.loads(kept.read_text())
            if pages.get("stamp") == stamp:
                return pages
        for stale in folder.glob(f"{site.name}.sqlite3*"):
            stale.unlink()
        if site.postgres_folder:
            _run(["rm", "-rf", str(site.postgres_folder)])
        with site.database():
            said = _run(
                [str(site.python), str(site.code / "fill.py"), str(content)],
                cwd=site.code,
                environ=site.environ,
            )
        pages = json.loads(said.strip().splitlines()[-1])
        pages["stamp"] = stamp
        kept.write_text(json.dumps(pages))
        return pages

    def _interpreter(self) -> Path:
        found = sorted(PYTHONS.glob(f"{self.python}*/bin/python"))
        if not found:
            raise RuntimeError(f"no Python {self.python} in {PYTHONS}")
        return found[-1]


POSTGRES = "PostgreSQL of Debian on the server's core, cache in memory"
PSYCOPG = "psycopg[binary]==3.2.13"

RIVALS = {
    "misago": Rival("3.12", ("misago==0.39.6",), POSTGRES, has_postgres=True),
    "flaskbb": Rival("3.12", ("flaskbb==3.0.0rc5",), "SQLite, cache in memory"),
    "spirit": Rival("3.11", ("django-spirit==0.14.3", PSYCOPG), POSTGRES, has_postgres=True),
    "machina": Rival(
        "3.11",
        ("django-machina==1.3.1", PSYCOPG),
        POSTGRES,
        has_postgres=True,
        is_reader_named=False,
    ),
}


def hash_of(*files: Path) -> str:
    """Return what tells the content of files from any other."""
    import hashlib

    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _run(command: list[str], cwd: Path | None = None, environ: dict[str, str] | None = None) -> str:
    """Return what a command prints; raises CalledProcessError with what it complains of."""
    return subprocess.run(
        command, cwd=cwd, env=environ, check=True, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, timeout=1500,
    ).stdout  # fmt: skip
