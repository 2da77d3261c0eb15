/* read.mjs junit|ctrf FILE - what a reader of others finds in a report, as counts in one line of JSON;
 * what it does not accept is told, with exit status 1 */
import {readFileSync} from "node:fs";
import {validateStrict} from "ctrf";
import {parse} from "test-results-parser";

const readers = {
	junit: file => {
		const {total, passed, failed, errors, skipped} =
			parse({type: "junit", files: [file]});
		return {total, passed, failed, errors, skipped};
	},
	ctrf: file => {
		const report = JSON.parse(readFileSync(file, "utf8"));
		validateStrict(report);
		const {tests, summary} = report.results;
		const count = status => tests.filter(test => test.status === status).length;
		for (const status of ["passed", "failed", "skipped", "pending", "other"])
			if (summary[status] !== count(status))
				throw new Error(`summary: ${summary[status]} ${status}`);
		const {passed, failed, skipped, other} = summary;
		return {total: summary.tests, passed, failed, errors: other, skipped};
	},
};

try {
	console.log(JSON.stringify(readers[process.argv[2]](process.argv[3])));
} catch (error) {
	console.log(error.message, JSON.stringify(error.errors ?? ""));
	process.exitCode = 1;
}
