"""What the statement asks of the two files themselves."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = [ROOT / "ledger.py", ROOT / "main.py"]


def trees():
    return [ast.parse(path.read_text()) for path in FILES]


def test_no_function_is_longer_than_25_lines():
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno - node.lineno >= 25
    ]
    assert long == []


def test_no_global():
    assert not [node for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Global)]


def test_importing_the_module_does_nothing():
    code = "import ledger; ledger.Ledger().apply('report')"
    run = subprocess.run([sys.executable, "-B", "-c", code], cwd=ROOT, input="open cash\nreport\n", text=True,
                         capture_output=True, timeout=10)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_the_module_prints_nothing(books, capfd):
    for line in ["report", "sing", "batch", "balance cash", "report", "end", "balance none"]:
        books.apply(line)
    books.copy().accounts()
    assert capfd.readouterr() == ("", "")
