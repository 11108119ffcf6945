"""The command `hotline`: a word, and the function that word runs, imported only then.

What is not in COMMANDS is a Django management command (`hotline migrate`, `hotline load_pack`, …).
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from hotline.database import Fault
from hotline.running.environment import complete

COMMANDS = {
    "run": "hotline.running.run:main",
    "web": "hotline.running.web:main",
    "push": "hotline.running.push:main",
    "sweep": "hotline.cases.sweeping:main",
    "database": "hotline.database.commands:main",
    "assets": "hotline.assets.build:main",
    "mail": "hotline.channels.email.command:main",
    "work": "hotline.jobs.work:main",
    "reorganise": "hotline.reorganisation.command:main",
    "simulate": "hotline.simulation.command:main",
    "export-hotline": "hotline.relocation.command:export_hotline",
    "absorb": "hotline.relocation.command:absorb",
    "deadline": "hotline.regulation.cli:deadline",
    "pack": "hotline.regulation.cli:pack",
    "lifecycle-doc": "hotline.regulation.cli:lifecycle_doc",
}
# Words that need neither the database nor the key of an installation.
ALONE = frozenset({
    "run", "database", "assets", "deadline", "pack", "lifecycle-doc",
    "help", "makemigrations", "check", "collectstatic", "makemessages", "compilemessages",
})  # fmt: skip
TRY_AGAIN = 75  # EX_TEMPFAIL: a mail server that pipes to us keeps the message and comes again

Command = Callable[[Sequence[str]], int | None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. Wrong input is one sentence on stderr and status 2, a missing database 1."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    word = words[0] if words else "help"
    try:
        if word not in ALONE and not word.startswith("-"):
            complete(os.environ)
        status = _run(word, words)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # whoever reads us has read enough: `hotline deadline … | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Fault as fault:
        print(fault, file=sys.stderr)
        return TRY_AGAIN if word == "mail" else 1


def _run(word: str, words: Sequence[str]) -> int:
    target = COMMANDS.get(word)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
    if target is not None:
        module, _, name = target.partition(":")
        command: Command = getattr(import_module(module), name)
        return command(words[1:]) or 0
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hotline", *words])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
