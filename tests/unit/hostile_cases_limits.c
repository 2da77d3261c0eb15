/* hostile_cases_limits.c - the acts that use up, that end oddly, and that leave something */
#include "hostile_case.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/fs.h"
#include "hostile_witness.h"

/* --- judges */

static bool somebody_lives(void)
{
	return play_count_marked() > 0;
}

static void nobody_lives(const struct play *play)
{
	(void)play;
	assert_false(somebody_lives());
}

static void ends_at_once(const struct play *play)
{
	nobody_lives(play);
	assert_true(play->took_ms < 4500);
}

static void ended_at_the_wall(const struct play *play)
{
	nobody_lives(play);
	assert_in_range(play->report.wall_ms, 290, 5000);
}

static void burned_no_more_than_allowed(const struct play *play)
{
	assert_in_range(play->report.cpu_ms, 280, 950);
}

static void burned_what_it_burned(const struct play *play)
{
	assert_in_range(play->report.cpu_ms, 250, play->plan.limits.cpu_ms);
}

static void had_few_tasks(const struct play *play)
{
	/* where nothing counts them all, 0 or what a look has found; and a thread that has been
	 * joined is counted until it is off its processor, so that on a busy machine some that
	 * have ended are counted with the one that runs */
	assert_in_range(play->report.processes_peak, 0, 64);
}

static void was_cut(const struct play *play)
{
	assert_true(play->report.output_bytes > play->plan.limits.output);
	assert_true(play->out.len + play->errors.len <= play->plan.limits.output);
}

static void left_no_file_outside(const struct play *play)
{
	(void)play;
	assert_false(witness_found_shm_file());
}

static void left_no_ids_outside(const struct play *play)
{
	(void)play;
	assert_false(witness_found_ids());
}

/* --- what is found in the work folder */

static int out_cannot_be_read(void *arg, int work, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(4096);

	(void)arg;
	assert_int_equal(fs_read(work, "out.txt", 4096, &text, err), -1);
	assert_int_equal(text.len, 0);
	return 0;
}

/* What sandbox.h promises of fs_read, for a name with a link in its middle. */
static int box_does_not_lead_out(void *arg, int work, struct err *err)
{
	AUTO(buf_release) struct buf text = BUF_INIT(65536);

	(void)arg;
	assert_int_equal(fs_read(work, "box/passwd", 65536, &text, err), -1);
	assert_int_equal(text.len, 0);
	return 0;
}

/* Its owner is never root, and where it lies the bits say nothing. */
static int out_has_no_rights(void *arg, int work, struct err *err)
{
	struct stat status;
	struct statvfs place;

	(void)arg;
	(void)err;
	assert_int_equal(fstatat(work, "out.txt", &status, AT_SYMLINK_NOFOLLOW), 0);
	assert_int_not_equal(status.st_uid, 0);
	assert_int_not_equal(status.st_gid, 0);
	assert_int_equal(fstatvfs(work, &place), 0);
	assert_true(place.f_flag & ST_NOSUID);
	return 0;
}

static int no_core_is_there(void *arg, int work, struct err *err)
{
	(void)arg;
	(void)err;
	assert_int_equal(faccessat(work, "core", F_OK, AT_SYMLINK_NOFOLLOW), -1);
	return 0;
}

/* By now nobody swaps it any more. */
static int box_stands_still(void *arg, int work, struct err *err)
{
	struct stat first, later;

	(void)arg;
	(void)err;
	assert_false(somebody_lives());
	assert_int_equal(fstatat(work, "box", &first, AT_SYMLINK_NOFOLLOW), 0);
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(fstatat(work, "box", &later, AT_SYMLINK_NOFOLLOW), 0);
		assert_int_equal(first.st_ino, later.st_ino);
	}
	return 0;
}

static int tree_is_removed(void *arg, int work, struct err *err)
{
	(void)arg;
	return fs_remove_tree(work, "deep", err);
}

#define MEMORY_LIMIT .verdicts = ON(VERDICT_MEMORY_LIMIT)
#define TIME_LIMIT .verdicts = ON(VERDICT_TIME_LIMIT), .limits = { .cpu_ms = 300 }
#define WALL_LIMIT .verdicts = ON(VERDICT_WALL_LIMIT), .limits = { .wall_ms = 300 }
#define DISK_LIMIT .verdicts = ON(VERDICT_DISK_LIMIT)
#define OUTPUT_LIMIT .verdicts = ON(VERDICT_OUTPUT_LIMIT)
#define PROCESS_LIMIT .verdicts = ON(VERDICT_PROCESS_LIMIT)
#define ENDS_WITH(number) .verdicts = ON(VERDICT_RUNTIME_ERROR), .status = (number)
#define DIES_OF(number) .verdicts = ON(VERDICT_RUNTIME_ERROR), .signal = (number)
#define NO_CONTROL(text) .control = CONTROL_NONE, .why = text
#define OUR_DEADLINE NO_CONTROL("what is seen is our own deadline")
#define OUR_VERDICT NO_CONTROL("what is seen is our own verdict")

const struct hostile_case hostile_limit_cases[] = {
	{ CASE(51, "cpu_children", "processor time of children counts together"),
	  .words = { "ms=700" },
	  TIME_LIMIT, .judge = burned_no_more_than_allowed },
	{ CASE(52, "cpu_ignore_xcpu", "an ignored signal gives no more time"),
	  .words = { "ms=1500" }, TIME_LIMIT,
	  .judge = burned_no_more_than_allowed },
	{ CASE(53, "disk_fill", "many files fill no more than the limit"),
	  .words = { "mib=128" }, DISK_LIMIT },
	{ CASE(54, "flood_file", "a file does not grow past the limit"), DISK_LIMIT },
	{ CASE(55, "flood_pipe", "output is read up to the limit"), OUTPUT_LIMIT, .judge = was_cut,
	  NO_CONTROL("bare nobody reads its output") },
	{ CASE(56, "fork_bomb", "a crowd of processes is refused"), PROCESS_LIMIT },
	{ CASE(57, "inode_fill", "a crowd of files is refused"),
	  .words = { "count=5000" }, DISK_LIMIT },
	{ CASE(58, "mem_memfd", "memory in descriptors counts"), MEMORY_LIMIT,
	  .weak_verdicts = ON(VERDICT_OK), .limits = { .open_files = 200 } },
	{ CASE(59, "mem_multi", "memory of children counts together"), MEMORY_LIMIT },
	{ CASE(60, "mem_single", "memory is limited"), MEMORY_LIMIT },
	{ CASE(61, "mem_sysvshm", "memory of detached segments counts"), MEMORY_LIMIT,
	  .weak_verdicts = ON(VERDICT_OK) },
	{ CASE(0, "mem_let_go", "shared memory counts though it was let go"), MEMORY_LIMIT,
	  .weak_verdicts = ON(VERDICT_OK) },
	{ CASE(0, "mem_let_go", "that of /dev/zero does too"), .words = { "device=1" },
	  MEMORY_LIMIT, .weak_verdicts = ON(VERDICT_OK),
	  NO_CONTROL("the one before is its control") },
	{ CASE(62, "mem_tmpfs", "memory in files counts"),
	  .words = { "stay=100", "mib=200" }, MEMORY_LIMIT,
	  .limits = { .disk = 400 * MIB },
	  NO_CONTROL("in a container /dev/shm may be smaller than that") },
	{ CASE(64, "sparse_file", "a file without content is not longer than the limit"),
	  DISK_LIMIT },
	{ CASE(65, "thread_bomb", "a crowd of threads is refused"), PROCESS_LIMIT },
	{ CASE(66, "orphan", "a daemon ends with its run"), .judge = nobody_lives,
	  .through = somebody_lives },
	{ CASE(67, "pipe_holder", "who holds the pipe does not hold us"), .judge = ends_at_once,
	  .through = somebody_lives },
	{ CASE(68, "self_stop", "a stopped program meets the wall limit"), WALL_LIMIT,
	  .judge = ended_at_the_wall, OUR_DEADLINE },
	{ CASE(70, "wall_ignore", "a deaf sleeper meets the wall limit"), WALL_LIMIT,
	  .judge = ended_at_the_wall, OUR_DEADLINE },
	{ CASE(71, "core_dump", "there is no core file and no handler for one"), DIES_OF(SIGABRT),
	  .collect = no_core_is_there,
	  NO_CONTROL("bare the machine's core handler would be called") },
	{ CASE(72, "deep_tree", "a tree deeper than any path is removed"),
	  .limits = { .inodes = 5000 },
	  .collect = tree_is_removed, NO_CONTROL("what is seen is our own removal") },
	{ CASE(73, "dev_shm_leak", "a file in /dev/shm is not seen outside"),
	  .judge = left_no_file_outside, .through = witness_found_shm_file },
	{ CASE(74, "leave_fifo", "a pipe in the place of an answer is not opened"),
	  .collect = out_cannot_be_read, NO_CONTROL("what is seen is our own reading") },
	{ CASE(75, "leave_setuid", "a set-user-id file gives no rights"),
	  .collect = out_has_no_rights,
	  NO_CONTROL("bare its owner would be us") },
	{ CASE(76, "leave_symlink", "a link in the place of an answer is not followed"),
	  .collect = out_cannot_be_read, NO_CONTROL("what is seen is our own reading") },
	{ CASE(77, "shm_persist", "shared memory, queues and semaphores end with the run"),
	  .judge = left_no_ids_outside, .through = witness_found_ids },
	{ CASE(78, "exit", "status 124 is no time limit"),
	  .words = { "status=124" }, ENDS_WITH(124),
	  OUR_VERDICT },
	{ CASE(78, "exit", "status 137 is no memory limit"),
	  .words = { "status=137" }, ENDS_WITH(137),
	  OUR_VERDICT },
	{ CASE(78, "exit", "status 159 is no security violation"),
	  .words = { "status=159" }, ENDS_WITH(159),
	  OUR_VERDICT },
	{ CASE(79, "raise", "its own SIGXCPU is no time limit"),
	  .words = { "signal=24" }, DIES_OF(SIGXCPU),
	  OUR_VERDICT },
	{ CASE(80, "raise", "its own SIGKILL is no limit of ours"),
	  .words = { "signal=9" }, DIES_OF(SIGKILL),
	  OUR_VERDICT },
	{ CASE(81, "raise", "its own SIGSYS is no security violation"),
	  .words = { "signal=31" }, DIES_OF(SIGSYS),
	  OUR_VERDICT },
	{ CASE(82, "raise", "its own SIGUSR1 is no failure of ours"),
	  .words = { "signal=10" }, DIES_OF(SIGUSR1),
	  OUR_VERDICT },
	{ CASE(86, "forged_report", "a report that it prints is but output"),
	  ENDS_WITH(5), OUR_VERDICT },
	{ CASE(88, "cpu_orphan", "processor time of an orphan counts"), .words = { "ms=300" },
	  .judge = burned_what_it_burned, OUR_VERDICT },
	{ CASE(89, "clone_parent", "a child of its parent does not end the run"), ENDS_WITH(7),
	  OUR_VERDICT },
	{ CASE(90, "cpu_between_ticks", "processor time between two ticks counts"),
	  .words = { "count=150" },
	  .judge = burned_what_it_burned, OUR_VERDICT },
	{ CASE(91, "threads_one_by_one", "10 000 threads in turn are no crowd"),
	  .limits = { .wall_ms = 300000, .cpu_ms = 200000 }, .judge = had_few_tasks,
	  NO_CONTROL("it is no harm") },
	{ CASE(92, "stopped_child", "a stopped child ends with the run"), .judge = ends_at_once,
	  .through = somebody_lives },
	{ CASE(93, "vfork_hang", "a parent that waits for ever meets the wall limit"), WALL_LIMIT,
	  .judge = ended_at_the_wall, OUR_DEADLINE },
	{ CASE(97, "swap_folder", "nothing moves while answers are collected"),
	  .collect = box_stands_still, NO_CONTROL("what is seen is our own reading") },
	{ CASE(97, "leave_symlink", "a link on the way to an answer is not followed"),
	  .words = { "to=/etc", "as=box" }, .collect = box_does_not_lead_out,
	  NO_CONTROL("what is seen is our own reading") },
	{ CASE(98, "leave_symlink", "a link to an endless device is not followed"),
	  .words = { "to=/dev/urandom" }, .collect = out_cannot_be_read,
	  NO_CONTROL("what is seen is our own reading") },
	{ CASE(98, "leave_symlink", "a link to memory is not followed"),
	  .words = { "to=/proc/self/mem" },
	  .collect = out_cannot_be_read, NO_CONTROL("what is seen is our own reading") },
	{ CASE(99, "flood_line", "a line without an end is read up to the limit"), OUTPUT_LIMIT,
	  .judge = was_cut, NO_CONTROL("bare nobody reads its output") },
	{ CASE(112, "sync_storm", "a storm of syncs meets no disk"), .limits = { .wall_ms = 10000 },
	  .judge = nobody_lives, NO_CONTROL("it is slow, and no harm, where there is a disk") },
	{ CASE(115, "read_big", "files of the host in the cache are no memory of its own"),
	  NO_CONTROL("it is no harm") },
	{ CASE(118, "odd_words", "too many words and none at all are errors of its own"),
	  NO_CONTROL("it is no harm") },
	{ CASE(119, "fd_cycles", "descriptors in flight end with the run"), .judge = ends_at_once,
	  NO_CONTROL("bare it would hold descriptors of the machine") },
	{ CASE(0, "leave_ports", "connections and listeners end with the run"),
	  .judge = ends_at_once, NO_CONTROL("bare its port may be taken") },
	{ CASE(0, "litter", "what lies in the folders ends with the run"),
	  NO_CONTROL("bare it would litter /tmp") },
	{ 0 },
};
