"""A job: what is called again when it fails, and the limits of doing so."""

from dataclasses import dataclass


@dataclass
class Job:
    name: str
    base: int
    cap: int
    tries: int
    budget: int
    answers: dict  # wait wanted by the service, by number of the try


def parse_answers(text, answers={}):
    for number, word in enumerate(text.split(","), start=1):
        if word != "-":
            answers[number] = int(word)
    return answers


def parse(line):
    name, *words = line.split()
    values = dict(word.split("=", 1) for word in words)
    after = values.pop("after", "-")
    numbers = {key: int(value) for key, value in values.items()}
    return Job(name, **numbers, answers=parse_answers(after))
