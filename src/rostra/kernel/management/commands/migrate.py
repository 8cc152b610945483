"""`migrate`, which makes the tables of an empty database at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL


class Command(migrate.Command):
    """Django's own; only where there is no table yet, the history of the tables is passed over.

    A new forum, a drill, the examination of a backup: each would spend seconds on changing tables
    in which nothing is.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what Django's own takes, and a way to have what it does."""
        super().add_arguments(parser)
        parser.add_argument(
            "--one-by-one",
            action="store_true",
            help="Run every migration, in an empty database too.",
        )
        parser.add_argument(
            "--until",
            nargs="+",
            metavar="APP[.NAME]",
            help="Bring each of these apps so far, one after another; without a name to its end.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the tables where there are none, then do what is left."""
        one_by_one = options.pop("one_by_one", False)
        if until := options.pop("until", None):
            for app, _, name in (target.partition(".") for target in until):
                so_far = {"app_label": app, "migration_name": name or None}
                super().handle(*args, **{**options, **so_far})
            return
        asks_for_less = ("app_label", "plan", "check_unapplied", "fake", "prune")
        is_whole = not any(options.get(name) for name in asks_for_less)
        connection = connections[options["database"]]
        if is_whole and not one_by_one:
            connection.prepare_database()
            if not connection.introspection.table_names():
                make_tables(connection)
        super().handle(*args, **options)


def make_tables(connection: BaseDatabaseWrapper) -> None:
    """Make every table as all migrations together leave it, and put them down as done.

    In one transaction. What a migration runs beside changing tables is run at the end, unless it
    is `elidable`: only for rows that an older forum has.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor.loader.project_state()
    with connection.schema_editor() as editor:
        editor.create_model(executor.recorder.Migration)
        for model in state.apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for migration, _ in plan:
            for operation in migration.operations:
                if isinstance(operation, RunPython | RunSQL) and not operation.elidable:
                    operation.database_forwards(migration.app_label, editor, state, state)
            executor.recorder.record_applied(migration.app_label, migration.name)
