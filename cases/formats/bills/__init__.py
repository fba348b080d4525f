"""Bills of carriers' company accounts: one line a number, or several by kind of charge (docs/bills.md)."""
