/* kattis_judge.h - the programs of a Kattis package around a submission: its own output validator,
 * and the files that are laid over what is submitted (include/) */
#ifndef TALI_KATTIS_JUDGE_H
#define TALI_KATTIS_JUDGE_H

#include "task/kattis_problem.h"

/* Copies the validator into hidden/judge/, sets judge_build where it has to be compiled, and
 * kattis->validator. Sets kattis->custom where 2025-09 has a validator at all. ERR_INPUT when there
 * should be one and is none, when there are several, or when its language is not C, C++, Python
 * or Java (programs with `build` or `run` may be of any). */
int kattis_judge_import(struct kattis *kattis, struct err *err);

/* Copies include/ into start/, protects what it brings, and takes a language out of the manifest
 * whose files would overwrite those of another. */
int kattis_include_import(struct kattis *kattis, struct err *err);

/* Lists what a task has no place for: input validators, generators, visualizers and so on. */
void kattis_judge_note_rest(const struct kattis *kattis);

#endif
