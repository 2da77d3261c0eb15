/* validator.c - asks the task author's program whether an output is right */
#include "grade/validator.h"

#include "base/auto.h"
#include "grade/judge.h"

int validator_judge(const struct step_ground *ground, const struct manifest_test *test,
		    const struct validator_files *files, struct grade_case *one, struct err *err)
{
	AUTO(judge_release)
	struct judge judge = { .what = "validator",
			       .test = test,
			       .program = test->validator,
			       .input = files->input,
			       .answer = files->answer };
	AUTO(step_release) struct step step = STEP_INIT(ground);
	AUTO_FD int stdin_fd = sandbox_stdin(buf_str(files->output), files->output->len, err);
	bool accepted = false;

	if (stdin_fd < 0)
		return -1;
	judge_prepare(&judge, &step);
	step.stdin_fd = stdin_fd;
	if (step_run(&step, err) < 0)
		return err_wrap(err, "validator");
	if (judge_decide(&judge, &step, one, &accepted, err) < 0)
		return -1;
	if (!accepted)
		judge_fail(&judge, &step.both, one);

	return 0;
}
