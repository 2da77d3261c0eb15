"""The books of a club: accounts, and postings that move money between them."""


class Refused(Exception):
    pass


def money(cents):
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


class Ledger:
    def __init__(self):
        self._balances = {}
        self._postings = {}  # those that can be voided: (from, to, cents) by id
        self._used = set()  # all ids of postings ever made
        self._batch = None  # lines collected, while there is a batch

    def copy(self):
        other = Ledger()
        other._balances = dict(self._balances)
        other._postings = dict(self._postings)
        other._used = set(self._used)
        other._batch = None if self._batch is None else list(self._batch)
        return other

    def accounts(self):
        """Balances in cents by account, in the order in which they were opened."""
        return dict(self._balances)

    def apply(self, line):
        """Carry out one command; the rows of its answer."""
        words = line.split()
        if not words or words[0].startswith("#"):
            return []
        try:
            if words[0] in BATCH_COMMANDS:
                return self._call(BATCH_COMMANDS, words)
            if self._batch is not None:
                self._batch.append(line)
                return []
            return self._call(COMMANDS, words)
        except Refused as why:
            print(f"refused: {why}")
            return []

    def _call(self, commands, words):
        name, *arguments = words
        run, count = commands.get(name, (None, None))
        if count != len(arguments):
            raise Refused(f"what is {name}?")
        return run(self, *arguments) or []

    def _need(self, account):
        if account not in self._balances:
            raise Refused(f"no account {account}")

    def _row(self, account):
        return f"{account} {money(self._balances[account])}"

    def _move(self, source, target, cents):
        self._balances[source] -= cents
        self._balances[target] += cents

    def _open(self, account):
        if account in self._balances:
            raise Refused(f"{account} is open")
        self._balances[account] = 0

    def _post(self, name, source, target, text):
        if not (text.isascii() and text.isdigit()) or int(text) == 0:
            raise Refused(f"bad amount {text}")
        self._need(source)
        self._need(target)
        if name in self._used:
            raise Refused(f"{name} is taken")
        self._move(source, target, int(text))
        self._used.add(name)
        self._postings[name] = (source, target, int(text))

    def _void(self, name):
        if name not in self._postings:
            raise Refused(f"no posting {name}")
        source, target, cents = self._postings.pop(name)
        self._move(target, source, cents)

    def _close(self, account):
        self._need(account)
        if self._balances[account]:
            raise Refused(f"{account} holds {money(self._balances[account])}")
        del self._balances[account]
        self._postings = {name: posting for name, posting in self._postings.items() if account not in posting[:2]}

    def _balance(self, account):
        self._need(account)
        return [self._row(account)]

    def _report(self):
        return [self._row(account) for account in self._balances]

    def _begin_batch(self):
        if self._batch is not None:
            raise Refused("a batch is open")
        self._batch = []

    def _take_batch(self):
        if self._batch is None:
            raise Refused("no batch")
        lines, self._batch = self._batch, None
        return lines

    def _drop_batch(self):
        self._take_batch()

    def _end_batch(self):
        lines = self._take_batch()
        trial = self.copy()
        rows = []
        for line in lines:
            rows += trial._call(COMMANDS, line.split())
        self.__dict__ = trial.__dict__
        return rows


# What runs each command, and how many words follow its name.
BATCH_COMMANDS = {
    "batch": (Ledger._begin_batch, 0),
    "end": (Ledger._end_batch, 0),
    "drop": (Ledger._drop_batch, 0),
}
COMMANDS = {
    "open": (Ledger._open, 1),
    "post": (Ledger._post, 4),
    "void": (Ledger._void, 1),
    "close": (Ledger._close, 1),
    "balance": (Ledger._balance, 1),
    "report": (Ledger._report, 0),
}
