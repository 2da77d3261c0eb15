/* server.mjs - a store with `tali serve` on it, at a port that it comes back to when it is started again */
import { execFileSync, spawn } from "node:child_process";
import { createServer } from "node:net";
import { dirname } from "node:path";

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

/* A port that is free now. */
const freePort = () => new Promise(resolve => {
	const probe = createServer().listen(0, "127.0.0.1", () => {
		const { port } = probe.address();
		probe.close(() => resolve(port));
	});
});

export class Server {
	/* A new store in the folder; not started. */
	static async make(program, folder) {
		const server = new Server();
		Object.assign(server, { program, folder, log: "", port: await freePort(),
			env: { ...process.env, TALI_STORE: `${folder}/store` } });
		server.base = `http://127.0.0.1:${server.port}`;
		server.tali("init");
		server.tali("config", "set", "sandbox.allow_weak", "true");	/* where nobody may make control groups */
		return server;
	}

	tali(...args) {
		return execFileSync(this.program, args, { env: this.env, encoding: "utf8", cwd: this.folder });
	}

	/* With an offset its clock is moved. */
	async start(...offset) {
		const binary = offset.length ? `${dirname(this.program)}/tests/fake/tali-at` : this.program;
		this.process = spawn(binary, [...offset, "serve", "--listen", `127.0.0.1:${this.port}`],
			{ env: this.env, cwd: this.folder });
		this.process.stderr.on("data", text => { this.log += text; });
		for (let i = 0; i < 200; i++) {
			try {
				if ((await fetch(`${this.base}/healthz`)).ok)
					return;
			} catch { /* not yet */ }
			await pause(100);
		}
		throw new Error(`the server does not answer: ${this.log.slice(-2000)}`);
	}

	stop(signal) {
		return new Promise(resolve => {
			this.process.once("exit", resolve);
			this.process.kill(signal);
		});
	}

	invite(task, email, ...options) {
		const [, id, link, passcode] = this.tali("invite", task, email, ...options).trim().split("\t");
		return { id, path: new URL(link).pathname, passcode };
	}

	/* What the record says that a file was at its end. */
	recorded(id, file) {
		return this.tali("replay", id, "--at", "99h", "--file", file);
	}
}
