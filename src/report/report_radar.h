/* report_radar.h - where the points of a radar chart are, for HTML and PDF */
#ifndef TALI_REPORT_RADAR_H
#define TALI_REPORT_RADAR_H

#include <jansson.h>
#include <stddef.h>

#define REPORT_RADAR_LEAST 3	/* axes; with fewer there is no chart */
#define REPORT_RADAR_MOST 12
#define REPORT_RADAR_LABEL 18	/* characters that there is room for beside the chart */

struct report_radar {
	size_t count;
	struct report_radar_axis {
		const char *title, *value;	/* borrowed from the words */
		char label[REPORT_RADAR_LABEL * 4 + 1];	/* the title, cut to what fits */
		double share;			/* 0 to 1 */
		double x, y;			/* direction, of length 1; y grows downwards */
	} axes[REPORT_RADAR_MOST];
};

/* Of the measured categories of report_words.h. count is 0 when there are too few, or too many. */
struct report_radar report_radar_of(const json_t *categories);

#endif
