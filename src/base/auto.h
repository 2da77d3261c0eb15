/* auto.h - cleanup at the end of a scope, and moving a value out of it
 *
 * AUTO(fn) T x = init;   runs fn(&x) when x leaves its scope
 * TAKE(x)                gives x's value and leaves NULL, 0 behind, so that the cleanup does
 *                        nothing
 * AUTO_FD int fd = -1;   closes it;   TAKE_FD(fd) leaves -1 behind */
#ifndef TALI_AUTO_H
#define TALI_AUTO_H

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define AUTO(fn) __attribute__((cleanup(fn)))
#define TAKE(x) __extension__({ __typeof__(x) taken_ = (x); (x) = (__typeof__(x))0; taken_; })
#define TAKE_FD(fd) __extension__({ int taken_ = (fd); (fd) = -1; taken_; })

static inline void auto_free(void *p)
{
	free(*(void **)p);
}

static inline void auto_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline void auto_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void auto_json(json_t **json)
{
	json_decref(*json);
}

#define AUTO_FREE AUTO(auto_free)
#define AUTO_FD AUTO(auto_close)
#define AUTO_FILE AUTO(auto_fclose)
#define AUTO_JSON AUTO(auto_json)

#endif
