"""How Alembic runs here: always on the connection that ``opening.upgrade`` hands over."""

from __future__ import annotations

from alembic import context

from creditregister.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
