/* prefix.c - see prefix.h */
#include "store/prefix.h"

#include "base/auto.h"
#include "base/buf.h"
#include "store/sql.h"

#include <ctype.h>
#include <string.h>

#define SHOWN 10

int prefix_find(struct store *store, const char *text, const char *what, const char *prefix,
		char ret_id[RAND_ID_LEN + 1], struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query = NULL;
	AUTO(buf_release) struct buf found = BUF_INIT(1024);
	char first[RAND_ID_LEN + 1], end[RAND_ID_LEN + 2];
	size_t len = strlen(prefix), i;
	int row, count = 0;

	if (len == 0 || len > RAND_ID_LEN)
		return err_set(err, ERR_NOT_FOUND, "no %s '%s'", what, prefix);
	for (i = 0; i <= len; i++)
		first[i] = (char)tolower((unsigned char)prefix[i]);
	snprintf(end, sizeof(end), "%s~", first);	/* '~' sorts behind every id character */
	query = sql_query(store, err, text, "ttt", store_organization(store), first, end);
	row = query ? sql_step(query, err) : -1;
	for (; row == 1; row = sql_step(query, err)) {
		if (count == 0)
			sql_copy(query, 0, ret_id, RAND_ID_LEN + 1);
		if (count < SHOWN)
			buf_add_format(&found, "%s%s (%s)", count ? ", " : "", sql_text(query, 0),
				       sql_text(query, 1));
		count++;
	}
	if (row < 0)
		return -1;
	if (count == 0)
		return err_set(err, ERR_NOT_FOUND, "no %s '%s'", what, prefix);
	if (count > 1)
		return err_set(err, ERR_USAGE, "'%s' is ambiguous: it could be %s%s", prefix,
			       buf_str(&found), count > SHOWN ? ", ..." : "");
	return 0;
}
