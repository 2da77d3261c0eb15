"""The prompt: numbered passages within a budget of words, then the question."""

from dataclasses import dataclass

BUDGET = 100


@dataclass(frozen=True)
class Prompt:
    text: str
    sources: tuple  # ids of documents: number n in the text is sources[n - 1]


def build(question, found, budget=BUDGET):
    """A prompt of the chunks, best first; a chunk that does not fit any more is left out."""
    lines = ["Answer from these passages only, and name the number of the passage.", ""]
    sources = []
    left = budget
    for chunk in found:
        words = len(chunk.text.split())
        if words > left:
            break
        left -= words
        sources.append(chunk.document)
        lines.append(f"[{len(sources)}] {chunk.text}")
    lines += ["", f"Question: {question}"]
    return Prompt("\n".join(lines), tuple(sources))
