import math

import pytest

from rag.index import Index

TEXT = "Band four begins at 58000 euros."


def readers(index, query):
    return {chunk.groups for _, chunk in index.scores(query)}


def bm25(total, having, often, length, mean):
    return math.log(1 + (total - having + 0.5) / (having + 0.5)) * often * 2.2 / (
        often + 1.2 * (0.25 + 0.75 * length / mean)
    )


def test_the_same_text_for_fewer_readers():
    index = Index()
    index.put("bands", TEXT)
    index.put("bands", TEXT, ["hr"])
    assert readers(index, "band") == {frozenset({"hr"})}


def test_the_same_text_for_more_readers():
    index = Index()
    index.put("bands", TEXT, ["hr"])
    index.put("bands", TEXT, ["hr", "board"])
    assert readers(index, "band") == {frozenset({"hr", "board"})}
    index.put("bands", TEXT)
    assert readers(index, "band") == {frozenset()}


class CountedText(str):
    """A text that knows how often it was cut into words."""

    cut = 0

    def split(self, *args, **kwargs):
        CountedText.cut += 1
        return super().split(*args, **kwargs)


def test_the_very_same_document_again_does_no_work():
    index = Index()
    index.put("bands", TEXT, ["hr", "board"])
    CountedText.cut = 0
    index.put("bands", CountedText(TEXT), ["hr", "board"])
    assert CountedText.cut == 0
    index.put("bands", CountedText(TEXT), ["hr"])
    assert readers(index, "band") == {frozenset({"hr"})}


def test_readers_change_in_every_chunk():
    index = Index()
    text = " ".join(f"word{number} band" for number in range(60))
    index.put("bands", text)
    before = len(index)
    index.put("bands", text, ["hr"])
    assert len(index) == before > 1
    assert readers(index, "band word7 word59") == {frozenset({"hr"})}


def test_readers_go_back_to_what_they_were():
    index = Index()
    for groups in ([], ["hr"], [], ["hr"]):
        index.put("bands", TEXT, groups)
    assert readers(index, "band") == {frozenset({"hr"})}


def test_a_shorter_text_leaves_nothing_of_the_longer():
    index = Index()
    index.put("page", "old " * 100 + "tulip")
    index.put("page", "new text")
    assert len(index) == 1
    assert index.scores("old tulip") == []


def test_a_new_text_and_new_readers_at_once():
    index = Index()
    index.put("page", "old text", ["hr"])
    index.put("page", "new text")
    assert index.scores("old") == []
    assert readers(index, "text") == {frozenset()}


def test_a_document_comes_back_after_it_was_dropped():
    index = Index()
    index.put("bands", TEXT, ["hr"])
    index.drop("bands")
    index.drop("bands")
    assert index.scores("band") == []
    index.put("bands", TEXT, ["hr"])
    assert readers(index, "band") == {frozenset({"hr"})}


def test_two_documents_of_the_same_text():
    index = Index()
    index.put("a", TEXT)
    index.put("b", TEXT, ["hr"])
    index.drop("a")
    assert readers(index, "band") == {frozenset({"hr"})}


def test_scores_are_exact():
    index = Index()
    index.put("a", "boat boat sea")
    index.put("b", "boat")
    index.put("c", "sky and sea", ["crew"])
    index.put("d", "gone " * 90)
    index.drop("d")
    found = {chunk.document: score for score, chunk in index.scores("boat sea, boat")}
    assert found == pytest.approx({
        "a": bm25(3, 2, 2, 3, 2) + bm25(3, 2, 1, 3, 2),
        "b": bm25(3, 2, 1, 1, 2),
        "c": bm25(3, 2, 1, 2, 2),
    })


def test_putting_again_leaves_the_scores():
    index = Index()
    index.put("a", "boat boat sea")
    index.put("b", "boat")
    before = {chunk.document: score for score, chunk in index.scores("boat sea")}
    index.put("a", "boat boat sea", ["crew"])
    index.put("a", "boat boat sea", ["crew"])
    assert {chunk.document: score for score, chunk in index.scores("boat sea")} == pytest.approx(before)
