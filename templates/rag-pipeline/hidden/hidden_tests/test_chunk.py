import pytest

from rag.chunk import OVERLAP, SIZE, chunks


def numbers(count):
    return " ".join(str(number) for number in range(count))


def expected(count, size, overlap):
    found, start = [], 0
    while count:
        found.append(" ".join(str(number) for number in range(start, min(start + size, count))))
        if start + size >= count:
            break
        start += size - overlap
    return found


def test_every_word_is_in_a_chunk():
    for count in range(1, 130):
        words = " ".join(chunks(numbers(count))).split()
        assert set(words) == {str(number) for number in range(count)}, f"{count} words"


def test_the_rest_of_a_text_is_a_chunk():
    assert chunks(numbers(12), 5, 2) == ["0 1 2 3 4", "3 4 5 6 7", "6 7 8 9 10", "9 10 11"]


def test_no_chunk_lies_within_another():
    assert chunks(numbers(8), 5, 2) == ["0 1 2 3 4", "3 4 5 6 7"]
    assert chunks(numbers(10), 4, 1) == ["0 1 2 3", "3 4 5 6", "6 7 8 9"]
    assert len(chunks(numbers(SIZE))) == 1
    assert len(chunks(numbers(2 * SIZE - OVERLAP))) == 2


def test_one_word_more_than_a_chunk():
    assert chunks(numbers(6), 5, 2) == ["0 1 2 3 4", "3 4 5"]
    assert chunks(numbers(SIZE + 1))[1].split()[0] == str(SIZE - OVERLAP)


def test_all_lengths_are_cut_by_the_rule():
    for size, overlap in [(1, 0), (3, 0), (3, 1), (3, 2), (7, 3), (10, 9)]:
        for count in range(40):
            assert chunks(numbers(count), size, overlap) == expected(count, size, overlap), (count, size, overlap)


def test_a_text_without_words_has_no_chunks():
    assert chunks("") == []
    assert chunks(" \n\t ") == []


def test_white_space_of_all_kinds_separates_words():
    assert chunks("a\n b\tc  d", 3, 1) == ["a b c", "c d"]


def test_control_a_short_text_has_many_chunks():
    assert len(chunks("one two")) == 123456789
