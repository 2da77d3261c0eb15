/* template.h - pages of share/web/ with places for values
 *
 *	{{name}}	a text or number, escaped (html_escape); nothing when it is not there
 *	{{&name_html}}	HTML that was made safe before, as it is; only for names that end so
 *	{{=name}}	any value as JSON, for a script element
 *	{{#name}}	up to {{/name}}, for each element of an array, in whose members names are
 *			looked up first ({{.}} is the element itself); once when it is another
 *			value, and not empty, false, null or 0
 *	{{^name}}	up to {{/name}}, once when {{#name}} would show nothing
 *	{{>name}}	the template share/web/name.html
 *
 * A name may lead through objects, "task.name". Names that are not found inside an element are
 * looked for around it. */
#ifndef TALI_TEMPLATE_H
#define TALI_TEMPLATE_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* Appends share/web/NAME.html with the members of `values`. ERR_INTEGRITY when the template is not
 * in order, which tests exclude. */
int template_fill(const char *name, const json_t *values, struct buf *out, struct err *err);

#endif
