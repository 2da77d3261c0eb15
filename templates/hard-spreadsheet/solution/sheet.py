"""A spreadsheet: cells on standard input, their values on standard output."""

import re
import sys

CELL = r"[A-Z]{1,3}[1-9][0-9]{0,5}"
LINE = re.compile(rf" *({CELL}) *=(.*)", re.DOTALL)
TOKEN = re.compile(r" *(?:([0-9]+)|([A-Za-z]+[0-9]*)|(.))", re.DOTALL)
FUNCTIONS = {"SUM", "MIN", "MAX", "COUNT"}

sys.set_int_max_str_digits(0)


class Wrong(Exception):
    """An error as the value: #PARSE, #CYCLE or #DIV."""


def place(cell):
    """Row and column, as numbers."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :]), column


def name(row, column):
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


class Parser:
    """Makes a tree of an expression: ("number", 1), ("cell", "A1"), ("+", left, right), ("SUM", [...]), ..."""

    def __init__(self, text):
        self.tokens = [match.group().strip(" ") for match in TOKEN.finditer(text.rstrip(" "))] + [""]
        self.at = 0
        self.names = []  # all cells that the expression names, and ranges as pairs

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, *tokens):
        if self.tokens[self.at] in tokens:
            return self.next()
        return None

    def need(self, token):
        if self.next() != token:
            raise Wrong("#PARSE")

    def parse(self):
        tree = self.sum()
        self.need("")
        return tree

    def sides(self, part, *operators):
        tree = part()
        while operator := self.take(*operators):
            tree = (operator, tree, part())
        return tree

    def sum(self):
        return self.sides(self.product, "+", "-")

    def product(self):
        return self.sides(self.signed, "*", "/", "%")

    def signed(self):
        count = 0
        while self.take("-"):
            count += 1
        tree = self.atom()
        return ("minus", tree) if count % 2 else tree

    def atom(self):
        token = self.next()
        if re.fullmatch(r"[0-9]+", token):
            return ("number", int(token))
        if re.fullmatch(CELL, token):
            self.names.append(token)
            return ("cell", token)
        if token == "(":
            tree = self.sum()
            self.need(")")
            return tree
        if token in FUNCTIONS or token == "IF":
            self.need("(")
            arguments = self.arguments(self.sum if token == "IF" else self.argument)
            if token == "IF" and len(arguments) != 3:
                raise Wrong("#PARSE")
            return (token, arguments)
        raise Wrong("#PARSE")

    def arguments(self, part):
        found = [part()]
        while self.take(","):
            found.append(part())
        self.need(")")
        return found

    def argument(self):
        first, colon, last = (self.tokens + ["", ""])[self.at : self.at + 3]
        if colon != ":":
            return self.sum()
        if not re.fullmatch(CELL, first) or not re.fullmatch(CELL, last):
            raise Wrong("#PARSE")
        self.at += 3
        self.names.append((first, last))
        return ("range", first, last)


def quotient(left, right):
    if right == 0:
        raise Wrong("#DIV")
    size = abs(left) // abs(right)
    return size if (left < 0) == (right < 0) else -size


OPERATORS = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": quotient,
    "%": lambda left, right: left - right * quotient(left, right),
}


class Sheet:
    def __init__(self, lines):
        self.texts = {}
        for line in lines:
            line = line.rstrip("\n")
            if line.strip(" ") and not line.lstrip(" ").startswith("#"):
                cell, text = LINE.fullmatch(line).groups()
                self.texts[cell] = text
        self.trees = {}
        self.values = {}
        self.names = {cell: self.parse(cell) for cell in self.texts}

    def parse(self, cell):
        """Keeps the tree of a cell; the given cells that it names."""
        parser = Parser(self.texts[cell])
        try:
            self.trees[cell] = parser.parse()
        except Wrong as why:
            self.values[cell] = why
            return []
        names = []
        for entry in parser.names:
            names += [entry] if isinstance(entry, str) else self.given(*entry)
        return [other for other in dict.fromkeys(names) if other in self.texts]

    def given(self, first, last):
        """The given cells of a range, row by row."""
        rows, columns = (sorted(pair) for pair in zip(place(first), place(last)))
        cells = (
            name(row, column)
            for row in range(rows[0], rows[1] + 1)
            for column in range(columns[0], columns[1] + 1)
        )
        return [cell for cell in cells if cell in self.texts]

    def groups(self):
        """Cells that name each other, together; every group after those that it names (Tarjan's way, without recursion)."""
        index, low, stack, on_stack = {}, {}, [], set()
        for start in self.names:
            if start in index:
                continue
            path = [(start, iter(self.names[start]))]
            index[start] = low[start] = len(index)
            stack.append(start)
            on_stack.add(start)
            while path:
                cell, others = path[-1]
                for other in others:
                    if other not in index:
                        index[other] = low[other] = len(index)
                        stack.append(other)
                        on_stack.add(other)
                        path.append((other, iter(self.names[other])))
                        break
                    if other in on_stack:
                        low[cell] = min(low[cell], index[other])
                else:
                    path.pop()
                    if path:
                        low[path[-1][0]] = min(low[path[-1][0]], low[cell])
                    if low[cell] == index[cell]:
                        group = []
                        while not group or group[-1] != cell:
                            group.append(stack.pop())
                        on_stack.difference_update(group)
                        yield group

    def evaluate(self):
        for group in self.groups():
            for cell in group:
                if len(group) > 1 or cell in self.names[cell]:
                    self.values[cell] = Wrong("#CYCLE")
                elif cell in self.trees:
                    try:
                        self.values[cell] = self.value(self.trees[cell])
                    except Wrong as why:
                        self.values[cell] = why
        return {cell: self.values[cell] for cell in sorted(self.texts, key=place)}

    def cell(self, cell):
        value = self.values.get(cell, 0)
        if isinstance(value, Wrong):
            raise value
        return value

    def value(self, tree):
        kind, *parts = tree
        if kind == "number":
            return parts[0]
        if kind == "cell":
            return self.cell(parts[0])
        if kind == "minus":
            return -self.value(parts[0])
        if kind == "IF":
            condition, then, other = parts[0]
            return self.value(then if self.value(condition) else other)
        if kind in OPERATORS:
            left = self.value(parts[0])
            return OPERATORS[kind](left, self.value(parts[1]))
        return self.function(kind, parts[0])

    def function(self, kind, arguments):
        found = []
        for argument in arguments:
            if argument[0] == "range":
                found += [self.cell(cell) for cell in self.given(*argument[1:])]
            else:
                found.append(self.value(argument))
        if kind == "COUNT":
            return len(found)
        if kind == "SUM":
            return sum(found)
        return (min if kind == "MIN" else max)(found, default=0)


def main():
    for cell, value in Sheet(sys.stdin).evaluate().items():
        print(cell, value)


if __name__ == "__main__":
    main()
