/* deflate_meter.h - how many bytes data would take when compressed by zlib's deflate */
#ifndef TALI_DEFLATE_METER_H
#define TALI_DEFLATE_METER_H

#include <stddef.h>
#include <stdint.h>

struct deflate_meter;

struct deflate_meter *deflate_meter_open(void);
void deflate_meter_close(struct deflate_meter **meter);

void deflate_meter_add(struct deflate_meter *meter, const void *data, size_t len);
/* Bytes of all that was added, as one stream. Nothing may be added afterwards. */
int64_t deflate_meter_end(struct deflate_meter *meter);

#endif
