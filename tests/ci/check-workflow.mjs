/* check-workflow.mjs FILE - a workflow by GitHub's own reader and by the published schema; prints
 * what is wrong, a line each, and exits with 1 then */
import {readFileSync} from "node:fs";
import {registerHooks} from "node:module";

/* GitHub's reader imports JSON in the way of bundlers. */
registerHooks({
	load: (url, context, next) => url.endsWith(".json") ?
		{format: "module", shortCircuit: true,
		 source: `export default ${readFileSync(new URL(url), "utf8")}`} :
		next(url, context),
});

const {convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow} =
	await import("@actions/workflow-parser");
const {validateWorkflow} = await import("@action-validator/core");

async function byGitHub(name, content) {
	const {context, value} = parseWorkflow({name, content}, new NoOperationTraceWriter());
	if (value)
		await convertWorkflowTemplate(context, value);
	return context.errors.getErrors().map(error => error.message);
}

const bySchema = content => validateWorkflow(content).errors.map(error => JSON.stringify(error));

const name = process.argv[2], content = readFileSync(name, "utf8");
const wrong = [...await byGitHub(name, content), ...bySchema(content)];
wrong.forEach(line => console.log(line));
process.exitCode = wrong.length ? 1 : 0;
