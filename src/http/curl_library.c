/* curl_library.c - see curl_library.h */
#include "http/curl_library.h"

#include "base/lazy.h"

#include <pthread.h>
#include <stdbool.h>

struct curl_library curl_library;

#define NAME(name) #name,
static const char *const names[] = { CURL_LIBRARY_FUNCTIONS(NAME) NULL };

int curl_library_load(struct err *err)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool loaded;
	int result = 0;

	pthread_mutex_lock(&lock);
	if (!loaded) {
		result = lazy_load(CURL_SONAME, names, (void **)&curl_library, err);
		if (!result && curl(curl_global_init)(CURL_GLOBAL_DEFAULT) != CURLE_OK)
			result = err_set(err, ERR_ENV, "libcurl does not start");
		loaded = !result;
	}
	pthread_mutex_unlock(&lock);
	return result;
}

#define SET(option, value) (ok &= curl(curl_easy_setopt)(easy, option, value) == CURLE_OK)

bool curl_library_restrict(CURL *easy, int64_t connect_ms, const char *ca_file)
{
	bool ok = true;

	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
	if (ca_file)
		SET(CURLOPT_CAINFO, ca_file);
	return ok;
}
