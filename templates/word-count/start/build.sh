# Runs once, before anything else. A script needs no build; for a compiled language, put the compiler here:
#   cc -O2 -o wc wc.c
