"""The command `hotline`: a word, and the function that word runs, imported only then.

What is not in COMMANDS is a Django management command (`hotline migrate`, `hotline load_pack`, …).
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

COMMANDS = {
    "mail": "hotline.channels.email.command:main",
    "work": "hotline.jobs.work:main",
    "deadline": "hotline.regulation.cli:deadline",
    "pack": "hotline.regulation.cli:pack",
    "lifecycle-doc": "hotline.regulation.cli:lifecycle_doc",
}

Command = Callable[[Sequence[str]], int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. Wrong input is one sentence on stderr and status 2."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    target = COMMANDS.get(words[0]) if words else None
    if target is not None:
        module, _, name = target.partition(":")
        command: Command = getattr(import_module(module), name)
        return command(words[1:]) or 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hotline", *words])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
