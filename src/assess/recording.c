/* recording.c - see recording.h
 *
 * The file is read twice: first to see that it is whole and how long it is, then to write. All
 * events are written through a store handle of our own, whose clock stands where the event was. */
#include "assess/recording.h"

#include "assess/import_repo.h"
#include "assess/lifecycle.h"
#include "assess/snapshot.h"
#include "assess/task_stub.h"
#include "base/auto.h"
#include "base/buf.h"
#include "base/fs.h"
#include "base/json.h"
#include "journal/event_kind.h"
#include "journal/journal.h"
#include "store/candidate.h"
#include "workspace/gunzip.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define TASK "recording"
#define TASK_VERSION "4b825dc642cb6eb9a060e54bf8d69288fbee4904"	/* git's empty tree */
#define EMAIL "recording@localhost"
#define EVENTS_MOST 5000000

struct recording {
	const struct recording_request *request;
	struct foreign_options options;
	foreign_reader *read;
	struct buf text;
	/* of the first reading */
	int64_t first, last;		/* instants, in order */
	int64_t events;
	int64_t shift;			/* added to an instant */
	/* of the second */
	struct clock clock;
	struct store *store;
	struct import_repo made;
	struct assessment assessment;
	struct foreign_recording told;
};

static void recording_release(struct recording *recording)
{
	import_repo_release(&recording->made);
	store_close(&recording->store);
	buf_release(&recording->text);
	assessment_release(&recording->assessment);
	foreign_recording_release(&recording->told);
}

/* --- reading */

static int read_file(struct recording *recording, struct err *err)
{
	AUTO(buf_release) struct buf plain = BUF_INIT(FOREIGN_FILE_MAX);
	struct buf swap;

	recording->text = (struct buf)BUF_INIT(FOREIGN_FILE_MAX);
	if (fs_read(AT_FDCWD, recording->request->path, FOREIGN_FILE_MAX, &recording->text, err) <
	    0)
		return -1;
	if (!gunzip_wanted(recording->text.data, recording->text.len))
		return 0;
	if (gunzip(recording->text.data, recording->text.len, &plain, err) < 0)
		return err_wrap(err, "%s", recording->request->path);
	swap = plain;
	plain = recording->text;
	recording->text = swap;
	return 0;
}

/* An instant may be missing or lie before the last one: then it is the last one's. */
static int64_t in_order(struct recording *recording, int64_t instant)
{
	if (instant != FOREIGN_NO_TIME && instant > recording->last)
		recording->last = instant;
	return recording->last;
}

static int note_event(void *arg, int64_t instant, const char *actor, const char *kind, json_t *data,
		      struct err *err)
{
	struct recording *recording = arg;
	AUTO_JSON json_t *owned = data;
	AUTO_FREE char *text = json_canonical(owned);

	(void)actor;
	if (recording->first == FOREIGN_NO_TIME)
		recording->first = instant;
	in_order(recording, instant);
	if (strlen(text) > EVENT_KIND_DATA_MAX)
		return err_set(err, ERR_INPUT, "an event '%s' is too large", kind);
	if (++recording->events > EVENTS_MOST)
		return err_set(err, ERR_INPUT, "more than %d events", EVENTS_MOST);
	return 0;
}

static json_t *note_payload(void *arg, const void *data, size_t len, struct err *err)
{
	struct hash hash = hash_of(data, len);
	char hex[HASH_HEX_SIZE];

	(void)arg, (void)err;
	return json_pack("{s:s, s:I}", "blob", hash_hex(&hash, hex), "size", (json_int_t)len);
}

/* Where its instants lie in our time: it ended before now. */
static void settle(struct recording *recording, int64_t now)
{
	if (recording->first == FOREIGN_NO_TIME)
		recording->first = recording->last > 0 ? recording->last : 0;
	if (recording->last < recording->first)
		recording->last = recording->first;
	if (!recording->told.absolute || recording->last > now)
		recording->shift = now - recording->last;
	if (recording->first + recording->shift < 1)	/* a clock at 0 is one that runs */
		recording->first = 1 - recording->shift;
}

static int read_once(struct recording *recording, const struct foreign_sink *sink, struct err *err)
{
	foreign_recording_release(&recording->told);
	if (recording->read(recording->text.data, recording->text.len, &recording->options, sink,
			    &recording->told, err) < 0)
		return err_wrap(err, "%s", recording->request->path);
	return 0;
}

/* "doc.txt" of "traces/doc.txt.json.gz". */
static char *name_of_file(const char *path)
{
	static const char *const endings[] = { ".gz", ".json" };
	const char *slash = strrchr(path, '/');
	char *name = buf_strdup(slash ? slash + 1 : path);
	size_t i;

	for (i = 0; i < 2; i++) {
		size_t len = strlen(name), end = strlen(endings[i]);

		if (len > end && !strcmp(name + len - end, endings[i]))
			name[len - end] = '\0';
	}
	return name;
}

/* --- writing */

static int write_event(void *arg, int64_t instant, const char *actor, const char *kind,
		       json_t *data, struct err *err)
{
	struct recording *recording = arg;

	recording->clock.fixed_ms = in_order(recording, instant) + recording->shift;
	return journal_append(recording->store, recording->assessment.id, actor, kind, data, err);
}

static json_t *write_payload(void *arg, const void *data, size_t len, struct err *err)
{
	struct recording *recording = arg;

	return journal_blob(recording->store, data, len, err);
}

static int ensure_task(struct recording *recording, struct err *err)
{
	AUTO(task_release) struct task task = TASK_INIT;
	int taken = task_name_taken(recording->store, TASK, err);

	if (taken < 0 || (taken == 1 && task_find(recording->store, TASK, &task, err) < 0))
		return -1;
	if (taken == 0)
		rand_id(task.id);
	memcpy(recording->assessment.task_id, task.id, sizeof(task.id));
	return task_stub_ensure(recording->store, task.id, TASK_VERSION, TASK,
				"Recordings of other programs", err);
}

static int ensure_candidate(struct recording *recording, struct err *err)
{
	AUTO(candidate_release) struct candidate candidate = CANDIDATE_INIT;
	int row = candidate_find_email(recording->store, EMAIL, &candidate, err);

	if (row < 0)
		return -1;
	if (row == 0) {
		candidate.email = buf_strdup(EMAIL);
		candidate.name = buf_strdup("Recording");
		candidate.notes = buf_strdup("");
		if (candidate_add(recording->store, &candidate, err) < 0)
			return -1;
	}
	memcpy(recording->assessment.candidate_id, candidate.id, sizeof(candidate.id));
	return 0;
}

static int create(struct recording *recording, struct err *err)
{
	struct assessment *a = &recording->assessment;
	struct assessment_filter filter = { .task_id = a->task_id,
					    .candidate_id = a->candidate_id };

	if (ensure_task(recording, err) < 0 || ensure_candidate(recording, err) < 0)
		return -1;
	a->round = assessment_count(recording->store, &filter, err) + 1;
	if (a->round < 1)
		return -1;
	snprintf(a->task_version, sizeof(a->task_version), "%s", TASK_VERSION);
	memcpy(a->secret_id, a->id, sizeof(a->id));
	a->attempt = 1;
	a->status = STATUS_ACTIVE;
	a->created = a->started = recording->clock.fixed_ms;
	a->duration_ms = recording->last - recording->first;
	a->deadline = a->started + a->duration_ms;
	a->instructions = buf_strdup(recording->request->format);
	a->message = buf_strdup(recording->told.title ? recording->told.title : "");
	a->reason = buf_strdup("");
	return lifecycle_create(recording->store, a, err);
}

/* The one file of the recording, or none. */
static int write_tree(struct recording *recording, const char *text, size_t len,
		      char tree[REPO_OID_SIZE], struct err *err)
{
	AUTO(fs_temp_release) char *folder = fs_temp_dir("tali-recording", err);
	AUTO_FREE char *path = folder ? fs_join(folder, recording->options.file) : NULL;
	AUTO_FREE char *above = buf_strdup(path);
	struct repo_skip skip = { .names = NULL };
	AUTO_FD int fd = -1;

	if (!folder)
		return -1;
	*strrchr(above, '/') = '\0';
	if (text && (fs_mkdirs(above, 0755, err) < 0 || fs_write(path, 0644, text, len, err) < 0))
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, "%s", folder);
	return repo_write_folder(recording->made.repo, fd, NULL, &skip, tree, NULL, err);
}

static int save(struct recording *recording, const char *reason, const char *text, size_t len,
		char tree[REPO_OID_SIZE], struct err *err)
{
	struct assessment *a = &recording->assessment, after = *a;
	AUTO_FREE char *message = buf_format("%s\n\nAssessment: %s\n", reason, a->id);
	struct repo_commit commit = {
		.tree = tree, .parent = *a->commit ? a->commit : NULL, .name = "Recording",
		.email = EMAIL, .message = message, .time_ms = recording->clock.fixed_ms,
	};
	json_t *data;

	if (write_tree(recording, text, len, tree, err) < 0 ||
	    repo_write_commit(recording->made.repo, &commit, after.commit, err) < 0)
		return -1;
	data = json_pack("{s:s, s:s, s:s}", "reason", reason, "tree", tree, "commit", after.commit);
	if (text && *a->commit) {
		struct hash hash = hash_of(text, len);
		char hex[HASH_HEX_SIZE];

		json_object_set_new(data, "open", json_pack("{s:s}", recording->options.file,
							    hash_hex(&hash, hex)));
	}
	if (lifecycle_change(recording->store, a, &after, "candidate", "snapshot", data, err) < 0)
		return -1;
	*a = after;
	return 0;
}

static int hand_in(struct recording *recording, const char *tree, struct err *err)
{
	struct assessment *a = &recording->assessment, after = *a;
	struct journal_seal seal = { .tree = tree, .commit = a->commit,
				     .task_version = TASK_VERSION };
	json_t *data = json_pack("{s:s, s:s, s:b}", "commit", a->commit, "tree", tree, "automatic",
				 false);

	if (journal_append(recording->store, a->id, "candidate", "submit", data, err) < 0)
		return -1;
	after.status = STATUS_SUBMITTED;
	after.submitted = recording->clock.fixed_ms;
	data = json_pack("{s:s, s:s}", "from", "active", "to", "submitted");
	if (lifecycle_change(recording->store, a, &after, "candidate", "status", data, err) < 0)
		return -1;
	*a = after;
	return journal_seal(recording->store, a->id, &seal, err);
}

static int set_refs(struct recording *recording, struct err *err)
{
	const char *commit = recording->assessment.commit;

	if (repo_set_ref(recording->made.repo, SNAPSHOT_BRANCH, commit, err) < 0)
		return -1;
	return repo_set_ref(recording->made.repo, SNAPSHOT_TAG, commit, err);
}

/* The texts before and after were told by the first reading. */
static int write_all(struct recording *recording, int64_t now, struct err *err)
{
	const struct foreign_sink sink = { recording, write_event, write_payload };
	struct foreign_recording told = recording->told;
	AUTO(store_rollback) struct store *tx = recording->store;
	char tree[REPO_OID_SIZE];
	int result;

	recording->clock.fixed_ms = recording->first + recording->shift;
	recording->last = recording->first;
	if (store_begin(recording->store, err) < 0 || create(recording, err) < 0 ||
	    save(recording, "start", told.start, told.start_len, tree, err) < 0)
		return -1;
	recording->told = (struct foreign_recording){ .absolute = told.absolute };
	result = read_once(recording, &sink, err);
	foreign_recording_release(&recording->told);
	recording->told = told;
	if (result < 0 || save(recording, "submit", told.end, told.end_len, tree, err) < 0 ||
	    repo_publish(recording->made.repo, err) < 0 || set_refs(recording, err) < 0)
		return -1;
	recording->clock.fixed_ms = now;
	if (hand_in(recording, tree, err) < 0 ||
	    import_repo_place(recording->store, &recording->made, recording->assessment.id, err) <
		    0)
		return -1;
	return store_commit(recording->store, err);
}

static int prepare(struct recording *recording, struct err *err)
{
	const struct foreign_sink look = { recording, note_event, note_payload };

	recording->read = foreign_find(recording->request->format);
	if (!recording->read)
		return err_set(err, ERR_USAGE, "'%s' is none of editing-trace, asciicast, atif, "
			       "claude-code and codex", recording->request->format);
	if (!fs_path_confined(recording->options.file))
		return err_set(err, ERR_USAGE, "'%s' cannot be the name of a file",
			       recording->options.file);
	if (read_file(recording, err) < 0)
		return -1;
	recording->first = FOREIGN_NO_TIME;
	return read_once(recording, &look, err);
}

int recording_import(struct store *store, const struct recording_request *request,
		     struct assessment *ret, struct err *err)
{
	AUTO(recording_release) struct recording recording = { .request = request,
							       .made = IMPORT_REPO_INIT };
	AUTO_FREE char *file = name_of_file(request->path);
	int64_t now = store_now(store);

	recording.options = request->options;
	if (!recording.options.file)
		recording.options.file = file;
	if (prepare(&recording, err) < 0)
		return -1;
	settle(&recording, now);
	recording.clock.fixed_ms = now;
	recording.store = store_open(store_path(store), STORE_WRITE, &recording.clock, err);
	if (!recording.store)
		return -1;
	rand_id(recording.assessment.id);
	if (import_repo_open(store, &recording.made, err) < 0 ||
	    write_all(&recording, now, err) < 0)
		return -1;
	return assessment_get(store, recording.assessment.id, ret, err);
}

const char *recording_title(const struct assessment *assessment)
{
	bool recorded = !strcmp(assessment->task_version, TASK_VERSION);

	return recorded && *assessment->message ? assessment->message : assessment->task_name;
}
