from rag.index import Index
from rag.search import search


def index_of(*documents):
    index = Index()
    for document in documents:
        index.put(*document)
    return index


def test_the_best_comes_first():
    index = index_of(("a", "lamps and rugs"), ("b", "lamps lamps lamps"), ("c", "rugs"))
    assert [chunk.document for chunk in search(index, "lamps")] == ["b", "a"]


def test_only_readers_find_a_document():
    index = index_of(("plan", "the merger", ["board"]), ("news", "no merger yet"))
    assert [chunk.document for chunk in search(index, "merger")] == ["news"]
    assert [chunk.document for chunk in search(index, "merger", ["board"])] == ["plan", "news"]


def test_what_one_may_not_read_takes_no_place():
    hidden = [(f"plan-{number}", "merger", ["board"]) for number in range(4)]
    index = index_of(*hidden, ("news", "there is no merger yet"))
    assert [chunk.document for chunk in search(index, "merger")] == ["news"]
