"""Words: what the index counts, and what a chunk is measured in."""

import re

STOP_WORDS = frozenset(
    "a an and are as at be by do does for from how i if in is it my of on or our the to was we what when where "
    "who with you your".split()
)


def terms(text):
    """The terms of a text in order: small letters and digits, without stop words."""
    return [word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in STOP_WORDS]
