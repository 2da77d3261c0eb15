"""Carry out the commands of standard input."""

import ledger  # which does it all
