"""Django's own commands, with our settings."""

import os
import sys


def run(arguments: list[str]) -> None:
    """Run one of Django's management commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostra.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["rostra manage", *arguments])


if __name__ == "__main__":
    run(sys.argv[1:])
