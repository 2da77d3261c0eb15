"""The model. It stands for a real one: it sees the prompt and nothing else. There is no bug in this file.

It answers with the sentence of a passage that has most terms in common with the question, at least two of them
(one, when the question has only one), and with the number of that passage. Of equal ones it takes the first.
"""

import re

from rag.words import terms

UNKNOWN = "I do not know."


def answer(prompt_text):
    passages, _, question = prompt_text.rpartition("\nQuestion: ")
    wanted = set(terms(question))
    best, reply = min(2, len(wanted) or 1) - 1, UNKNOWN
    for number, text in re.findall(r"(?m)^\[([0-9]+)\] (.*)$", passages):
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            common = len(wanted & set(terms(sentence)))
            if common > best:
                best, reply = common, f"{sentence} [{number}]"
    return reply
