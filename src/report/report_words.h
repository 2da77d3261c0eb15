/* report_words.h - a report (tali.report/1) as the words that text, HTML and PDF show
 *
 * One value with everything as text in the order in which it is shown; the three formats differ
 * only in how they lay it out. Nothing is escaped here. Members that may be empty are "" or [] or
 * null, and always there. Every text is plain (words_plain). */
#ifndef TALI_REPORT_WORDS_H
#define TALI_REPORT_WORDS_H

#include "report/words.h"

/* Yours:
 *
 *	title, who, email, id, facts [{name, text}], made
 *	card {value, tenth, level, measured, why, review, reviewed, grade, points, verdict, weak}
 *	categories [{id, title, value, measured, bar, weight, moved, subitems [{id, title, value,
 *		measured, bar, weight, why, reviewed, signals [{text, value, evidence, rest}]}]}]
 *	tests [{id, verdict, passed, points, kind, message, cases [{id, verdict, passed, message,
 *		edge}]}], restored [text]
 *	time, origins [{name, text, bar, class}], clock; ai {tokens, models, prompts [{value, text,
 *		parts, evidence}], none}; progress [{at, seq, href, passed, total, bar}]
 *	code {counts [{name, text}], findings [{text}], none}
 *	feedback {strengths, improvements, highlights, remarks [{title, text, evidence, rest}]}
 *	integrity [{title, text, base, evidence, rest}]
 *	timeline [{seq, at, kind, actor, text}], timeline_more
 *	changes [{path, status, added, removed, why, lines [{origin, class, before, after, text}]}],
 *		changes_more
 *	reviews [{who, time, text}], commands [text]
 *
 * reviewed is null or {value, who, reason}; evidence is that of words.h. */
json_t *report_words(const json_t *report);

#endif
