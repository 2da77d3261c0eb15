/* spelling.c - see spelling.h */
#include "base/spelling.h"

#include <string.h>

#define WORD_MAX 63	/* bytes; longer words are near to nothing */

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Letters changed, added, left out or swapped with their neighbour (optimal string alignment);
 * both words have at most WORD_MAX bytes. */
static int distance(const char *a, const char *b)
{
	int rows[WORD_MAX + 1][WORD_MAX + 1];
	int a_len = (int)strlen(a), b_len = (int)strlen(b);

	for (int i = 0; i <= a_len; i++)
		rows[i][0] = i;
	for (int j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (int i = 1; i <= a_len; i++) {
		for (int j = 1; j <= b_len; j++) {
			int change = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			rows[i][j] = least(change, least(rows[i - 1][j], rows[i][j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
		}
	}
	return rows[a_len][b_len];
}

bool spelling_near(const char *word, const char *known)
{
	size_t len = strlen(known), word_len = strlen(word);
	size_t most = len > 4 ? 2 : 1;

	if (len > WORD_MAX || word_len > WORD_MAX || word_len > len + most || len > word_len + most)
		return false;
	return distance(word, known) <= (int)most;
}

int spelling_likeness(const char *word, const char *known)
{
	if (*word && !strncmp(word, known, strlen(word)))
		return 2;
	return spelling_near(word, known);
}
