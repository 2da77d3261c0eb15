/* report_html.c - see report_html.h */
#include "report/report_html.h"

#include "base/auto.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/share.h"
#include "report/html.h"
#include "report/report_radar.h"
#include "report/report_words.h"
#include "report/template.h"

#define RADIUS 100.0		/* of the radar chart, in units of its view box */
#define LABEL 112.0		/* where its labels are */

/* --- the radar chart */

static void add_ring(struct buf *svg, const struct report_radar *radar, double share,
		     const char *class)
{
	size_t i;

	buf_add_format(svg, "<polygon class=\"%s\" points=\"", class);
	for (i = 0; i < radar->count; i++) {
		double length = RADIUS * (share < 0 ? radar->axes[i].share : share);

		buf_add_format(svg, "%s%.1f,%.1f", i ? " " : "", radar->axes[i].x * length,
			       radar->axes[i].y * length);
	}
	buf_add_str(svg, "\"/>");
}

static void add_axis(struct buf *svg, const struct report_radar_axis *axis)
{
	const char *anchor = axis->x > 0.2 ? "start" : axis->x < -0.2 ? "end" : "middle";

	buf_add_format(svg, "<line class=\"axis\" x2=\"%.1f\" y2=\"%.1f\"/>", axis->x * RADIUS,
		       axis->y * RADIUS);
	buf_add_format(svg, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>",
		       axis->x * RADIUS * axis->share, axis->y * RADIUS * axis->share);
	buf_add_format(svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", axis->x * LABEL,
		       axis->y * LABEL + (axis->y > 0.2 ? 8 : axis->y < -0.2 ? 0 : 4), anchor);
	html_escape(svg, axis->label);
	buf_add_format(svg, "</text>");
}

/* All of it as a sentence, for who does not see it. */
static void add_name(struct buf *svg, const struct report_radar *radar)
{
	size_t i;

	buf_add_str(svg, "<title id=\"radar-name\">Radar chart of the categories: ");
	for (i = 0; i < radar->count; i++) {
		buf_add_str(svg, i ? ", " : "");
		html_escape(svg, radar->axes[i].title);
		buf_add_str(svg, " ");
		html_escape(svg, radar->axes[i].value);
	}
	buf_add_str(svg, "</title>");
}

static json_t *radar_html(const json_t *categories)
{
	AUTO(buf_release) struct buf svg = BUF_INIT(256 * 1024);
	struct report_radar radar = report_radar_of(categories);
	size_t i;

	if (!radar.count)
		return json_string("");
	buf_add_str(&svg, "<svg viewBox=\"-215 -125 430 250\" role=\"img\" "
			  "aria-labelledby=\"radar-name\">");
	add_name(&svg, &radar);
	for (i = 1; i <= 4; i++)
		add_ring(&svg, &radar, (double)i / 4, "ring");
	add_ring(&svg, &radar, -1, "shape");
	for (i = 0; i < radar.count; i++)
		add_axis(&svg, &radar.axes[i]);
	buf_add_str(&svg, "</svg>");
	return json_string(buf_str(&svg));
}

/* --- the page */

static json_t *policy_for(const char *style, size_t len)
{
	struct hash hash = hash_of(style, len);
	AUTO_FREE char *base64 = hash_base64(hash.bytes, sizeof(hash.bytes));

	return json_sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
			    "form-action 'none'; require-trusted-types-for 'script'; "
			    "trusted-types 'none'", base64);
}

/* A section of a template is shown once for each element; this says that there are any. */
static void set_has(json_t *values, const char *name, const char *has)
{
	json_object_set_new(values, has,
			    json_boolean(json_array_size(json_object_get(values, name)) > 0));
}

static void set_lines(json_t *words)
{
	json_t *file;
	size_t i;

	json_array_foreach(json_object_get(words, "changes"), i, file)
		set_has(file, "lines", "has_lines");
}

int report_html(const json_t *report, FILE *out, struct err *err)
{
	const struct share_file *style = share_find("web/report.css");
	AUTO(buf_release) struct buf html = BUF_INIT(SIZE_MAX);
	AUTO_JSON json_t *words = report_words(report);
	const json_t *feedback = json_object_get(words, "feedback");

	if (!style)
		return err_set(err, ERR_INTEGRITY, "share/web/report.css is not there");
	json_object_set_new(words, "style_html", json_string(style->data));
	json_object_set_new(words, "policy", policy_for(style->data, style->size));
	json_object_set_new(words, "radar_html", radar_html(json_object_get(words, "categories")));
	set_has(words, "categories", "has_categories");
	set_has(words, "time", "has_time");
	set_has(words, "origins", "has_origins");
	set_has(words, "progress", "has_progress");
	set_has(words, "restored", "has_restored");
	json_object_set_new(words, "has_highlights",
			    json_boolean(json_array_size(json_object_get(feedback, "highlights"))));
	json_object_set_new(words, "has_remarks",
			    json_boolean(json_array_size(json_object_get(feedback, "remarks"))));
	set_lines(words);
	if (template_fill("report", words, &html, err) < 0)
		return -1;
	fwrite(buf_str(&html), 1, html.len, out);
	return 0;
}
