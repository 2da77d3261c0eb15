/* xml.c - see xml.h */
#include "task/xml.h"

#include <expat.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct xml {
	XML_Parser parser;
	const struct xml_handler *handler;
	void *arg;
	int depth;
	bool failed;	/* expat may still deliver what belongs to the tag it was stopped in */
	struct err *err;
};

void xml_fail(struct xml *xml, const char *what)
{
	if (xml->failed)
		return;
	xml->failed = true;
	err_set(xml->err, ERR_INPUT, "%s%d: %s", xml->handler->place, xml_line(xml), what);
	XML_StopParser(xml->parser, XML_FALSE);
}

int xml_line(const struct xml *xml)
{
	return (int)XML_GetCurrentLineNumber(xml->parser);
}

int xml_depth(const struct xml *xml)
{
	return xml->depth;
}

const char *xml_attribute(const char **attributes, const char *name, const char *none)
{
	for (int i = 0; attributes[i]; i += 2)
		if (!strcmp(attributes[i], name))
			return attributes[i + 1];
	return none;
}

static void open_element(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct xml *xml = arg;

	if (xml->failed)
		return;
	if (++xml->depth > xml->handler->depth)
		xml_fail(xml, "elements are nested too deep");
	else
		xml->handler->open(xml->arg, xml, name, attributes);
}

static void close_element(void *arg, const XML_Char *name)
{
	struct xml *xml = arg;

	(void)name;
	if (xml->failed)
		return;
	xml->handler->close(xml->arg, xml);
	xml->depth--;
}

static void add_text(void *arg, const XML_Char *text, int len)
{
	struct xml *xml = arg;

	if (!xml->failed)
		xml->handler->text(xml->arg, text, (size_t)len);
}

static void refuse_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
			   const XML_Char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	xml_fail(arg, "a document type declaration is refused");
}

int xml_read(const char *text, size_t len, const struct xml_handler *handler, void *arg,
	     struct err *err)
{
	struct xml xml = { .parser = XML_ParserCreate(NULL), .handler = handler, .arg = arg,
			   .err = err };

	if (!xml.parser)
		abort();
	XML_SetUserData(xml.parser, &xml);
	XML_SetElementHandler(xml.parser, open_element, close_element);
	XML_SetCharacterDataHandler(xml.parser, add_text);
	XML_SetStartDoctypeDeclHandler(xml.parser, refuse_doctype);
	if (XML_Parse(xml.parser, text, (int)len, XML_TRUE) != XML_STATUS_OK)
		xml_fail(&xml, XML_ErrorString(XML_GetErrorCode(xml.parser)));
	XML_ParserFree(xml.parser);
	return xml.failed ? -1 : 0;
}
