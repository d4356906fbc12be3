"""States as rows of a PostgreSQL table. This package alone imports psycopg."""
