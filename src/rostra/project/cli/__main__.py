"""`python -m rostra.project.cli`, and the command `rostra`."""


def start() -> None:
    """Run the command line."""
    # Processes that are spawned import this module too, and need none of the commands.
    from rostra.project.cli.main import main

    main()


if __name__ == "__main__":
    start()
