/* coderunner_kind.c - see coderunner_kind.h */
#include "task/coderunner_kind.h"

#include <stddef.h>
#include <string.h>

#define C_FLAGS "-std=c99 -Wall -D_POSIX_C_SOURCE=200809L"
#define JAVAC "javac -J-Xmx640m -J-XX:+UseSerialGC -d build "
#define JAVA "exec java -Xmx640m -XX:+UseSerialGC -cp build "

#define C_BEFORE \
	"#include <stdio.h>\n#include <stdlib.h>\n#include <ctype.h>\n#include <string.h>\n" \
	"#include <stdbool.h>\n#include <math.h>\n"
#define CPP_BEFORE \
	"#include <iostream>\n#include <fstream>\n#include <string>\n#include <cmath>\n" \
	"#include <vector>\n#include <algorithm>\nusing namespace std;\n"
#define INPUT_BEFORE \
	"__read__ = input\n\n\n" \
	"def input(prompt=''):\n" \
	"    line = __read__(prompt)\n" \
	"    print(line)\n" \
	"    return line\n\n\n"

/* Cases may look at the answer itself, whichever folder and encoding it has chosen. */
#define PYTHON_AFTER \
	"__student_answer__ = __import__(\"pathlib\").Path(__file__)" \
	".with_name(\"answer.py\").read_text(\"utf-8\", \"replace\")"

/* Whether the answer compiles is known before any test, so that it is said once. */
static const struct coderunner_kind kinds[] = {
	{ .name = "python3", .language = "python", .file = "answer.py", .suffix = "py",
	  .program = "program.py", .after = PYTHON_AFTER, .run = "exec python3 program.py" },
	{ .name = "python3_w_input", .language = "python", .file = "answer.py", .suffix = "py",
	  .program = "program.py", .before = INPUT_BEFORE, .run = "exec python3 program.py" },
	{ .name = "nodejs", .language = "javascript", .file = "answer.js", .suffix = "js",
	  .program = "program.js", .run = "exec node program.js" },
	{ .name = "c_program", .language = "c", .file = "answer.c", .suffix = "c", .whole = true,
	  .build = "exec gcc " C_FLAGS " -o program answer.c -lm", .run = "exec ./program" },
	{ .name = "c_function", .language = "c", .file = "answer.c", .suffix = "c",
	  .program = "program.c", .before = C_BEFORE, .code_before = "int main(void)\n{\n",
	  .code_after = ";\nreturn 0;\n}\n",
	  .build = "cat grader/before.c answer.c >program.c && gcc " C_FLAGS
		   " -c -o program.o program.c",
	  .run = "gcc " C_FLAGS " -o program program.c -lm && exec ./program" },
	{ .name = "cpp_program", .language = "c++", .file = "answer.cpp", .suffix = "cpp",
	  .whole = true, .build = "exec g++ -Wall -o program answer.cpp",
	  .run = "exec ./program" },
	{ .name = "cpp_function", .language = "c++", .file = "answer.cpp", .suffix = "cpp",
	  .program = "program.cpp", .before = CPP_BEFORE, .extra = true,
	  .code_before = "int main()\n{\n", .code_after = ";\nreturn 0;\n}\n",
	  .build = "cat grader/before.cpp answer.cpp >program.cpp && g++ -Wall -c -o program.o "
		   "program.cpp",
	  .run = "g++ -Wall -o program program.cpp && exec ./program" },
	{ .name = "java_method", .language = "java", .file = "answer.java", .suffix = "java",
	  .program = "Tester.java", .before = "public class Tester {\n",
	  .code_before = "public static void main(String[] args) {\nnew Tester().runTests();\n}\n"
			 "public void runTests() {\n",
	  .code_after = ";\n}\n}\n", .run = JAVAC "Tester.java && " JAVA "Tester" },
	{ .name = "java_class", .language = "java", .file = "answer.java", .suffix = "java",
	  .program = "Tester.java", .edit = "s/public class /class /g",
	  .code_before = "class Tester {\npublic static void main(String[] args) {\n",
	  .code_after = ";\n}\n}\n", .run = JAVAC "Tester.java && " JAVA "Tester" },
};

const struct coderunner_kind *coderunner_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

const char *coderunner_kind_names(void)
{
	return "python3, python3_w_input, nodejs, c_program, c_function, cpp_program, "
	       "cpp_function, java_method and java_class";
}
