"""Read by alembic: runs the migrations on the connection it was handed, inside that connection's transaction."""

from alembic import context

from storage.migrations.options import OPTIONS

context.configure(connection=context.config.attributes["connection"], **OPTIONS)
context.run_migrations()
