"""Brings a database up to date before the processes start: tables, the pack, and demo data in an empty one."""

import os
import sys


def main(arguments: list[str]) -> int:
    """`python -m hotline.running.prepare PACK`: 0 when done, else 1 after one sentence on stderr."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import CommandError, call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from hotline.regulation.pack import find_pack

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise looks into it at every start
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # of new columns and indexes the planner knows nothing until then
        if "counters" not in connection.introspection.table_names():
            call_command("createcachetable", verbosity=0)
        call_command("load_pack", arguments[0])
        wanted = os.environ.get("HOTLINE_DEMO", "1") == "1" and (find_pack(arguments[0], settings.PACKS) / "demo").is_dir()
        if wanted and not get_user_model().objects.exists():
            call_command("demo")
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
