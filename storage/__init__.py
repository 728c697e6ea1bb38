"""What is remembered: tables, queries, migrations. Functions of a `Tx`; they decide nothing."""
