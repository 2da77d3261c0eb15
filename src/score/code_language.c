/* code_language.c - see code_language.h */
#include "score/code_language.h"

#include <string.h>

#define K CODE_WORD_KEYWORD

static const struct code_language_word python_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "elif", CODE_WORD_BRANCH }, { "except", CODE_WORD_BRANCH },
	{ "case", CODE_WORD_BRANCH }, { "for", CODE_WORD_LOOP }, { "while", CODE_WORD_LOOP },
	{ "and", CODE_WORD_LOGIC }, { "or", CODE_WORD_LOGIC }, { "def", CODE_WORD_FUNCTION },
	{ "lambda", K }, { "class", CODE_WORD_TYPE }, { "False", K },
	{ "None", K }, { "True", K }, { "as", K }, { "assert", K }, { "async", K }, { "await", K },
	{ "break", K }, { "continue", K }, { "del", K }, { "else", K }, { "finally", K },
	{ "from", K }, { "global", K }, { "import", K }, { "in", K }, { "is", K }, { "match", K },
	{ "nonlocal", K }, { "not", K }, { "pass", K }, { "raise", K }, { "return", K },
	{ "try", K }, { "with", K }, { "yield", K }, { 0 }
};

static const struct code_language_word javascript_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "case", CODE_WORD_BRANCH }, { "catch", CODE_WORD_BRANCH },
	{ "for", CODE_WORD_LOOP }, { "while", CODE_WORD_LOOP }, { "function", CODE_WORD_FUNCTION },
	{ "class", CODE_WORD_TYPE }, { "export", CODE_WORD_PUBLIC }, { "async", K }, { "await", K },
	{ "break", K }, { "const", K }, { "continue", K }, { "debugger", K }, { "default", K },
	{ "delete", K }, { "do", K }, { "else", K }, { "extends", K }, { "false", K },
	{ "finally", K }, { "from", K }, { "import", K }, { "in", K }, { "instanceof", K },
	{ "let", K }, { "new", K }, { "null", K }, { "of", K }, { "return", K }, { "static", K },
	{ "super", K }, { "switch", K }, { "this", K }, { "throw", K }, { "true", K }, { "try", K },
	{ "typeof", K }, { "undefined", K }, { "var", K }, { "void", K }, { "yield", K }, { 0 }
};

static const struct code_language_word typescript_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "case", CODE_WORD_BRANCH }, { "catch", CODE_WORD_BRANCH },
	{ "for", CODE_WORD_LOOP }, { "while", CODE_WORD_LOOP }, { "function", CODE_WORD_FUNCTION },
	{ "class", CODE_WORD_TYPE }, { "enum", CODE_WORD_TYPE }, { "interface", CODE_WORD_TYPE },
	{ "namespace", CODE_WORD_TYPE }, { "export", CODE_WORD_PUBLIC },
	{ "public", CODE_WORD_PUBLIC }, { "private", CODE_WORD_HIDDEN },
	{ "protected", CODE_WORD_HIDDEN }, { "abstract", K }, { "any", K }, { "as", K },
	{ "async", K }, { "await", K }, { "boolean", K }, { "break", K }, { "const", K },
	{ "continue", K }, { "debugger", K }, { "declare", K }, { "default", K }, { "delete", K },
	{ "do", K }, { "else", K }, { "extends", K }, { "false", K }, { "finally", K },
	{ "from", K }, { "implements", K }, { "import", K }, { "in", K }, { "instanceof", K },
	{ "keyof", K }, { "let", K }, { "never", K }, { "new", K }, { "null", K }, { "number", K },
	{ "of", K }, { "readonly", K }, { "return", K }, { "static", K }, { "string", K },
	{ "super", K }, { "switch", K }, { "this", K }, { "throw", K }, { "true", K }, { "try", K },
	{ "type", K }, { "typeof", K }, { "undefined", K }, { "unknown", K }, { "var", K },
	{ "void", K }, { "yield", K }, { 0 }
};

static const struct code_language_word c_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "case", CODE_WORD_BRANCH }, { "for", CODE_WORD_LOOP },
	{ "while", CODE_WORD_LOOP }, { "enum", CODE_WORD_TYPE }, { "struct", CODE_WORD_TYPE },
	{ "union", CODE_WORD_TYPE }, { "static", CODE_WORD_HIDDEN }, { "_Alignas", K },
	{ "_Alignof", K }, { "_Atomic", K }, { "_Bool", K }, { "_Generic", K }, { "_Noreturn", K },
	{ "_Static_assert", K }, { "_Thread_local", K }, { "auto", K }, { "bool", K },
	{ "break", K }, { "char", K }, { "const", K }, { "continue", K }, { "default", K },
	{ "do", K }, { "double", K }, { "else", K }, { "extern", K }, { "false", K },
	{ "float", K }, { "goto", K }, { "inline", K }, { "int", K }, { "long", K },
	{ "register", K }, { "restrict", K }, { "return", K }, { "short", K }, { "signed", K },
	{ "sizeof", K }, { "switch", K }, { "true", K }, { "typedef", K }, { "typeof", K },
	{ "unsigned", K }, { "void", K }, { "volatile", K }, { 0 }
};

static const struct code_language_word cpp_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "case", CODE_WORD_BRANCH }, { "catch", CODE_WORD_BRANCH },
	{ "for", CODE_WORD_LOOP }, { "while", CODE_WORD_LOOP }, { "and", CODE_WORD_LOGIC },
	{ "or", CODE_WORD_LOGIC }, { "class", CODE_WORD_TYPE }, { "enum", CODE_WORD_TYPE },
	{ "namespace", CODE_WORD_TYPE }, { "struct", CODE_WORD_TYPE }, { "union", CODE_WORD_TYPE },
	{ "public", CODE_WORD_PUBLIC }, { "private", CODE_WORD_HIDDEN },
	{ "protected", CODE_WORD_HIDDEN }, { "static", CODE_WORD_HIDDEN }, { "alignas", K },
	{ "alignof", K }, { "auto", K }, { "bool", K }, { "break", K }, { "char", K },
	{ "char16_t", K }, { "char32_t", K }, { "char8_t", K }, { "co_await", K },
	{ "co_return", K }, { "co_yield", K }, { "concept", K }, { "const", K },
	{ "const_cast", K }, { "consteval", K }, { "constexpr", K }, { "constinit", K },
	{ "continue", K }, { "decltype", K }, { "default", K }, { "delete", K }, { "do", K },
	{ "double", K }, { "dynamic_cast", K }, { "else", K }, { "explicit", K }, { "export", K },
	{ "extern", K }, { "false", K }, { "float", K }, { "friend", K }, { "goto", K },
	{ "inline", K }, { "int", K }, { "long", K }, { "mutable", K }, { "new", K },
	{ "noexcept", K }, { "not", K }, { "nullptr", K }, { "operator", K }, { "override", K },
	{ "register", K }, { "reinterpret_cast", K }, { "requires", K }, { "return", K },
	{ "short", K }, { "signed", K }, { "sizeof", K }, { "static_assert", K },
	{ "static_cast", K }, { "switch", K }, { "template", K }, { "this", K },
	{ "thread_local", K }, { "throw", K }, { "true", K }, { "try", K }, { "typedef", K },
	{ "typeid", K }, { "typename", K }, { "unsigned", K }, { "using", K }, { "virtual", K },
	{ "void", K }, { "volatile", K }, { "wchar_t", K }, { 0 }
};

static const struct code_language_word java_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "case", CODE_WORD_BRANCH }, { "catch", CODE_WORD_BRANCH },
	{ "for", CODE_WORD_LOOP }, { "while", CODE_WORD_LOOP }, { "class", CODE_WORD_TYPE },
	{ "enum", CODE_WORD_TYPE }, { "interface", CODE_WORD_TYPE }, { "record", CODE_WORD_TYPE },
	{ "public", CODE_WORD_PUBLIC }, { "private", CODE_WORD_HIDDEN },
	{ "protected", CODE_WORD_HIDDEN }, { "abstract", K }, { "assert", K }, { "boolean", K },
	{ "break", K }, { "byte", K }, { "char", K }, { "const", K }, { "continue", K },
	{ "default", K }, { "do", K }, { "double", K }, { "else", K }, { "extends", K },
	{ "false", K }, { "final", K }, { "finally", K }, { "float", K }, { "goto", K },
	{ "implements", K }, { "import", K }, { "instanceof", K }, { "int", K }, { "long", K },
	{ "native", K }, { "new", K }, { "null", K }, { "package", K }, { "return", K },
	{ "sealed", K }, { "short", K }, { "static", K }, { "strictfp", K }, { "super", K },
	{ "switch", K }, { "synchronized", K }, { "this", K }, { "throw", K }, { "throws", K },
	{ "transient", K }, { "true", K }, { "try", K }, { "var", K }, { "void", K },
	{ "volatile", K }, { "yield", K }, { 0 }
};

static const struct code_language_word go_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "case", CODE_WORD_BRANCH }, { "for", CODE_WORD_LOOP },
	{ "func", CODE_WORD_FUNCTION }, { "interface", CODE_WORD_TYPE },
	{ "struct", CODE_WORD_TYPE }, { "break", K }, { "chan", K }, { "const", K },
	{ "continue", K }, { "default", K }, { "defer", K }, { "else", K }, { "fallthrough", K },
	{ "false", K }, { "go", K }, { "goto", K }, { "import", K }, { "iota", K }, { "map", K },
	{ "nil", K }, { "package", K }, { "range", K }, { "return", K }, { "select", K },
	{ "switch", K }, { "true", K }, { "type", K }, { "var", K }, { 0 }
};

static const struct code_language_word rust_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "for", CODE_WORD_LOOP }, { "loop", CODE_WORD_LOOP },
	{ "while", CODE_WORD_LOOP }, { "fn", CODE_WORD_FUNCTION }, { "enum", CODE_WORD_TYPE },
	{ "impl", CODE_WORD_TYPE }, { "mod", CODE_WORD_TYPE }, { "struct", CODE_WORD_TYPE },
	{ "trait", CODE_WORD_TYPE }, { "union", CODE_WORD_TYPE }, { "pub", CODE_WORD_PUBLIC },
	{ "Self", K }, { "as", K }, { "async", K }, { "await", K }, { "break", K }, { "const", K },
	{ "continue", K }, { "crate", K }, { "dyn", K }, { "else", K }, { "extern", K },
	{ "false", K }, { "in", K }, { "let", K }, { "match", K }, { "move", K }, { "mut", K },
	{ "ref", K }, { "return", K }, { "self", K }, { "static", K }, { "super", K },
	{ "true", K }, { "type", K }, { "unsafe", K }, { "use", K }, { "where", K }, { 0 }
};

static const struct code_language_word bash_words[] = {
	{ "if", CODE_WORD_BRANCH }, { "elif", CODE_WORD_BRANCH }, { "for", CODE_WORD_LOOP },
	{ "until", CODE_WORD_LOOP }, { "while", CODE_WORD_LOOP }, { "select", CODE_WORD_LOOP },
	{ "function", CODE_WORD_FUNCTION }, { "case", K }, { "do", K }, { "done", K },
	{ "else", K }, { "esac", K }, { "fi", K }, { "in", K }, { "then", K }, { "declare", K },
	{ "export", K }, { "local", K }, { "readonly", K }, { "return", K }, { "shift", K },
	{ "unset", K }, { 0 }
};

static const struct code_language languages[] = {
	{ .name = "python",
	  .extensions = (const char *const[]){ ".py", ".pyi", ".pyw", NULL },
	  .traits = CODE_HASH_COMMENT | CODE_TRIPLE_QUOTES | CODE_INDENT | CODE_PREFIXES,
	  .words = python_words,
	  .prints = (const char *const[]){ "print", "pprint", "sys.stdout.write", NULL },
	  .debugs = (const char *const[]){ "breakpoint", "pdb.set_trace", "ipdb.set_trace",
		NULL } },
	{ .name = "javascript",
	  .extensions = (const char *const[]){ ".js", ".mjs", ".cjs", ".jsx", NULL },
	  .traits = CODE_SLASH_COMMENT | CODE_TEMPLATE | CODE_REGEX |
		CODE_BARE_FUNCTIONS,
	  .words = javascript_words,
	  .prints = (const char *const[]){ "console.log", "console.info", NULL },
	  .debugs = (const char *const[]){ "console.debug", "console.dir", "console.table",
		"console.trace", "debugger", NULL } },
	{ .name = "typescript",
	  .extensions = (const char *const[]){ ".ts", ".tsx", ".mts", ".cts", NULL },
	  .traits = CODE_SLASH_COMMENT | CODE_TEMPLATE | CODE_REGEX |
		CODE_BARE_FUNCTIONS,
	  .words = typescript_words,
	  .prints = (const char *const[]){ "console.log", "console.info", NULL },
	  .debugs = (const char *const[]){ "console.debug", "console.dir", "console.table",
		"console.trace", "debugger", NULL } },
	{ .name = "c",
	  .extensions = (const char *const[]){ ".c", ".h", NULL },
	  .traits = CODE_SLASH_COMMENT | CODE_DIRECTIVES | CODE_PREFIXES |
		CODE_BARE_FUNCTIONS,
	  .words = c_words,
	  .prints = (const char *const[]){ "printf", "fprintf", "puts", NULL },
	  .debugs = (const char *const[]){ NULL } },
	{ .name = "c++",
	  .extensions = (const char *const[]){ ".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx",
		NULL },
	  .traits = CODE_SLASH_COMMENT | CODE_DIRECTIVES | CODE_PREFIXES | CODE_RAW_CPP |
		CODE_BARE_FUNCTIONS,
	  .words = cpp_words,
	  .prints = (const char *const[]){ "printf", "fprintf", "puts", "cout", "cerr", NULL },
	  .debugs = (const char *const[]){ NULL } },
	{ .name = "java",
	  .extensions = (const char *const[]){ ".java", NULL },
	  .traits = CODE_SLASH_COMMENT | CODE_TRIPLE_QUOTES |
		CODE_BARE_FUNCTIONS,
	  .words = java_words,
	  .prints = (const char *const[]){ "println", "printf", "print", NULL },
	  .debugs = (const char *const[]){ NULL } },
	{ .name = "go",
	  .extensions = (const char *const[]){ ".go", NULL },
	  .traits = CODE_SLASH_COMMENT | CODE_BACKTICK,
	  .words = go_words,
	  .prints = (const char *const[]){ "Println", "Printf", "Print", "println", "print", NULL },
	  .debugs = (const char *const[]){ "spew.Dump", NULL } },
	{ .name = "rust",
	  .extensions = (const char *const[]){ ".rs", NULL },
	  .traits = CODE_SLASH_COMMENT | CODE_NESTED_COMMENT | CODE_RUST | CODE_PREFIXES,
	  .words = rust_words,
	  .prints = (const char *const[]){ "println", "print", "eprintln", "eprint", NULL },
	  .debugs = (const char *const[]){ "dbg", NULL } },
	{ .name = "bash",
	  .extensions = (const char *const[]){ ".sh", ".bash", NULL },
	  .traits = CODE_HASH_COMMENT | CODE_SHELL |
		CODE_BARE_FUNCTIONS,
	  .words = bash_words,
	  .prints = (const char *const[]){ "echo", "printf", NULL },
	  .debugs = (const char *const[]){ NULL } },
};

#define LANGUAGES (sizeof languages / sizeof *languages)

static bool has_extension(const struct code_language *language, const char *extension)
{
	const char *const *own;

	for (own = language->extensions; *own; own++)
		if (!strcmp(*own, extension))
			return true;
	return false;
}

const struct code_language *code_language_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const char *extension = strrchr(name, '.');
	size_t i;

	if (!extension || extension == name)
		return NULL;
	for (i = 0; i < LANGUAGES; i++)
		if (has_extension(&languages[i], extension))
			return &languages[i];
	return NULL;
}

const struct code_language *code_language_find(const char *name)
{
	size_t i;

	for (i = 0; i < LANGUAGES; i++)
		if (!strcmp(languages[i].name, name))
			return &languages[i];
	return NULL;
}

const struct code_language *code_language_at(size_t index)
{
	return index < LANGUAGES ? &languages[index] : NULL;
}

enum code_word code_language_word(const struct code_language *language, const char *word,
				  size_t len)
{
	const struct code_language_word *own;

	for (own = language->words; own->word; own++)
		if (own->word[0] == word[0] && !strncmp(own->word, word, len) && !own->word[len])
			return own->is;
	return CODE_WORD_NAME;
}
