/* xml.h - XML of others, read by expat into the elements and texts of which it consists
 *
 * A document type declaration, and with it every entity, is refused. */
#ifndef TALI_XML_H
#define TALI_XML_H

#include "base/err.h"

#include <stddef.h>

struct xml;

/* What is told, in the order of the document; nothing after xml_fail. Texts are UTF-8 and borrowed,
 * and the text of an element may come in pieces. `attributes` is name, value, ..., NULL. */
struct xml_handler {
	void (*open)(void *arg, struct xml *xml, const char *name, const char **attributes);
	void (*close)(void *arg, struct xml *xml);
	void (*text)(void *arg, const char *text, size_t len);
	int depth;		/* elements in each other, at most */
	const char *place;	/* stands before the number of a line in errors: "a.xml:" */
};

/* ERR_INPUT "PLACE12: what": no XML, nested too deep, or what xml_fail was told. `len` is below
 * 2 GB. */
int xml_read(const char *text, size_t len, const struct xml_handler *handler, void *arg,
	     struct err *err);

/* Ends it: what is wrong at this place. The first one counts. */
void xml_fail(struct xml *xml, const char *what);

/* The number of this line, from 1; how many elements are open, for `close` with the one that
 * ends. */
int xml_line(const struct xml *xml);
int xml_depth(const struct xml *xml);

/* The value of an attribute, borrowed; `none` without. */
const char *xml_attribute(const char **attributes, const char *name, const char *none);

#endif
