/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A solution of probes for the launcher's tests. A probe is a program without a
 * library that makes exactly the system calls its arguments say and prints what
 * came back, so that a list of calls in a test is the whole truth. The mediator
 * is played by the test, in a process of its own.
 */
#ifndef TESTS_LAUNCH_H
#define TESTS_LAUNCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "../../../kernel/task/launcher.h"
#include "../../../kernel/task/machine.h"
#include "image_maker.h"

#define FIXTURE_TASKS_MAX 4

struct fixture_task {
	const char *name;
	const char *path;		/* default "probe" */
	uint32_t threads;		/* default 1 */
	const char *args[12];
	const char *env[4];
	const char *read[4];
	const char *write[4];
	uint32_t pids;			/* a control group */
	uint32_t tmpfs_kib;		/* at /scratch */
	enum task_profile profile;
	uint32_t preferred;		/* TASK_NO_DUMP is added */
	const char *syscalls[40];	/* sorted; write and exit_group are added */
};

struct fixture {
	char folder[64];
	char image[96];
	struct options options;
	struct machine machine;
	struct solution solution;
	struct launcher launcher;
};

/* What the played mediator knows. */
struct play {
	int monitor_fd;
	const struct solution *solution;
	int out[FIXTURE_TASKS_MAX];	/* read ends of the programs' output */
	int channel[FIXTURE_TASKS_MAX];	/* our end of their descriptor 3 */
	char text[8192];		/* what play_read has read last */
};

/* A folder with the probe in it, removed by fixture_deinit. */
void fixture_init(struct fixture *fixture);
void fixture_deinit(struct fixture *fixture);
/* Writes the image. Channels are {client, server} pairs of task numbers. */
void fixture_image(struct fixture *fixture, const struct fixture_task *tasks,
		   uint32_t n, const uint32_t (*channels)[2],
		   uint32_t n_channels);
/* As main does, up to the start of the mediator. */
enum dkd_exit fixture_load(struct fixture *fixture);
/* Runs the launcher with PART as the mediator; the daemon's exit status. It is a
   process of its own, so that the test keeps its privileges. */
enum dkd_exit fixture_run(struct fixture *fixture, void (*part)(struct play *));
pid_t fixture_fork(struct fixture *fixture, void (*part)(struct play *));
enum dkd_exit fixture_wait(pid_t launcher);
/* All of these for one probe. */
enum dkd_exit fixture_one(const struct fixture_task *task,
			  void (*part)(struct play *));

/* For the mediator's part; a wish that does not come true ends it. */
#define WISH(condition) play_wish((condition), #condition, __FILE__, __LINE__)
void play_wish(bool condition, const char *text, const char *file, int line);
void play_send(struct play *play, uint32_t code, uint32_t task, int32_t value);
/* The next message of the launcher, which must have CODE. */
struct monitor_message play_expect(struct play *play, uint32_t code);
/* Makes the descriptors and asks for a start, without waiting for the answer. */
void play_ask_start(struct play *play, uint32_t task);
struct monitor_message play_start(struct play *play, uint32_t task);
/* Reads the program's output to its end into play->text. */
const char *play_read(struct play *play, uint32_t task);
/* Reads until the output holds TEXT. */
void play_await(struct play *play, uint32_t task, const char *text);
/* The value of a line of /proc/PID/status, "" if there is none. */
const char *play_status(struct play *play, pid_t pid, const char *key);

#endif
