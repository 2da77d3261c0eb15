/* hostile_tree.h - the processes below one, and waiting until they are gone */
#ifndef TALI_HOSTILE_TREE_H
#define TALI_HOSTILE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define TREE_MOST 400

struct tree {
	pid_t pids[TREE_MOST];
	size_t count;
};

/* The children of one process, and then theirs, and so on. */
void tree_read(struct tree *tree, pid_t top);
/* The `which`th child (from 0), or 0. */
pid_t tree_child(pid_t parent, size_t which);

/* Waits at most so long until a process is dead (a zombie is). False when it lives on. */
bool tree_await_process(pid_t pid, int most_ms);
/* Waits until none of them lives, at most so long. The number of those that do. */
int tree_await_end(const struct tree *tree, int most_ms);
/* Kills and reaps all children of ours that are not in `known` (those of dead children are ours
 * too). Returns their number. */
int tree_end_children(const struct tree *known);
/* The same without killing: waits for them. Returns the number of those that live on. */
int tree_await_children(const struct tree *known, int most_ms);

#endif
