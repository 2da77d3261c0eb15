/* tex_formula.c - formulas of LaTeX as a line that everybody can read */
#include "task/tex_formula.h"

#include "base/auto.h"
#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

#define MOST_DEPTH 20
#define MOST_BYTES 2000
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

struct formula {
	const char *at, *end;
	json_t *unknown;
	int depth;
	bool failed;
};

/* --- names */

static const struct {
	const char *name, *text;
} symbols[] = {
	{ "le", "≤" }, { "leq", "≤" }, { "leqslant", "≤" }, { "ge", "≥" }, { "geq", "≥" },
	{ "geqslant", "≥" }, { "lt", "<" }, { "gt", ">" }, { "ll", "≪" }, { "gg", "≫" },
	{ "ne", "≠" }, { "neq", "≠" }, { "approx", "≈" }, { "equiv", "≡" }, { "sim", "~" },
	{ "times", "×" }, { "cdot", "·" }, { "div", "÷" }, { "pm", "±" }, { "mp", "∓" },
	{ "ast", "*" }, { "star", "⋆" }, { "oplus", "⊕" }, { "otimes", "⊗" }, { "circ", "∘" },
	{ "ldots", "…" }, { "cdots", "…" }, { "dots", "…" }, { "dotsc", "…" }, { "vdots", "⋮" },
	{ "in", "∈" }, { "notin", "∉" }, { "ni", "∋" }, { "subset", "⊂" }, { "subseteq", "⊆" },
	{ "supset", "⊃" }, { "supseteq", "⊇" }, { "cup", "∪" }, { "cap", "∩" },
	{ "setminus", "∖" }, { "emptyset", "∅" }, { "varnothing", "∅" }, { "forall", "∀" },
	{ "exists", "∃" }, { "neg", "¬" }, { "lnot", "¬" }, { "land", "∧" }, { "wedge", "∧" },
	{ "lor", "∨" }, { "vee", "∨" }, { "to", "→" }, { "rightarrow", "→" },
	{ "longrightarrow", "→" }, { "leftarrow", "←" }, { "gets", "←" }, { "mapsto", "↦" },
	{ "Rightarrow", "⇒" }, { "implies", "⇒" }, { "Leftarrow", "⇐" }, { "iff", "⇔" },
	{ "leftrightarrow", "↔" }, { "Leftrightarrow", "⇔" }, { "sum", "∑" }, { "prod", "∏" },
	{ "int", "∫" }, { "infty", "∞" }, { "partial", "∂" }, { "nabla", "∇" }, { "mid", "|" },
	{ "vert", "|" }, { "lvert", "|" }, { "rvert", "|" }, { "Vert", "‖" }, { "nmid", "∤" },
	{ "lfloor", "⌊" }, { "rfloor", "⌋" }, { "lceil", "⌈" }, { "rceil", "⌉" },
	{ "langle", "⟨" }, { "rangle", "⟩" }, { "lbrace", "{" }, { "rbrace", "}" },
	{ "prime", "′" }, { "degree", "°" }, { "angle", "∠" }, { "perp", "⊥" },
	{ "parallel", "∥" }, { "ell", "ℓ" }, { "hbar", "ħ" }, { "Re", "ℜ" }, { "Im", "ℑ" },
	{ "alpha", "α" }, { "beta", "β" }, { "gamma", "γ" }, { "delta", "δ" },
	{ "epsilon", "ε" }, { "varepsilon", "ε" }, { "zeta", "ζ" }, { "eta", "η" },
	{ "theta", "θ" }, { "vartheta", "ϑ" }, { "iota", "ι" }, { "kappa", "κ" },
	{ "lambda", "λ" }, { "mu", "μ" }, { "nu", "ν" }, { "xi", "ξ" }, { "pi", "π" },
	{ "rho", "ρ" }, { "sigma", "σ" }, { "tau", "τ" }, { "upsilon", "υ" }, { "phi", "φ" },
	{ "varphi", "φ" }, { "chi", "χ" }, { "psi", "ψ" }, { "omega", "ω" }, { "Gamma", "Γ" },
	{ "Delta", "Δ" }, { "Theta", "Θ" }, { "Lambda", "Λ" }, { "Xi", "Ξ" }, { "Pi", "Π" },
	{ "Sigma", "Σ" }, { "Upsilon", "Υ" }, { "Phi", "Φ" }, { "Psi", "Ψ" }, { "Omega", "Ω" },
	{ "max", "max" }, { "min", "min" }, { "log", "log" }, { "ln", "ln" }, { "lg", "lg" },
	{ "exp", "exp" }, { "sin", "sin" }, { "cos", "cos" }, { "tan", "tan" }, { "gcd", "gcd" },
	{ "lcm", "lcm" }, { "deg", "deg" }, { "det", "det" }, { "dim", "dim" }, { "lim", "lim" },
	{ "arg", "arg" }, { "Pr", "Pr" }, { "bmod", " mod " }, { "mod", " mod " },
	{ "left", "" }, { "right", "" }, { "big", "" }, { "Big", "" }, { "bigl", "" },
	{ "bigr", "" }, { "Bigl", "" }, { "Bigr", "" }, { "limits", "" }, { "displaystyle", "" },
	{ "textstyle", "" }, { "quad", " " }, { "qquad", " " }, { "colon", ":" },
};

/* What is in their braces stays as it is. */
static const char *const plain[] = {
	"text", "mathrm", "mathit", "mathbf", "mathtt", "mathsf", "mathcal", "texttt", "textbf",
	"textit", "textrm", "emph", "mbox", "operatorname", "mathop", "mathbb", "boldsymbol",
	"overline", "underline", "t",
};

static const char *const raised[][2] = {
	{ "0", "⁰" }, { "1", "¹" }, { "2", "²" }, { "3", "³" }, { "4", "⁴" }, { "5", "⁵" },
	{ "6", "⁶" }, { "7", "⁷" }, { "8", "⁸" }, { "9", "⁹" }, { "+", "⁺" }, { "-", "⁻" },
	{ "=", "⁼" }, { "(", "⁽" }, { ")", "⁾" }, { "n", "ⁿ" }, { "i", "ⁱ" }, { "k", "ᵏ" },
	{ "m", "ᵐ" }, { "j", "ʲ" }, { "x", "ˣ" }, { "′", "′" }, { "∘", "°" },
};

static const char *const lowered[][2] = {
	{ "0", "₀" }, { "1", "₁" }, { "2", "₂" }, { "3", "₃" }, { "4", "₄" }, { "5", "₅" },
	{ "6", "₆" }, { "7", "₇" }, { "8", "₈" }, { "9", "₉" }, { "+", "₊" }, { "-", "₋" },
	{ "=", "₌" }, { "(", "₍" }, { ")", "₎" }, { "a", "ₐ" }, { "e", "ₑ" }, { "h", "ₕ" },
	{ "i", "ᵢ" }, { "j", "ⱼ" }, { "k", "ₖ" }, { "l", "ₗ" }, { "m", "ₘ" }, { "n", "ₙ" },
	{ "o", "ₒ" }, { "p", "ₚ" }, { "r", "ᵣ" }, { "s", "ₛ" }, { "t", "ₜ" }, { "u", "ᵤ" },
	{ "v", "ᵥ" }, { "x", "ₓ" },
};

/* --- parts */

static void read_all(struct formula *f, char until, struct buf *out);
static void read_one(struct formula *f, struct buf *out);

static void skip_space(struct formula *f)
{
	while (f->at < f->end && isspace((unsigned char)*f->at))
		f->at++;
}

/* What is in the braces that follow, or the one thing that does. */
static void read_argument(struct formula *f, struct buf *out)
{
	skip_space(f);
	if (f->at >= f->end || ++f->depth > MOST_DEPTH) {
		f->failed = true;
		return;
	}
	if (*f->at == '{' && strncmp(f->at, "{{", 2) != 0) {
		f->at++;
		read_all(f, '}', out);
	} else {
		read_one(f, out);
	}
	f->depth--;
}

/* The braces that follow as they stand. */
static void read_plain(struct formula *f, struct buf *out)
{
	const char *stop;

	skip_space(f);
	if (f->at >= f->end || *f->at != '{') {
		read_argument(f, out);
		return;
	}
	stop = memchr(f->at, '}', (size_t)(f->end - f->at));
	if (!stop || memchr(f->at, '\\', (size_t)(stop - f->at)) ||
	    memchr(f->at + 1, '{', (size_t)(stop - f->at - 1))) {
		read_argument(f, out);
		return;
	}
	buf_add(out, f->at + 1, (size_t)(stop - f->at - 1));
	f->at = stop + 1;
}

/* One character, a number or a name: it needs no brackets. */
static bool is_atom(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]))
			return utf8_char(text, len) == len;
	return len > 0;
}

static void add_bracketed(struct buf *out, const char *text)
{
	buf_add_format(out, is_atom(text) ? "%s" : "(%s)", text);
}

static const char *other_form(const char *const (*forms)[2], size_t count, const char *at,
			      size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(forms[i][0]) == len && !memcmp(forms[i][0], at, len))
			return forms[i][1];
	return NULL;
}

/* Writes all of it in the other form, or nothing. */
static bool add_form(struct buf *out, const char *const (*forms)[2], size_t count,
		     const char *text)
{
	AUTO(buf_release) struct buf made = BUF_INIT(4 * MOST_BYTES);

	for (size_t len; *text; text += len) {
		const char *form;

		len = utf8_char(text, strlen(text));
		form = len ? other_form(forms, count, text, len) : NULL;
		if (!form)
			return false;
		buf_add_str(&made, form);
	}
	return made.len && buf_add(out, made.data, made.len);
}

static void add_script(struct formula *f, bool up, struct buf *out)
{
	AUTO(buf_release) struct buf text = BUF_INIT(4 * MOST_BYTES);

	read_argument(f, &text);
	if (up ? add_form(out, raised, COUNT(raised), buf_str(&text))
	       : add_form(out, lowered, COUNT(lowered), buf_str(&text)))
		return;
	buf_add_byte(out, up ? '^' : '_');
	add_bracketed(out, buf_str(&text));
}

static void add_fraction(struct formula *f, struct buf *out)
{
	AUTO(buf_release) struct buf above = BUF_INIT(4 * MOST_BYTES);
	AUTO(buf_release) struct buf below = BUF_INIT(4 * MOST_BYTES);

	read_argument(f, &above);
	read_argument(f, &below);
	add_bracketed(out, buf_str(&above));
	buf_add_byte(out, '/');
	add_bracketed(out, buf_str(&below));
}

static void add_around(struct formula *f, const char *before, bool always, struct buf *out)
{
	AUTO(buf_release) struct buf text = BUF_INIT(4 * MOST_BYTES);

	read_argument(f, &text);
	buf_add_str(out, before);
	if (always)
		buf_add_format(out, "%s)", buf_str(&text));
	else
		add_bracketed(out, buf_str(&text));
}

/* --- commands */

static bool is(const char *name, size_t len, const char *wanted)
{
	return strlen(wanted) == len && !memcmp(name, wanted, len);
}

static bool add_symbol(const char *name, size_t len, struct buf *out)
{
	for (size_t i = 0; i < COUNT(symbols); i++) {
		if (is(name, len, symbols[i].name)) {
			buf_add_str(out, symbols[i].text);
			return true;
		}
	}
	return false;
}

static bool is_plain(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(plain); i++)
		if (is(name, len, plain[i]))
			return true;
	return false;
}

/* A root has its degree in brackets: only the square one is known. */
static void add_named(struct formula *f, const char *name, size_t len, struct buf *out)
{
	AUTO_FREE char *key = NULL;

	if (add_symbol(name, len, out))
		return;
	if (is(name, len, "frac") || is(name, len, "dfrac") || is(name, len, "tfrac")) {
		add_fraction(f, out);
	} else if (is(name, len, "sqrt") && f->at < f->end && *f->at != '[') {
		add_around(f, "√", false, out);
	} else if (is(name, len, "pmod")) {
		add_around(f, " (mod ", true, out);
	} else if (is(name, len, "constant")) {
		buf_add_str(out, "{{");
		read_plain(f, out);
		buf_add_str(out, "}}");
	} else if (is_plain(name, len)) {
		read_plain(f, out);
	} else {
		key = buf_format("%.*s", (int)len, name);
		json_object_set_new(f->unknown, key, json_true());
		f->failed = true;
	}
}

/* After the backslash. */
static void read_command(struct formula *f, struct buf *out)
{
	const char *name = f->at;

	while (f->at < f->end && isalpha((unsigned char)*f->at))
		f->at++;
	if (f->at > name) {
		add_named(f, name, (size_t)(f->at - name), out);
		return;
	}
	if (f->at >= f->end) {
		f->failed = true;
		return;
	}
	if (strchr(",;: \\>", *f->at))
		buf_add_byte(out, ' ');
	else if (*f->at == '|')
		buf_add_str(out, "‖");
	else if (*f->at != '!')
		buf_add_byte(out, *f->at);
	f->at++;
}

/* "{{name}}" is a constant of the package, put in later. */
static bool read_constant(struct formula *f, struct buf *out)
{
	const char *stop = strncmp(f->at, "{{", 2) ? NULL : strstr(f->at, "}}");

	if (!stop || stop >= f->end || memchr(f->at + 2, '{', (size_t)(stop - f->at - 2)))
		return false;
	buf_add(out, f->at, (size_t)(stop + 2 - f->at));
	f->at = stop + 2;
	return true;
}

static void read_one(struct formula *f, struct buf *out)
{
	char c = *f->at;

	if (read_constant(f, out))
		return;
	f->at++;
	if (c == '\\') {
		read_command(f, out);
	} else if (c == '{') {
		f->at--;
		read_argument(f, out);
	} else if (c == '^' || c == '_') {
		add_script(f, c == '^', out);
	} else if (c == '\'') {
		buf_add_str(out, "′");
	} else if (c == '~' || isspace((unsigned char)c)) {
		skip_space(f);
		if (out->len && out->data[out->len - 1] != ' ')
			buf_add_byte(out, ' ');
	} else if (c == '&' || c == '}') {
		f->failed = true;
	} else {
		buf_add_byte(out, c);
	}
}

/* To the end, or past `until`. */
static void read_all(struct formula *f, char until, struct buf *out)
{
	while (f->at < f->end && !f->failed) {
		if (until && *f->at == until) {
			f->at++;
			return;
		}
		read_one(f, out);
	}
	f->failed |= until != '\0';
}

/* --- Markdown */

/* Constants keep their names. */
static void add_escaped(struct buf *out, const char *text)
{
	bool constant = false;

	for (; *text; text++) {
		if (!strncmp(text, "{{", 2))
			constant = true;
		else if (!strncmp(text, "}}", 2))
			constant = false;
		if (!constant && strchr("\\`*_<[]#~", *text))
			buf_add_byte(out, '\\');
		buf_add_byte(out, *text);
	}
}

bool tex_formula(const char *text, size_t len, json_t *unknown, struct buf *out)
{
	AUTO(buf_release) struct buf made = BUF_INIT(4 * MOST_BYTES);
	struct formula f = { .at = text, .end = text + len, .unknown = unknown };

	if (len > MOST_BYTES)
		return false;
	read_all(&f, '\0', &made);
	while (made.len && made.data[made.len - 1] == ' ')
		made.data[--made.len] = '\0';
	if (f.failed || made.full || !made.len)
		return false;
	add_escaped(out, buf_str(&made) + strspn(buf_str(&made), " "));
	return true;
}

/* As pandoc has it: no blank after the first sign nor before the last, no digit after that. */
size_t tex_formula_at(const char *text, const char **ret_inner, size_t *ret_len)
{
	size_t marks = text[1] == '$' ? 2 : 1;
	const char *at = text + marks;

	if (marks == 1 && (!*at || isspace((unsigned char)*at)))
		return 0;
	for (; *at && at - text < MOST_BYTES + 4; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (!strncmp(at, "\n\n", 2))
			return 0;
		else if (!strncmp(at, "$$", marks))
			break;
	}
	if (*at != '$' || (marks == 1 && (isspace((unsigned char)at[-1]) ||
					  isdigit((unsigned char)at[1]))))
		return 0;
	*ret_inner = text + marks;
	*ret_len = (size_t)(at - text) - marks;
	return *ret_len ? (size_t)(at - text) + marks : 0;
}

/* Length of the code that begins at `text`: between equal numbers of backquotes; 0: none. */
static size_t code_at(const char *text)
{
	size_t marks = strspn(text, "`"), run;
	const char *at = text + marks;

	for (; marks && *at; at += run ? run : 1) {
		run = strspn(at, "`");
		if (run == marks)
			return (size_t)(at - text) + marks;
	}
	return marks;
}

void tex_formula_markdown(const char *text, json_t *unknown, struct buf *out)
{
	const char *inner = NULL;
	size_t len, inner_len = 0;

	for (; *text; text += len) {
		len = *text == '$' ? tex_formula_at(text, &inner, &inner_len) : 0;
		if (len && tex_formula(inner, inner_len, unknown, out))
			continue;
		if (!len)
			len = *text == '`' ? code_at(text) : *text == '\\' && text[1] ? 2 : 1;
		if (!buf_add(out, text, len))
			return;
	}
}
