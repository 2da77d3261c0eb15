/* act.mjs WORKFLOW CONTEXT - plays the only job of a GitHub workflow in the folder it is called in
 *
 * CONTEXT is a JSON file with what GitHub knows: {"github": {...}, "inputs": {...}, "vars": {...},
 * "secrets": {...}, "runner": {...}}. Expressions are evaluated by GitHub's own library. Each `run`
 * is a fresh bash with the variables that GitHub sets and none of the caller's; HOME is ./home.
 * The actions it knows do here what they do there, with folders for servers:
 *
 *	actions/checkout	clones repos/OWNER/NAME
 *	actions/cache		cache/KEY, there and (after a miss, when all went well) back
 *	actions/upload-artifact	copies to artifacts/NAME
 *	upload-sarif		copies to code-scanning/CATEGORY/log.sarif
 *
 * What steps print is printed. act.json then has {conclusion, steps: [{name, outcome, exit}],
 * outputs, annotations, summary}; the exit status is 1 when the job failed.
 */
import {spawnSync} from "node:child_process";
import * as fs from "node:fs";
import {join, resolve} from "node:path";
import {data, Evaluator, Lexer, Parser} from "@actions/expressions";
import {reviver} from "@actions/expressions/data/reviver";
import {parse} from "yaml";

const root = process.cwd(), workspace = join(root, "workspace"), home = join(root, "home");
const given = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
const workflow = parse(fs.readFileSync(process.argv[2], "utf8"));
const [job] = Object.values(workflow.jobs);
const seen = {conclusion: "success", steps: [], outputs: {}, annotations: [], summary: ""};
const steps = {};
const added = {path: [], env: {}};
const after = [];

const truth = value => new data.BooleanData(value);
const own = [
	{name: "success", minArgs: 0, maxArgs: 0, call: () => truth(!failed())},
	{name: "failure", minArgs: 0, maxArgs: 0, call: () => truth(failed())},
	{name: "always", minArgs: 0, maxArgs: 0, call: () => truth(true)},
	{name: "cancelled", minArgs: 0, maxArgs: 0, call: () => truth(false)},
	{name: "hashFiles", minArgs: 1, maxArgs: 255, call: name =>
		new data.StringData(fs.existsSync(join(workspace, name.value)) ? "1" : "")},
];

const failed = () => seen.conclusion === "failure";

const contexts = () => ({
	inputs: {}, vars: {}, secrets: {}, ...given, steps, env: job.env,
	github: {workspace, ...given.github},
	runner: {os: "Linux", arch: "X64", temp: join(root, "temp"), ...given.runner},
});

function evaluate(text) {
	const known = contexts();
	const tree = new Parser(new Lexer(text).lex().tokens, Object.keys(known), own).parse();
	const functions = new Map(own.map(each => [each.name.toLowerCase(), each]));
	const values = JSON.parse(JSON.stringify(known), reviver);
	return new Evaluator(tree, values, functions).evaluate();
}

const fill = text => String(text).replace(/\$\{\{(.*?)\}\}/gs,
	(_, inside) => evaluate(inside).coerceString());
const fillAll = object => Object.fromEntries(
	Object.entries(object ?? {}).map(([key, value]) => [key, fill(value)]));

/* A condition without a status function holds only while nothing failed. */
function applies(step) {
	const text = String(step.if ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
	const asks = /\b(success|failure|always|cancelled)\(/.test(text);
	return (asks || !failed()) && evaluate(`!(${text})`).coerceString() === "false";
}

function copy(from, to) {
	fs.mkdirSync(to, {recursive: true});
	fs.cpSync(from, to, {recursive: true, dereference: false});
}

const inWorkspace = path => resolve(workspace, path.replace(/^~(?=\/)/, home));

const actions = {
	"actions/checkout": options => {
		const from = join(root, "repos", options.repository);
		const to = inWorkspace(options.path);
		spawnSync("git", ["clone", "-q", from, to], {stdio: "inherit"});
		return spawnSync("git", ["-C", to, "checkout", "-q", "--detach", options.ref || "HEAD"],
				 {stdio: "inherit"}).status;
	},
	"actions/cache": options => {
		const kept = join(root, "cache", options.key), path = inWorkspace(options.path);
		if (fs.existsSync(kept))
			copy(kept, path);
		else
			after.push(() => failed() || copy(path, kept));
		return 0;
	},
	"actions/upload-artifact": options => {
		const from = inWorkspace(options.path);
		if (fs.existsSync(from))
			copy(from, join(root, "artifacts", options.name));
		return fs.existsSync(from) || options["if-no-files-found"] !== "error" ? 0 : 1;
	},
	"github/codeql-action/upload-sarif": options => {
		const to = join(root, "code-scanning", options.category);
		fs.mkdirSync(to, {recursive: true});
		fs.copyFileSync(inWorkspace(options.sarif_file), join(to, "log.sarif"));
		return 0;
	},
};

/* NAME=VALUE, or NAME<<END with lines up to END. */
function readValues(file) {
	const lines = fs.readFileSync(file, "utf8").split("\n"), values = {};
	for (let line; (line = lines.shift()) !== undefined; ) {
		const many = /^([^=]+?)<<(.+)$/.exec(line), one = /^([^=]+)=(.*)$/.exec(line);
		if (many) {
			const end = lines.indexOf(many[2]);
			values[many[1]] = lines.splice(0, end).join("\n");
			lines.shift();
		} else if (one) {
			values[one[1]] = one[2];
		} else if (line) {
			throw new Error(`${file}: '${line}' is no value`);
		}
	}
	return values;
}

function run(step, number) {
	const file = name => join(root, "temp", `${name}-${number}`);
	for (const name of ["output", "path", "env", "summary"])
		fs.writeFileSync(file(name), "");
	fs.writeFileSync(file("script"), fill(step.run));
	const how = step.shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"];
	const {status, stdout} = spawnSync("bash", [...how, file("script")], {
		cwd: workspace, stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 26,
		env: {
			PATH: [...added.path, process.env.PATH].join(":"), HOME: home,
			CI: "true", GITHUB_ACTIONS: "true", RUNNER_OS: "Linux",
			GITHUB_WORKSPACE: workspace, RUNNER_TEMP: join(root, "temp"),
			GITHUB_OUTPUT: file("output"), GITHUB_PATH: file("path"),
			GITHUB_ENV: file("env"), GITHUB_STEP_SUMMARY: file("summary"),
			...fillAll(job.env), ...fillAll(step.env), ...added.env,
		},
	});
	process.stdout.write(stdout);
	seen.annotations.push(...stdout.toString().split("\n").filter(line => /^::/.test(line)));
	added.path.unshift(...fs.readFileSync(file("path"), "utf8").split("\n").filter(Boolean));
	Object.assign(added.env, readValues(file("env")));
	seen.summary += fs.readFileSync(file("summary"), "utf8");
	if (step.id)
		steps[step.id] = {outputs: readValues(file("output"))};
	return status;
}

function play(step, number) {
	const name = step.name ?? step.uses ?? step.run;
	if (!applies(step)) {
		seen.steps.push({name, outcome: "skipped"});
		return;
	}
	const action = step.uses && actions[step.uses.replace(/@.*/, "")];
	if (step.uses && !action)
		throw new Error(`no action ${step.uses}`);
	console.log(`--- ${name}`);
	const exit = action ? action(fillAll(step.with)) : run(step, number);
	seen.steps.push({name, outcome: exit === 0 ? "success" : "failure", exit});
	if (exit !== 0 && !step["continue-on-error"])
		seen.conclusion = "failure";
}

job.env = fillAll(job.env);
for (const folder of [workspace, home, join(root, "temp")])
	fs.mkdirSync(folder, {recursive: true});
job.steps.forEach(play);
after.forEach(call => call());
seen.outputs = Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, step.outputs]));
fs.writeFileSync("act.json", JSON.stringify(seen, null, 1));
process.exitCode = failed() ? 1 : 0;
