// jenkins.groovy JENKINSFILE PARAMETERS - plays a declarative pipeline in the folder it is called in
//
// PARAMETERS is a JSON file: {"SUBMISSION": "...", ...}. A word that is no part of a pipeline, or not
// at that place, is an error; `sh` is a shell as Jenkins starts it. jenkins.json then has {result,
// stages, junit, archived, messages}; the exit status is 1 when the build failed.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import java.nio.file.Files
import java.nio.file.Paths

class Build {
	String result = 'SUCCESS'
	List stages = [], messages = []
	Map params = [:], env = [:], junit = null
	List archived = []
	boolean failed() { result == 'FAILURE' }
}

class Failure extends RuntimeException {
	Failure(String message) { super(message) }
}

// what may stand in a block: the methods of its class
class Block {
	Build build
	def getParams() { build.params }
	def getEnv() { build.env }
	def within(Class kind, Closure body) {
		body.delegate = kind.newInstance(build: build)
		body.resolveStrategy = Closure.DELEGATE_ONLY
		body()
	}
}

class Agent extends Block {
	void label(String name) {}
}

class Options extends Block {
	void timeout(Map of) { assert of.time > 0 && of.unit in ['MINUTES', 'HOURS'] }
	void disableConcurrentBuilds() {}
}

class Parameters extends Block {
	void string(Map of) {
		assert of.keySet() == ['name', 'defaultValue', 'description'] as Set
		build.params.putIfAbsent(of.name, of.defaultValue)
	}
}

class Environment extends Block {
	void setProperty(String name, Object value) {
		if (name == 'build')
			super.@build = value
		else
			build.env[name] = value.toString()
	}
}

class Steps extends Block {
	def sh(String script) { sh(script: script) }
	def sh(Map of) {
		def process = new ProcessBuilder('sh', '-xe', '-c', of.script)
		process.environment().putAll(build.params + build.env)
		def status = process.inheritIO().start().waitFor()
		if (status != 0 && !of.returnStatus)
			throw new Failure("script returned exit code $status")
		status
	}
	void script(Closure body) { within(Script, body) }
	void unstable(String message) {
		build.messages << message
		build.result = build.failed() ? build.result : 'UNSTABLE'
	}
	void error(String message) { throw new Failure(message) }
	void junit(Map of) {
		build.junit = of
		if (!new File(of.testResults).exists() && !of.allowEmptyResults)
			throw new Failure('no test report')
	}
	void archiveArtifacts(Map of) {
		def pattern = Paths.get(of.artifacts)
		def files = Files.isDirectory(pattern.parent) ?
			Files.newDirectoryStream(pattern.parent, pattern.fileName.toString()) : []
		def names = files.collect { it.fileName.toString() }.sort()
		if (!names && !of.allowEmptyArchive)
			throw new Failure('no artifacts')
		build.archived.addAll(names)
	}
	static class Script extends Steps {}
}

class Stage extends Block {
	void steps(Closure body) { within(Steps, body) }
}

class Stages extends Block {
	void stage(String name, Closure body) {
		if (build.failed())
			return
		build.stages << name
		try {
			within(Stage, body)
		} catch (Failure failure) {
			build.result = 'FAILURE'
			build.messages << failure.message
		}
	}
}

class Post extends Block {
	void always(Closure body) { within(Steps, body) }
}

class Pipeline extends Block {
	void agent(Closure body) { within(Agent, body) }
	void options(Closure body) { within(Options, body) }
	void parameters(Closure body) { within(Parameters, body) }
	void environment(Closure body) { within(Environment, body) }
	void stages(Closure body) { within(Stages, body) }
	void post(Closure body) { within(Post, body) }
}

def build = new Build(params: new JsonSlurper().parse(new File(args[1])),
	env: [WORKSPACE: new File('.').canonicalPath, BUILD_NUMBER: '1', JENKINS_URL: 'http://localhost/'])
def shell = new GroovyShell(new Binding(
	pipeline: { Closure body -> new Block(build: build).within(Pipeline, body) }))
shell.evaluate(new File(args[0]))
new File('jenkins.json').text = JsonOutput.toJson([result: build.result, stages: build.stages,
	junit: build.junit, archived: build.archived, messages: build.messages])
System.exit(build.failed() ? 1 : 0)
