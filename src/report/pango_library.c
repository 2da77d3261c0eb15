/* pango_library.c - see pango_library.h */
#include "report/pango_library.h"

#include "base/lazy.h"

#include <pthread.h>

struct pango_library pango_library;

#define NAME(name) #name,
static const char *const names[] = { PANGO_LIBRARY_FUNCTIONS(NAME) NULL };

static struct err failure; /* written once under pthread_once */

static void load(void)
{
	PangoFontFamily **families = NULL;
	int count = 0;

	if (lazy_load(PANGOCAIRO_SONAME, names, (void **)&pango_library, &failure) < 0)
		return;
	pdf(pango_font_map_list_families)(pdf(pango_cairo_font_map_get_default)(), &families,
					  &count);
	pdf(g_free)(families);
	/* it would draw boxes */
	if (!count)
		err_set(&failure, ERR_ENV, "there are no fonts: apt-get install fonts-dejavu-core");
}

int pango_library_load(struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	if (failure.code == ERR_NONE)
		return 0;
	*err = failure;
	return -1;
}
