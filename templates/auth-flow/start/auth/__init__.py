"""Accounts: passwords, sessions, remembered browsers and forgotten passwords."""
