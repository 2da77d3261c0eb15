/* run_setting.c - see run_setting.h */
#include "assess/run_setting.h"

#include "assess/lifecycle.h"
#include "base/auto.h"
#include "store/config.h"
#include "store/task.h"

#include <fcntl.h>
#include <string.h>

void run_setting_release(struct run_setting *setting)
{
	assessment_release(&setting->assessment);
	repo_close(&setting->repo);
	manifest_release(&setting->manifest);
	auto_close(&setting->folder_fd);
}

static int read_manifest(struct store *store, const struct assessment *assessment,
			 struct manifest *ret, struct err *err)
{
	AUTO(task_version_release) struct task_version version = TASK_VERSION_INIT;

	if (task_version_get(store, assessment->task_id, assessment->task_version, &version, err) <
	    0)
		return -1;
	return manifest_parse(version.manifest, strlen(version.manifest), MANIFEST_FILE, ret, NULL,
			      err);
}

int run_setting_prepare(struct store *store, const struct session *session, const char *verb,
			const char *reason, bool allow_weak, struct run_setting *ret,
			struct err *err)
{
	struct assessment *assessment = &ret->assessment;

	ret->folder_fd = open(session->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ret->folder_fd < 0)
		return err_sys(err, "%s", session->folder);
	if (assessment_get(store, session->assessment_id, assessment, err) < 0 ||
	    lifecycle_require(assessment, STATUS_ACTIVE, verb, err) < 0 ||
	    read_manifest(store, assessment, &ret->manifest, err) < 0 ||
	    config_bool(store, "sandbox.allow_weak", &ret->allow_weak, err) < 0)
		return -1;
	ret->allow_weak |= allow_weak;
	ret->repo = snapshot_repo(store, assessment, err);
	if (!ret->repo)
		return -1;
	return snapshot_take(store, ret->repo, assessment, ret->folder_fd, reason, &ret->snapshot,
			     err);
}
