from rag.index import Chunk
from rag.prompt import build


def chunk(document, words, number=0):
    return Chunk(document, number, frozenset(), " ".join([document] * words))


def passages(prompt):
    return prompt.text.splitlines()[2:-2]


def test_sources_are_those_of_the_passages():
    prompt = build("Which?", [chunk("a", 3), chunk("b", 3), chunk("c", 2)], budget=5)
    assert passages(prompt) == ["[1] a a a", "[2] c c"]
    assert prompt.sources == ("a", "c")


def test_the_first_passage_does_not_fit():
    prompt = build("Which?", [chunk("a", 6), chunk("b", 3), chunk("c", 3), chunk("d", 2)], budget=5)
    assert passages(prompt) == ["[1] b b b", "[2] d d"]
    assert prompt.sources == ("b", "d")


def test_no_passage_fits():
    prompt = build("Which?", [chunk("a", 6), chunk("b", 7)], budget=5)
    assert passages(prompt) == []
    assert prompt.sources == ()


def test_a_passage_may_use_up_the_budget():
    prompt = build("Which?", [chunk("a", 3), chunk("b", 2), chunk("c", 1)], budget=5)
    assert passages(prompt) == ["[1] a a a", "[2] b b"]
    assert prompt.sources == ("a", "b")


def test_two_passages_of_one_document():
    prompt = build("Which?", [chunk("a", 2), chunk("b", 9), chunk("a", 1, 1)], budget=5)
    assert passages(prompt) == ["[1] a a", "[2] a"]
    assert prompt.sources == ("a", "a")


def test_the_question_ends_the_prompt():
    prompt = build("Which boat?", [chunk("a", 1)])
    assert prompt.text.splitlines() == [
        "Answer from these passages only, and name the number of the passage.", "", "[1] a", "", "Question: Which boat?",
    ]


def test_control_a_prompt_has_no_question():
    assert "Question" not in build("Which boat?", []).text
