/* make-report.c - `make-report REPORT.json`: a tali.report/1 as the HTML report, for tests/web */
#include "base/auto.h"
#include "base/hash.h"
#include "base/json.h"
#include "report/report_html.h"

int main(int argc, char **argv)
{
	struct err err = ERR_INIT;
	AUTO_JSON json_t *report = argc == 2 ? json_read(argv[1], 1 << 24, &err) : NULL;

	hash_init();
	if (!report || report_html(report, stdout, &err) < 0) {
		fprintf(stderr, "make-report: %s\n", err.text);
		return 1;
	}
	return 0;
}
