"""The index: which chunk holds which term, and how well a chunk fits a query (BM25)."""

import math
from collections import Counter
from dataclasses import dataclass

from rag.chunk import chunks
from rag.words import terms

K1 = 1.2
B = 0.75


@dataclass(frozen=True, order=True)
class Chunk:
    document: str  # id of the document
    number: int  # place in the document, from 0
    groups: frozenset  # who may read it; empty: everybody
    text: str


class Index:
    def __init__(self):
        self._chunks = {}  # (document, number) -> Chunk
        self._postings = {}  # term -> {(document, number): how often}
        self._lengths = {}  # (document, number) -> number of terms
        self._seen = {}  # document -> what it was when it was taken in

    def put(self, document, text, groups=()):
        """Take a document in, in place of an earlier one of that id; the same again costs nothing."""
        version = (text, frozenset(groups))
        if self._seen.get(document) == version:
            return
        self.drop(document)
        self._seen[document] = version
        for number, piece in enumerate(chunks(text)):
            key = (document, number)
            counts = Counter(terms(piece))
            self._chunks[key] = Chunk(document, number, frozenset(groups), piece)
            self._lengths[key] = sum(counts.values())
            for term, count in counts.items():
                self._postings.setdefault(term, {})[key] = count

    def drop(self, document):
        """Forget a document; nothing happens when it is not there."""
        self._seen.pop(document, None)
        for key in [key for key in self._chunks if key[0] == document]:
            del self._chunks[key]
            del self._lengths[key]
            for keys in self._postings.values():
                keys.pop(key, None)

    def __len__(self):
        """How many chunks there are."""
        return len(self._chunks)

    def scores(self, query):
        """(score, chunk) of every chunk with a term of the query, in no order."""
        if not self._chunks:
            return []
        mean = sum(self._lengths.values()) / len(self._chunks)
        sums = Counter()
        for term in dict.fromkeys(terms(query)):
            keys = self._postings.get(term, {})
            rarity = math.log(1 + (len(self._chunks) - len(keys) + 0.5) / (len(keys) + 0.5))
            for key, count in keys.items():
                norm = K1 * (1 - B + B * self._lengths[key] / mean)
                sums[key] += rarity * count * (K1 + 1) / (count + norm)
        return [(score, self._chunks[key]) for key, score in sums.items()]
