"""Where alembic finds the tables and the database; called by `store.migrate`."""

from alembic import context
from sqlalchemy import create_engine

from pinpoint3d.server.tables import Table

engine = create_engine(context.config.attributes["url"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Table.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
