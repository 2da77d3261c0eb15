/* yaml.h - one YAML document as JSON, by libyaml */
#ifndef TALI_YAML_H
#define TALI_YAML_H

#include "base/err.h"

#include <jansson.h>
#include <stddef.h>

#define YAML_MAX_BYTES (1 << 20)
#define YAML_MAX_DEPTH 64
#define YAML_MAX_NODES 100000

/* Gives the document in `text` (UTF-8) as JSON, yours; plain scalars by the core schema of YAML 1.2
 * (so `yes` is a text), a text without a document as null. Refused, because packages have no use
 * for them and readers disagree about them: anchors, aliases, tags, merge keys, a key twice, keys
 * that are no scalars, a second document, NUL characters, numbers that JSON has not (.inf, .nan).
 * At most YAML_MAX_BYTES, YAML_MAX_DEPTH and YAML_MAX_NODES. ERR_INPUT "NAME:LINE: what". */
int yaml_parse(const char *text, size_t len, const char *name, json_t **ret, struct err *err);

#endif
