from rag.index import Chunk
from rag.prompt import build


def chunk(document, words):
    return Chunk(document, 0, frozenset(), " ".join([document] * words))


def test_passages_are_numbered():
    prompt = build("Which?", [chunk("a", 2), chunk("b", 1)])
    assert prompt.text.splitlines()[2:] == ["[1] a a", "[2] b", "", "Question: Which?"]
    assert prompt.sources == ("a", "b")


def test_a_passage_that_does_not_fit_is_left_out():
    prompt = build("Which?", [chunk("a", 3), chunk("b", 3), chunk("c", 2)], budget=5)
    assert prompt.text.splitlines()[2:] == ["[1] a a a", "[2] c c", "", "Question: Which?"]
