"""Durable work in the background: a row says what is wanted, a worker finds it, DBOS remembers how far it came.

Operators: with SQLite the engine keeps its own file, `DATA_DIR/jobs.sqlite`; with PostgreSQL its tables lie in the
schema `dbos` of the same database. It is started with the first job and contacts nobody.
"""
