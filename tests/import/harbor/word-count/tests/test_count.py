import subprocess


def count(path):
    done = subprocess.run(["python3", "/workspace/count.py", path], capture_output=True, text=True)
    return done.stdout.strip()


def test_answer():
    with open("/workspace/answer.txt") as file:
        assert file.read().strip() == "5"


def test_spaces(tmp_path):
    path = tmp_path / "text"
    path.write_text("a   b\n\n c")
    assert count(str(path)) == "3"
