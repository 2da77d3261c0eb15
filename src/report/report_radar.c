/* report_radar.c - see report_radar.h */
#include "report/report_radar.h"

#include "base/json.h"

#include <math.h>

struct report_radar report_radar_of(const json_t *categories)
{
	struct report_radar radar = { .count = 0 };
	const json_t *category;
	size_t i;

	json_array_foreach(categories, i, category) {
		if (!json_flag(category, "measured", false))
			continue;
		if (radar.count == REPORT_RADAR_MOST)
			return (struct report_radar){ .count = 0 };
		radar.axes[radar.count++] = (struct report_radar_axis){
			.title = json_str(category, "title", ""),
			.value = json_str(category, "value", ""),
			.share = (double)json_int(category, "bar", 0) / 100,
		};
	}
	if (radar.count < REPORT_RADAR_LEAST)
		radar.count = 0;
	for (i = 0; i < radar.count; i++) {
		double angle = 2 * M_PI * (double)i / (double)radar.count;

		radar.axes[i].x = sin(angle);
		radar.axes[i].y = -cos(angle);
	}
	return radar;
}
