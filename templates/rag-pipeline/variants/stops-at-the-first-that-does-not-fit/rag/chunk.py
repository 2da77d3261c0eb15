"""Chunks: a document cut into overlapping pieces of at most SIZE words."""

SIZE = 40
OVERLAP = 10


def chunks(text, size=SIZE, overlap=OVERLAP):
    """The pieces of a text, in order; words are what stands between white space."""
    words = text.split()
    if len(words) <= size:
        return [" ".join(words)] if words else []
    return [" ".join(words[start : start + size]) for start in range(0, len(words) - overlap, size - overlap)]
