/* test_tex_formula.c - formulas of LaTeX as a line that everybody can read */
#include "task/tex_formula.h"

#include "base/auto.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *text, const char *wanted)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 20);
	AUTO_JSON json_t *unknown = json_object();

	assert_true(tex_formula(text, strlen(text), unknown, &out));
	assert_string_equal(buf_str(&out), wanted);
	assert_int_equal(json_object_size(unknown), 0);
}

static void markdown(const char *text, const char *wanted)
{
	AUTO(buf_release) struct buf out = BUF_INIT(1 << 20);
	AUTO_JSON json_t *unknown = json_object();

	tex_formula_markdown(text, unknown, &out);
	assert_string_equal(buf_str(&out), wanted);
}

static void limits_are_read_as_they_are_said(void **state)
{
	(void)state;
	check("10^{-6}", "10⁻⁶");
	check("1 \\le n \\leq 2\\cdot 10^5", "1 ≤ n ≤ 2· 10⁵");
	check("x_i \\ne a_{n-1}", "xᵢ ≠ aₙ₋₁");
	check("1\\,000 \\times 10^{18}", "1 000 × 10¹⁸");
	check("\\left\\lfloor\\frac{a+b}{2}\\right\\rfloor", "⌊(a+b)/2⌋");
	check("O(n \\log n)", "O(n log n)");
	check("\\sum_{i=1}^n a_i \\pmod{m}", "∑ᵢ₌₁ⁿ aᵢ  (mod m)");
	check("\\sqrt{2} \\sqrt{a b}", "√2 √(a b)");
	check("\\{1, \\dots, n\\}", "{1, …, n}");
}

static void what_cannot_be_raised_or_lowered_is_written(void **state)
{
	(void)state;
	check("2^{a+b}", "2^(a+b)");
	check("x_{max}", "xₘₐₓ");
	check("x_{\\mathrm{word}}", "x\\_word");
	check("w_Q", "w\\_Q");
}

static void what_markdown_would_take_is_escaped(void **state)
{
	(void)state;
	check("a * b < c", "a \\* b \\< c");
	check("{{n}}^2", "{{n}}²");
	check("\\constant{max_n}", "{{max_n}}");
}

static void what_is_not_known_stays(void **state)
{
	static const char *const wrong[] = { "\\foo{a}", "{a", "a}", "a^", "\\", "\\frac{1}", "" };

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		AUTO(buf_release) struct buf out = BUF_INIT(100);
		AUTO_JSON json_t *unknown = json_object();

		assert_false(tex_formula(wrong[i], strlen(wrong[i]), unknown, &out));
		assert_int_equal(out.len, 0);
		assert_int_equal(json_object_size(unknown), i == 0);
	}
	markdown("$\\foo$", "$\\foo$");
}

static void markdown_keeps_its_money_and_its_code(void **state)
{
	(void)state;
	markdown("Off by $10^{-6}$, or $$a_1$$.", "Off by 10⁻⁶, or a₁.");
	markdown("It costs $5 or $6.", "It costs $5 or $6.");
	markdown("`$x^2$` and ``a ` $y^2$``", "`$x^2$` and ``a ` $y^2$``");
	markdown("```\n$x^2$\n```\n$x^2$", "```\n$x^2$\n```\nx²");
	markdown("\\$x^2$ $x^2\n\n$", "\\$x^2$ $x^2\n\n$");
}

/* Deep, or a megabyte of beginnings: an answer at once. */
static void what_does_not_end_takes_no_time(void **state)
{
	static const char *const begins[] = { "$x", "${", "$\\frac{", "`", "$ {", "$^" };

	(void)state;
	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++) {
		AUTO(buf_release) struct buf text = BUF_INIT(1 << 20);
		AUTO(buf_release) struct buf out = BUF_INIT(1 << 22);
		AUTO_JSON json_t *unknown = json_object();

		while (buf_add_str(&text, begins[i]))
			;
		tex_formula_markdown(buf_str(&text), unknown, &out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_are_read_as_they_are_said),
		cmocka_unit_test(what_cannot_be_raised_or_lowered_is_written),
		cmocka_unit_test(what_markdown_would_take_is_escaped),
		cmocka_unit_test(what_is_not_known_stays),
		cmocka_unit_test(markdown_keeps_its_money_and_its_code),
		cmocka_unit_test(what_does_not_end_takes_no_time),
	};

	return cmocka_run_group_tests_name("tex_formula", tests, NULL, NULL);
}
