import sys

accounts = {}
postings = {}
used = set()
batch = None
out = []


def money(c):
    s = ""
    if c < 0:
        s = "-"
        c = -c
    return s + str(c // 100) + "." + str(c % 100).zfill(2)


def do(line):
    global batch, accounts, postings, used, out
    w = line.split()
    if len(w) == 0 or w[0][0] == "#":
        return True
    if w[0] == "batch" and len(w) == 1:
        if batch is not None:
            out.append("refused: a batch is open")
            return False
        batch = []
    elif w[0] == "drop" and len(w) == 1:
        if batch is None:
            out.append("refused: no batch")
            return False
        batch = None
    elif w[0] == "end" and len(w) == 1:
        if batch is None:
            out.append("refused: no batch")
            return False
        lines = batch
        batch = None
        a, p, u, o = dict(accounts), dict(postings), set(used), list(out)
        for x in lines:
            if not do(x):
                why = out[-1]
                accounts, postings, used = a, p, u
                out = o
                out.append(why)
                return False
    elif w[0] in ("batch", "drop", "end"):
        out.append("refused: what is " + w[0] + "?")
        return False
    elif batch is not None:
        batch.append(line)
    elif w[0] == "open" and len(w) == 2:
        if w[1] in accounts:
            out.append("refused: " + w[1] + " is open")
            return False
        accounts[w[1]] = 0
    elif w[0] == "post" and len(w) == 5:
        if not (w[4].isascii() and w[4].isdigit()) or int(w[4]) == 0:
            out.append("refused: bad amount " + w[4])
            return False
        if w[2] not in accounts:
            out.append("refused: no account " + w[2])
            return False
        if w[3] not in accounts:
            out.append("refused: no account " + w[3])
            return False
        if w[1] in used:
            out.append("refused: " + w[1] + " is taken")
            return False
        accounts[w[2]] -= int(w[4])
        accounts[w[3]] += int(w[4])
        used.add(w[1])
        postings[w[1]] = (w[2], w[3], int(w[4]))
    elif w[0] == "void" and len(w) == 2:
        if w[1] not in postings:
            out.append("refused: no posting " + w[1])
            return False
        f, t, c = postings[w[1]]
        accounts[f] += c
        accounts[t] -= c
        del postings[w[1]]
    elif w[0] == "close" and len(w) == 2:
        if w[1] not in accounts:
            out.append("refused: no account " + w[1])
            return False
        if accounts[w[1]] != 0:
            out.append("refused: " + w[1] + " holds " + money(accounts[w[1]]))
            return False
        del accounts[w[1]]
        for i in list(postings):
            if postings[i][0] == w[1] or postings[i][1] == w[1]:
                del postings[i]
    elif w[0] == "balance" and len(w) == 2:
        if w[1] not in accounts:
            out.append("refused: no account " + w[1])
            return False
        out.append(w[1] + " " + money(accounts[w[1]]))
    elif w[0] == "report" and len(w) == 1:
        for a in accounts:
            out.append(a + " " + money(accounts[a]))
    else:
        out.append("refused: what is " + w[0] + "?")
        return False
    return True


for line in sys.stdin:
    do(line)
    for row in out:
        print(row)
    out = []
