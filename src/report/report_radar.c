/* report_radar.c - see report_radar.h */
#include "report/report_radar.h"

#include "base/json.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "Team fit and a re...", with an ellipsis of one character. */
static void set_label(struct report_radar_axis *axis)
{
	size_t len, count = 0, kept = 0;

	for (len = 0; axis->title[len] && count <= REPORT_RADAR_LABEL; len++) {
		if (utf8_inside(axis->title[len]))
			continue;
		if (++count == REPORT_RADAR_LABEL)
			kept = len;
	}
	if (count > REPORT_RADAR_LABEL)
		snprintf(axis->label, sizeof(axis->label), "%.*s\xe2\x80\xa6", (int)kept,
			 axis->title);
	else
		snprintf(axis->label, sizeof(axis->label), "%s", axis->title);
}

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
		set_label(&radar.axes[i]);
	}
	return radar;
}
