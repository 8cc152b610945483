"""Run in a network that leads nowhere: starts a server there and visits what it links to."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from bench.faults.place import kill_group


def main(port: str) -> None:
    """Print how many pages there were, and the seconds to the first."""
    try:
        socket.getaddrinfo("example.org", 443)
        sys.exit("a name was found: this network leads somewhere")
    except OSError:
        pass
    started = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "rostra.project.cli", "serve"], start_new_session=True
    )
    try:
        first = 0.0
        waiting, seen, wrong = (
            ["/", "/members", "/moderation-log", "/whats-new", "/search?q=post"],
            set(),
            [],
        )
        while waiting and len(seen) < 80:
            path = waiting.pop(0)
            try:
                with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=10) as answer:
                    is_page = answer.headers.get_content_type() == "text/html"
                    text = answer.read().decode() if is_page else ""
            except urllib.error.HTTPError as error:
                wrong.append((path, error.code))
                continue
            except OSError:
                if first or time.monotonic() - started > 30:
                    sys.exit(f"{path}: nobody answers")
                time.sleep(0.02)
                waiting.insert(0, path)
                continue
            first = first or time.monotonic() - started
            seen.add(path)
            links = re.findall(r'\s(?:href|src)="(/[^"#]*)', text)
            waiting += [one for one in dict.fromkeys(links) if one not in seen | set(waiting)]
        if wrong:
            sys.exit(f"not 200: {wrong[:5]}")
        print(f"pages={len(seen)} first={first:.1f}")
    finally:
        kill_group(server)


if __name__ == "__main__":
    main(sys.argv[1])
