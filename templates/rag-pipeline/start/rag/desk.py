"""The desk: the whole way from a question to an answer with its source."""

import re
from dataclasses import dataclass

from rag import model, prompt
from rag.index import Index
from rag.search import search


@dataclass(frozen=True)
class Answer:
    text: str
    source: str | None  # id of the document that the answer rests on


class Desk:
    def __init__(self):
        self.index = Index()

    def put(self, document, text, groups=()):
        self.index.put(document, text, groups)

    def drop(self, document):
        self.index.drop(document)

    def ask(self, question, groups=()):
        built = prompt.build(question, search(self.index, question, groups))
        reply = model.answer(built.text)
        cited = re.search(r" \[([0-9]+)\]$", reply)
        if not cited:
            return Answer(reply, None)
        return Answer(reply[: cited.start()], built.sources[int(cited[1]) - 1])
