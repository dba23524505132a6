"""Alembic migrations of the register's tables, shipped in the wheel (DESIGN 3, Store)."""
