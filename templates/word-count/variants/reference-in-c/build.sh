cc -std=c11 -O2 -Wall -Wextra -o wc wc.c
