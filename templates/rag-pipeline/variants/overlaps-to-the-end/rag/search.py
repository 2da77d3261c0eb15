"""Search: the best chunks that the one who asks may read."""

LIMIT = 4
PER_DOCUMENT = 2


def may_read(chunk, groups):
    return not chunk.groups or bool(chunk.groups & set(groups))


def search(index, query, groups=(), limit=LIMIT):
    """The best chunks for a query, best first; of one document at most PER_DOCUMENT."""
    ranked = sorted(index.scores(query), key=lambda hit: (-hit[0], hit[1].document, hit[1].number))
    taken = {}
    found = []
    for _, chunk in ranked:
        if len(found) >= limit:
            break
        if may_read(chunk, groups) and taken.get(chunk.document, 0) < PER_DOCUMENT:
            taken[chunk.document] = taken.get(chunk.document, 0) + 1
            found.append(chunk)
    return found
