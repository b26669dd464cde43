"""The schema's history: one Alembic revision a file in `versions`, applied by `Library.open`."""
