from rag.chunk import chunks

TEN = "one two three four five six seven eight nine ten"


def test_a_short_text_is_one_chunk():
    assert chunks(TEN) == [TEN]


def test_chunks_overlap():
    assert chunks(TEN, size=6, overlap=2) == ["one two three four five six", "five six seven eight nine ten"]


def test_the_end_of_a_text_is_in_a_chunk():
    assert chunks(TEN, size=4, overlap=1)[-1].endswith("ten")
    assert chunks(TEN, size=7, overlap=2)[-1].endswith("ten")
