"""The database: who owns which file, and which object in which location contains it.

Queries are plain functions of a `Connection`; `Catalogue.read` and `Catalogue.write` run them on SQLite or PostgreSQL.
"""
