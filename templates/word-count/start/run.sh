# Runs once for every input: text on standard input, counts on standard output.
exec python3 wc.py
