/* kattis_statement.h - the statement of a Kattis package as README.md, with its samples and
 * pictures */
#ifndef TALI_KATTIS_STATEMENT_H
#define TALI_KATTIS_STATEMENT_H

#include "task/kattis_problem.h"

/* Takes the statement in English, or else in the first language; Markdown before LaTeX before HTML
 * before PDF. Writes README.md with the title, and with the samples where the statement wants
 * them or at its end; pictures, a statement that cannot be converted (PDF), and attachments/ go to
 * files/. ERR_INPUT when there is no statement, or it is not UTF-8. */
int kattis_statement_import(const struct kattis *kattis, struct err *err);

#endif
