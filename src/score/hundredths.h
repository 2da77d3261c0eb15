/* hundredths.h - numbers of a score: whole hundredths inside, JSON outside */
#ifndef TALI_HUNDREDTHS_H
#define TALI_HUNDREDTHS_H

#include <jansson.h>
#include <stdint.h>

/* A number in hundredths as JSON: an integer where it is whole. Yours. */
json_t *hundredths_json(int64_t hundredths);

#endif
