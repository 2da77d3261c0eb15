/* throttle.c - see throttle.h */
#include "store/throttle.h"

#include "base/auto.h"
#include "store/sql.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define FREE_TRIES 3
#define FORGET_MS (15 * 60 * 1000)

static const char SQL_GET[] =
	"SELECT failures, last, until FROM throttle WHERE organization_id = ?1 AND source = ?2";
static const char SQL_SET[] =
	"INSERT INTO throttle (organization_id, source, failures, last, until) "
	"VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (organization_id, source) DO UPDATE SET "
	"failures = excluded.failures, last = excluded.last, until = excluded.until";
static const char SQL_FORGET[] =
	"DELETE FROM throttle WHERE organization_id = ?1 AND last < ?2 AND until < ?3";
static const char SQL_CLEAR[] = "DELETE FROM throttle WHERE organization_id = ?1 AND source = ?2";

struct record {
	int64_t failures, last, until;
};

static const char *network_of(const char *source, char text[INET6_ADDRSTRLEN])
{
	struct in6_addr address;

	if (inet_pton(AF_INET6, source, &address) != 1 || IN6_IS_ADDR_V4MAPPED(&address))
		return source;
	memset(address.s6_addr + 8, 0, 8);
	return inet_ntop(AF_INET6, &address, text, INET6_ADDRSTRLEN);
}

static int read_record(struct store *store, const char *source, struct record *ret, struct err *err)
{
	AUTO(sql_done) sqlite3_stmt *query =
		sql_query(store, err, SQL_GET, "tt", store_organization(store), source);
	int row = query ? sql_step(query, err) : -1;

	*ret = (struct record){ 0 };
	if (row == 1)
		*ret = (struct record){ sql_int(query, 0), sql_int(query, 1), sql_int(query, 2) };
	return row < 0 ? -1 : 0;
}

int throttle_check(struct store *store, const char *source, struct err *err)
{
	char text[CLOCK_TEXT_SIZE], network[INET6_ADDRSTRLEN];
	struct record record;
	int64_t wait;

	if (read_record(store, network_of(source, network), &record, err) < 0)
		return -1;
	wait = record.until - store_now(store);
	if (wait > 0)
		return err_set(err, ERR_STATE, "too many wrong passcodes: locked for another %s",
			       clock_duration_text(wait + 999, text));
	return 0;
}

int throttle_fail(struct store *store, const char *source, int64_t most, int64_t lock_ms,
		  struct err *err)
{
	char network[INET6_ADDRSTRLEN];
	struct record record;
	int64_t now = store_now(store), wait = 0;

	source = network_of(source, network);
	if (sql_run(store, err, SQL_FORGET, "tii", store_organization(store), now - FORGET_MS,
		    now) < 0 ||
	    read_record(store, source, &record, err) < 0)
		return -1;
	record.failures++;
	if (record.failures >= most)
		wait = lock_ms;
	else if (record.failures > FREE_TRIES)
		wait = 1000LL << (record.failures - FREE_TRIES < 10 ? record.failures - FREE_TRIES
								    : 10);
	return sql_run(store, err, SQL_SET, "ttiii", store_organization(store), source,
		       record.failures, now, wait ? now + wait : (int64_t)0) < 0 ? -1 : 0;
}

int throttle_clear(struct store *store, const char *source, struct err *err)
{
	char network[INET6_ADDRSTRLEN];

	source = network_of(source, network);
	return sql_run(store, err, SQL_CLEAR, "tt", store_organization(store), source) < 0 ? -1 : 0;
}
