/* foreign_trace.h - editing traces: the keystrokes of one text (github.com/josephg/editing-traces)
 *
 * {"startContent":TEXT, "endContent":TEXT, "txns":[{"time":RFC3339, "patches":[[POSITION, DELETED,
 * "INSERTED"], ...]}, ...]}; patches apply one after the other. */
#ifndef TALI_FOREIGN_TRACE_H
#define TALI_FOREIGN_TRACE_H

#include "journal/foreign.h"

/* Patches become events `edit` of options->file. Gives the texts before and after. ERR_INTEGRITY
 * when the patches do not end in endContent. */
foreign_reader foreign_trace_read;

#endif
