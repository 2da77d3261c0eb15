/* api_files.h - the files of a session, over HTTP (share/openapi.json)
 *
 * The entity tag of a file is its rev in quotation marks: the number of the event that changed it
 * last. */
#ifndef TALI_API_FILES_H
#define TALI_API_FILES_H

#include "web/route.h"

void api_files_get(struct route_call *call);		/* GET files/PATH */
void api_files_put(struct route_call *call);		/* PUT files/PATH, If-Match */
void api_files_change(struct route_call *call);		/* POST files/PATH {op, to} */
void api_files_delete(struct route_call *call);		/* DELETE files/PATH */
void api_files_archive(struct route_call *call);	/* GET archive: all as .tar.gz */

#endif
