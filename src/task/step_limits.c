/* step_limits.c - see step_limits.h */
#include "task/step_limits.h"

int step_limits_of(const struct language *language, struct plan_limits *ret, struct err *err)
{
	*ret = plan_default_limits;
	if (language && language->limits && plan_read_limits(ret, language->limits, err) < 0)
		return err_wrap(err, "language '%s'", language->name);
	return 0;
}

int step_limits_read(const json_t *languages, const json_t *own, struct plan_limits *ret,
		     struct err *err)
{
	struct plan_limits limits = plan_default_limits, more;
	const char *one = json_string_value(languages);
	size_t count = one ? 1 : json_array_size(languages);

	for (size_t i = 0; i < count; i++) {
		const char *name = one ? one : json_string_value(json_array_get(languages, i));

		if (!name || step_limits_of(language_find(name), &more, err) < 0)
			return name ? -1 : err_set(err, ERR_INPUT, "a language that is no name");
		if (i == 0)
			limits = more;
		plan_raise_limits(&limits, &more);
	}
	if (own && !json_is_null(own) && plan_read_limits(&limits, own, err) < 0)
		return -1;
	*ret = limits;
	return 0;
}
