"""Write a migration: what the tables (storage/schema) say, less what the migrations make.

`python -m storage.migrations "what changes"` writes the next one; without words, it writes the generated part of
the newest one again, which is right until others have run it. Lines outside that part are kept.
"""

import asyncio
import re
import sys
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.migrate import config, migrate
from storage.migrations.options import OPTIONS
from storage.sqlite import sqlite_engine

_GENERATED = re.compile(r"# ### commands auto generated.*?# ### end Alembic commands ###", re.DOTALL)


def write_next(url: str, message: str) -> None:
    asyncio.run(migrate(url))
    with sqlite_engine(url).connect() as connection:
        settings = config(connection)
        count = len(list(ScriptDirectory.from_config(settings).walk_revisions()))
        command.revision(settings, message, autogenerate=True, rev_id=f"{count + 1:04}")


def write_newest_again(url: str) -> None:
    scripts = ScriptDirectory.from_config(config())
    newest = scripts.get_revision("head")
    asyncio.run(migrate(url, str(newest.down_revision or "base")))
    with sqlite_engine(url).connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        made = produce_migrations(context, OPTIONS["target_metadata"])

        write = partial(
            render_python_code,
            render_as_batch=OPTIONS["render_as_batch"],
            render_item=OPTIONS["render_item"],
            migration_context=context,
        )
        parts = iter([write(made.upgrade_ops_list[0]), write(made.downgrade_ops_list[0])])
    file = Path(newest.path)
    file.write_text(_GENERATED.sub(lambda _: next(parts), file.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        scratch = f"sqlite:///{folder}/scratch.db"
        if sys.argv[1:]:
            write_next(scratch, sys.argv[1])
        else:
            write_newest_again(scratch)
