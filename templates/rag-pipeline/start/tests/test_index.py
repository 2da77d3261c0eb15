import pytest

from rag.index import Index


def test_rare_terms_weigh_more():
    index = Index()
    index.put("a", "blue boat")
    index.put("b", "red boat")
    index.put("c", "green boat")
    best = max(index.scores("the red boat"))
    assert best[1].document == "b"
    assert best[0] == pytest.approx(1.114361, abs=1e-6)


def test_a_document_replaces_the_earlier_one():
    index = Index()
    index.put("wifi", "The password is tulip.")
    index.put("wifi", "The password hangs at the desk.")
    assert len(index) == 1
    assert index.scores("tulip") == []


def test_dropped_documents_are_gone():
    index = Index()
    index.put("wifi", "The password is tulip.")
    index.drop("wifi")
    assert len(index) == 0
    assert index.scores("password") == []
