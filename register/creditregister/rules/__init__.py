"""Dated rules 规则: how long a record is shown, from which day, with what reason (DOMAIN 1.8, 1.11)."""
