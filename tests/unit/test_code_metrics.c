/* test_code_metrics.c - functions, complexity, leftovers, names and duplicates of changed code */
#include "score/code_metrics.h"

#include "base/auto.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The metrics of one file; starter may be NULL. */
static void measure(const char *path, const char *starter, const char *text,
		    struct code_metrics *ret)
{
	AUTO(code_metrics_drop) struct code_meter *meter = code_metrics_begin();

	if (starter)
		code_metrics_starter(meter, path, starter, strlen(starter));
	code_metrics_add(meter, path, text, strlen(text));
	code_metrics_end(&meter, ret);
}

/* "NAME LINE+LINES cCOMPLEXITY nNESTING pPARAMETERS +-" with + for public, d for documented. */
static void check_functions(const char *path, const char *text, const char *wanted)
{
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;
	AUTO(buf_release) struct buf told = BUF_INIT(1 << 20);
	size_t i;

	measure(path, NULL, text, &metrics);
	for (i = 0; i < metrics.function_count; i++) {
		const struct code_function *f = &metrics.functions[i];

		buf_add_format(&told, "%s %u+%u c%u n%u p%u%s%s\n", f->name, f->line, f->lines,
			       f->complexity, f->nesting, f->parameters, f->is_public ? " +" : "",
			       f->documented ? " d" : "");
	}
	assert_string_equal(buf_str(&told), wanted);
}

static void test_functions_python(void **state)
{
	(void)state;
	check_functions("a.py",
			"import os\n"
			"@cache\n"
			"def first(a, b=(1, 2), *rest):\n"
			"    \"\"\"Documented.\"\"\"\n"
			"    if a and b or rest:\n"
			"        for x in [y for y in b if y]:\n"
			"            print(x)\n"
			"    elif b: pass\n"
			"\n"
			"    return (a\n"
			"+ b)\n"
			"class C:\n"
			"    async def method(self, x):\n"
			"        def inner():\n"
			"            return lambda q: q\n"
			"        try:\n"
			"            return inner\n"
			"        except E:\n"
			"            pass\n"
			"    def _hidden(self): # not a doc comment\n"
			"        return 1\n"
			"case = 1\n",
			"first 2+10 c8 n2 p3 + d\n"
			"method 13+7 c2 n1 p1 +\n"
			"inner 14+2 c1 n0 p0\n"
			"_hidden 20+2 c1 n0 p0\n");
}

static void test_functions_script(void **state)
{
	static const char text[] =
		"import x from 'y'\n"
		"// Documented.\n"
		"export async function first(a, {b, c}) {\n"
		"  if (a && b || c) { while (a) { a-- } }\n"
		"  return a ? b : c ?? {x: 1};\n"
		"}\n"
		"const second = async (a, b) => {\n"
		"  items.forEach(item => { if (item) go(item) })\n"
		"}\n"
		"const third = a => { return a?.b }\n"
		"class C {\n"
		"  method(x) { switch (x) { case 1: case 2: break; } }\n"
		"}\n"
		"const four = function () { }\n";

	(void)state;
	check_functions("a.js", text,
			"first 3+4 c7 n2 p2 + d\n"
			"second 7+3 c1 n0 p2 +\n"
			" 8+1 c2 n0 p1\n"
			"third 10+1 c1 n0 p1 +\n"
			"method 12+1 c3 n1 p1 +\n"
			"four 14+1 c1 n0 p0 +\n");
	check_functions("a.ts",
			"export class A<T> {\n"
			"  private async go(p: Point<number>, q?: T): Promise<void> {\n"
			"    return p ? q : null;\n"
			"  }\n"
			"}\n",
			"go 2+3 c2 n0 p2\n");
}

static void test_functions_c(void **state)
{
	(void)state;
	check_functions("a.c",
			"#include <stdio.h>\n"
			"#define X(a) do { if (a) { \\\n"
			"\t} while (0)\n"
			"struct s { int x; };\n"
			"\n"
			"/* Documented. */\n"
			"int first(const char *a, int (*f)(int, int))\n"
			"{\n"
			"\tstruct s v = { 1 };\n"
			"\tLIST_FOREACH(x, y) {\n"
			"\t\tif (a && f)\n"
			"\t\t\treturn 1 ? 2 : 3;\n"
			"\t}\n"
			"}\n"
			"static void\n"
			"second(void)\n"
			"{\n"
			"}\n"
			"int declared(int);\n",
			"first 7+8 c4 n1 p2 + d\n"
			"second 15+4 c1 n0 p0\n");
	check_functions("a.cpp",
			"template <typename T>\n"
			"bool A::less(const T &&x) const noexcept\n"
			"{\n"
			"\tauto f = [&](auto &&v) { return v and x; };\n"
			"\ttry { f(1); } catch (...) { }\n"
			"\treturn true;\n"
			"}\n",
			"less 1+7 c3 n1 p1 +\n");
	check_functions("A.java",
			"class A {\n"
			"\t/** Documented. */\n"
			"\t@Override\n"
			"\tpublic <T> String first(int a, List<T> b) throws E {\n"
			"\t\tfor (T t : b) { if (t == null) { continue; } }\n"
			"\t\treturn new Object() { public String toString() { return a; } };\n"
			"\t}\n"
			"\tA(int x) { }\n"
			"\trecord P(int x) { }\n"
			"}\n",
			"first 3+5 c3 n2 p2 + d\n"
			"A 8+1 c1 n0 p1\n");
}

/* What only looks like a way through. */
static void test_functions_ways(void **state)
{
	(void)state;
	check_functions("a.rs",
			"fn first(x: Option<u8>) -> u8 {\n"
			"    spawn(move || work()); x.unwrap_or_else(|| 3);\n"
			"    let f = || 1; f() || g\n"
			"}\n",
			"first 1+4 c2 n0 p1\n");
	check_functions("a.cpp",
			"int first(P *p) {\n"
			"\tif (p != nullptr && p->ok == true && p) return 1;\n"
			"\tauto&& a = f(); P&& b = g();\n"
			"}\n",
			"first 1+4 c4 n0 p1 +\n");
	check_functions("A.java",
			"class A { public int first(List<? super T> a) {\n"
			"\tList<? extends T> b; Map<?, ? super T> c;\n"
			"\treturn x ? super.y() : z ? 1 : 2;\n"
			"} }\n",
			"first 1+4 c3 n0 p1 +\n");
	check_functions("a.py",
			"def first(line):\n"
			"    match = re.match(line)\n"
			"    case = match.group()\n"
			"    match case:\n"
			"        case 1: return match\n",
			"first 1+5 c2 n2 p1 +\n");
	check_functions("a.ts",
			"// Documented.\n"
			"export const first = async <T>(a: T, b?: P<T>): Promise<T> => {\n"
			"  return b ? a : b;\n"
			"};\n",
			"first 2+3 c2 n0 p2 + d\n");
	check_functions("a.sh",
			"first() {\n"
			"\tgit for-each-ref --if-exists ./case.sh $((1 << n))\n"
			"}\n"
			"second() { dd if=x; }\n",
			"first 1+3 c1 n0 p0 +\n"
			"second 4+1 c1 n0 p0 +\n");
}

static void test_functions_words(void **state)
{
	(void)state;
	check_functions("a.go",
			"package a\n"
			"\n"
			"var f func(int) int\n"
			"// First is documented.\n"
			"func (s *S) First(a int, b interface{}) (int, error) {\n"
			"\tfor i := range s.items {\n"
			"\t\tif i > 1 || a == 2 {\n"
			"\t\t\treturn P{1, 2}.x, nil\n"
			"\t\t}\n"
			"\t}\n"
			"\tgo func() { done() }()\n"
			"}\n"
			"func second() interface{} { return nil }\n",
			"First 5+8 c4 n2 p2 + d\n"
			" 11+1 c1 n0 p0\n"
			"second 13+1 c1 n0 p0\n");
	check_functions("a.rs",
			"/// Documented.\n"
			"#[inline]\n"
			"pub fn first<'a, T: Fn(i32) -> u>(x: &'a str, f: fn(i32) -> u) -> P {\n"
			"    match x { \"a\" => 1, \"b\" if y => 2, _ => { loop {} } };\n"
			"    P { x: f(1)? }\n"
			"}\n"
			"trait T { fn declared(&self); }\n"
			"impl T for P { fn method(&self, a: u8) { if a { } } }\n",
			"first 2+5 c5 n3 p2 + d\n"
			"method 8+1 c2 n1 p1\n");
	check_functions("a.sh",
			"#!/bin/bash\n"
			"first() {\n"
			"\tif [[ $1 && ${x#y} ]]; then\n"
			"\t\twhile read -r l; do echo $(( 1 + 2 )); done\n"
			"\tfi\n"
			"}\n"
			"function second {\n"
			"\tcase $1 in a) ;; b) ;; esac\n"
			"}\n",
			"first 2+5 c4 n2 p0 +\n"
			"second 7+3 c3 n1 p0 +\n");
}

/* --- changed code */

static void test_changed(void **state)
{
	static const char starter[] = "def a():\n    return 1\n\ndef b():\n    return 2\n";
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;

	(void)state;
	/* b moved up and indented anew, a comment, one line that is new */
	measure("x.py", starter,
		"def b():\n  return 2\ndef a():\n    # why\n    x = 3  # how\n    return 1\n",
		&metrics);
	assert_int_equal(metrics.file_count, 1);
	assert_int_equal(metrics.total.lines, 6);
	assert_int_equal(metrics.total.changed_lines, 2);
	assert_int_equal(metrics.total.code_lines, 1);
	assert_int_equal(metrics.total.comment_lines, 1);
	assert_int_equal(metrics.function_count, 2);
	assert_int_equal(metrics.total.functions, 1);
	assert_false(metrics.functions[0].changed);
	assert_true(metrics.functions[1].changed);
	assert_string_equal(metrics.functions[1].name, "a");
}

static void test_unchanged(void **state)
{
	static const char text[] = "// TODO\nint f(void)\n{\n\tif (x) {\n\t}\n}\n";
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;

	(void)state;
	measure("x.c", text, text, &metrics);
	assert_int_equal(metrics.total.changed_lines, 0);
	assert_int_equal(metrics.total.functions + metrics.total.leftovers, 0);
	assert_int_equal(metrics.function_count, 1);
}

static void check_findings(const char *path, const char *text, const char *wanted)
{
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;
	AUTO(buf_release) struct buf told = BUF_INIT(1 << 20);
	size_t i;

	measure(path, NULL, text, &metrics);
	for (i = 0; i < metrics.finding_count; i++)
		buf_add_format(&told, "%s %u+%u;",
			       code_metrics_fault_name(metrics.findings[i].fault),
			       metrics.findings[i].line, metrics.findings[i].lines);
	assert_string_equal(buf_str(&told), wanted);
}

static void test_leftovers(void **state)
{
	(void)state;
	check_findings("a.py",
		       "# TODO later\n# x = compute(y)\n# if x > 3 :\n# y.z = 4\na = 1  # b = 2\n"
		       "# if needed: see below\n# for example: a list\n# the value = 3\n"
		       "# autodoc, NOTODO\nprint(\"debug\", x)\nprint(f'>>> {x}')\nprint(x)\n"
		       "breakpoint()\nprint('done')\npdb.set_trace()\nbreakpoint = 1\n",
		       "todo 1+1;commented_code 2+3;debug_print 10+1;debug_print 11+1;"
		       "debug_print 13+1;debug_print 15+1;");
	check_findings("a.js",
		       "// const x = f(y);\n// if (x) {\n// then the value is x;\n/// x = 1;\n"
		       "/* x = 1; */\nconsole.log('here')\nconsole.log(x)\nconsole.debug(x)\n"
		       "debugger\n// FIXME: no\n",
		       "commented_code 1+2;debug_print 6+1;debug_print 8+1;debug_print 9+1;"
		       "todo 10+1;");
	check_findings("a.cpp", "std::cerr << \"DEBUG \" << x;\nfprintf(stderr, \"xxx\");\n",
		       "debug_print 1+1;debug_print 2+1;");
	check_findings("b.py", "print('Here is your bill')\nprint('here %d', x)\n"
		       "print(\"debugger attached\")\nprint('DEBUG: x')\n",
		       "debug_print 2+1;debug_print 4+1;");
	check_findings("a.rs", "dbg!(x);\nlet dbg = 1;\nprintln!(\"here {}\", x);\n",
		       "debug_print 1+1;debug_print 3+1;");
}

static void test_duplicates(void **state)
{
	static const char block[] = "\ta = one(b, c);\n\tif (a)\n\t\tb = two(a, c);\n\tc = a + b;\n"
				    "\td = c * a;\n\te = d / b;\n\tuse(e);\n";
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;
	AUTO_FREE char *text = buf_format("void f(void)\n{\n%s}\nvoid g(void)\n{\n%s}\n", block,
					  block);
	AUTO_FREE char *rows = buf_format("int t[] = {\n%s%s%s%s};\n", "1, 2, 3, 4, 5, 6,\n",
					  "1, 2, 3, 4, 5, 6,\n", "1, 2, 3, 4, 5, 6,\n",
					  "1, 2, 3, 4, 5, 6,\n");

	(void)state;
	measure("x.c", NULL, text, &metrics);
	assert_int_equal(metrics.total.duplicate_lines, 9);
	assert_int_equal(metrics.finding_count, 1);
	assert_int_equal(metrics.findings[0].line, 12);
	assert_int_equal(metrics.findings[0].lines, 9);
	assert_int_equal(metrics.findings[0].other_line, 2);
	code_metrics_release(&metrics);
	measure("x.c", NULL, rows, &metrics);
	assert_int_equal(metrics.total.duplicate_lines, 0);
}

static void test_names(void **state)
{
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;

	(void)state;
	measure("x.py", NULL,
		"def my_first(q):\n    my_value = q\n    otherValue = f(key=1)\n    i = 2\n"
		"    w = 3\n    a.b = 4\n    my_value = 5\n    MAX = 6\n",
		&metrics);
	/* my_first my_value otherValue i w MAX */
	assert_int_equal(metrics.total.names, 6);
	assert_int_equal(metrics.total.short_names, 1);
	assert_int_equal(metrics.total.odd_names, 1);
	code_metrics_release(&metrics);
	measure("x.c", NULL, "int f(char *str, int w)\n{\n\tint x = w;\n\treturn x;\n}\n",
		&metrics);
	/* str w x; the function by its "(" alone is none */
	assert_int_equal(metrics.total.names, 3);
	assert_int_equal(metrics.total.short_names, 1);
}

static void test_hostile(void **state)
{
	static const char *const pieces[] = {
		"{", "f(){", "def f():\n", "if(", "function f(a){", "}", ")", "func f() {\n",
		"a=>{", "\"", "fi ", "if ", "x=y\n", "// x = 1;\n", "@\n", "print(\"here\")\n",
		"\xff", "f<", "=>{", "async def x(", "fn f<", "\n",
	};
	static const char *const paths[] = {
		"a.py", "a.js", "a.c", "A.java", "a.go", "a.rs", "a.sh",
	};
	AUTO_FREE char *text = buf_alloc(CODE_METRICS_FILE_MAX + 1);
	AUTO(code_metrics_release) struct code_metrics metrics = CODE_METRICS_INIT;
	AUTO(code_metrics_drop) struct code_meter *meter = code_metrics_begin();
	size_t i, k, at;

	(void)state;
	for (i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t len = strlen(pieces[i]);

		for (at = 0; at + len <= CODE_METRICS_FILE_MAX / 4; at += len)
			memcpy(text + at, pieces[i], len);
		for (k = 0; k < sizeof paths / sizeof *paths; k++)
			assert_true(code_metrics_add(meter, paths[k], text, at));
	}
	assert_true(code_metrics_add(meter, "nul.c", "a\0b {\0", 6));
	assert_true(code_metrics_add(meter, "empty.c", "", 0));
	assert_false(code_metrics_add(meter, "large.c", text, CODE_METRICS_FILE_MAX + 1));
	assert_false(code_metrics_add(meter, "README", "x", 1));
	code_metrics_end(&meter, &metrics);
	assert_int_equal(metrics.left_out, 1);
	assert_int_equal(metrics.function_count, CODE_METRICS_FUNCTIONS);
	assert_int_equal(metrics.finding_count, CODE_METRICS_FINDINGS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "functions of python are found", test_functions_python, NULL, NULL, NULL },
		{ "functions of javascript are found", test_functions_script, NULL, NULL, NULL },
		{ "functions of C, C++ and Java are found", test_functions_c, NULL, NULL, NULL },
		{ "what only looks like a way through is none", test_functions_ways, NULL, NULL,
		  NULL },
		{ "functions of Go, Rust and bash are found", test_functions_words, NULL, NULL,
		  NULL },
		{ "only lines that are new are changed", test_changed, NULL, NULL, NULL },
		{ "the starter itself has no changed code", test_unchanged, NULL, NULL, NULL },
		{ "leftovers are told where they are plain", test_leftovers, NULL, NULL, NULL },
		{ "code that stands twice is told, tables are not", test_duplicates, NULL, NULL,
		  NULL },
		{ "names given are counted once, with their style", test_names, NULL, NULL, NULL },
		{ "hostile text is measured within bounds", test_hostile, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests_name("code_metrics", tests, NULL, NULL);
}
