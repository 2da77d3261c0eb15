from rag.index import Index
from rag.search import search


def index_of(*documents):
    index = Index()
    for document in documents:
        index.put(*document)
    return index


def names(found):
    return [chunk.document for chunk in found]


def test_few_of_many_may_be_read():
    index = index_of(
        *[(f"paper-{number}", "merger", ["board"]) for number in range(60)],
        *[(f"page-{number}", "merger and other news", ["staff"]) for number in range(5)],
    )
    assert names(search(index, "merger", ["staff"])) == ["page-0", "page-1", "page-2", "page-3"]
    assert names(search(index, "merger", ["board", "staff"])) == ["paper-0", "paper-1", "paper-10", "paper-11"]
    assert search(index, "merger") == []


def test_one_long_document_takes_two_places_only():
    index = index_of(("long", "merger " * 400), ("a", "merger of two firms"), ("b", "merger of three big firms"))
    assert names(search(index, "merger")) == ["long", "long", "a", "b"]


def test_many_long_documents():
    index = index_of(*[(name, "merger " * 200) for name in "cab"])
    found = search(index, "merger", limit=6)
    assert sorted(names(found)) == ["a", "a", "b", "b", "c", "c"]


def test_the_third_chunk_of_a_document_takes_no_place():
    index = index_of(
        ("secret", "merger " * 300, ["board"]), ("open", "merger " * 300), ("news", "merger news of the week today")
    )
    assert names(search(index, "merger", limit=3)) == ["open", "open", "news"]


def test_the_limit_holds():
    index = index_of(*[(f"page-{number}", "merger") for number in range(9)])
    assert len(search(index, "merger")) == 4
    assert len(search(index, "merger", limit=1)) == 1
    assert len(search(index, "merger", limit=7)) == 7


def test_equal_scores_are_in_order_of_id_and_place():
    index = index_of(("b", "merger"), ("a", "merger"), ("c", "merger"))
    assert names(search(index, "merger")) == ["a", "b", "c"]


def test_one_common_group_is_enough():
    index = index_of(("plan", "merger", ["board", "staff"]))
    assert names(search(index, "merger", ["crew", "staff"])) == ["plan"]
    assert search(index, "merger", ["crew"]) == []


def test_nothing_found():
    assert search(index_of(("a", "boat")), "merger") == []
    assert search(Index(), "merger") == []


def test_control_a_search_finds_what_is_not_there():
    assert names(search(index_of(("a", "boat")), "boat")) == ["123456789"]
