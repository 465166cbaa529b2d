/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * dk selftest: each class of an image is confined as for a start, by the same
 * code, and a hostile program is run in the place of its own: once for each act of
 * the list of attacks. There is no mediator and no policy: what is tested is the
 * sandbox.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "task/act.h"
#include "task/confine_userns.h"
#include "task/executable.h"
#include "task/machine.h"
#include "task/say.h"
#include "task/spawn.h"
#include "task/trial.h"

#define BUILT_IN	"selftest.dk"
#define HOSTILE		"Rogue"
#define X32		0x40000000L	/* in the rows */

static const struct act acts[] = {
#include "selftest_rows.h"
	{ "B1_int_0x80", ACT_FOREIGN },
	{ "B8_own_code", SYS_mprotect },
};
#define N_ACTS (sizeof(acts) / sizeof(acts[0]))

/* What nothing refuses: that an act which succeeds is seen. */
static const struct act control = { "none", SYS_exit_group };

struct selftest {
	struct options options;
	bool json;
	char folder[PATH_MAX];	/* of this program, the hostile one, the image */
	char image[PATH_MAX + 16];
	int hostile;		/* its sealed copy */
	struct machine machine;
	struct solution solution;
	struct spawner spawner;
	int fds[MONITOR_FDS_MAX];
	unsigned n_tried, n_bad, n_classes;
};

static const char help[] =
	"usage: dk selftest [OPTION]... [IMAGE.dk]\n"
	"Confines each class of a solution as for a start, has a hostile program try to\n"
	"break out of it, each time in another way, and shows what came of that on this\n"
	"machine. Without an image it takes one of its own. Sandboxes are root's, or those\n"
	"of a user who is not root, as of dk run.\n"
	"\n"
	"  --bin DIR   as of dk run: where the executables are\n"
	"  --data DIR  where relative paths of a sandbox start\n"
	"  --json      a JSON object a line\n"
	"  --help      this text\n"
	"\n"
	"Exit status:\n"
	"    0  everything was refused\n"
	"    1  something was not, or it is not known\n"
	"    2  bad command line\n"
	"    3  the image cannot be read or is unsound\n"
	"    4  a program is missing\n"
	"    5  a program cannot be run: mode, owner or format\n"
	"    7  a required layer is not to be had here\n"
	"   10  the machine failed us: privilege, memory, descriptors\n";

/* ---- the table ---- */

static const char *class_name(const struct selftest *self,
			      const struct task *task)
{
	const struct image *image = &self->solution.image;
	uint32_t index = image->tasks[task->index].class_index;

	return image_string(image, image->classes[index].name);
}

static void print_json(const struct selftest *self, const struct task *task,
		       const char *act, enum act_end end, const char *how)
{
	char line[4096];
	struct text text;

	text_init(&text, line, sizeof(line));
	text_add(&text, "{\"class\":");
	text_json(&text, class_name(self, task));
	text_add(&text, ",\"task\":");
	text_json(&text, task->name);
	text_add(&text, ",\"act\":\"%s\",\"refused\":%s,\"how\":", act,
		 end == ACT_REFUSED ? "true" : "false");
	text_json(&text, how);
	text_add(&text, "}");
	puts(line);
}

static void print_row(const struct selftest *self, const struct task *task,
		      const char *act, enum act_end end, const char *how)
{
	static const char *const ends[ACT_ENDS] = {
		[ACT_UNKNOWN] = "UNKNOWN", [ACT_SUCCEEDED] = "SUCCEEDED",
		[ACT_LET_THROUGH] = "LET THROUGH", [ACT_REFUSED] = "refused",
	};
	const char *class = class_name(self, task);
	char name[2200];
	struct text text;

	if (self->json) {
		print_json(self, task, act, end, how);
		return;
	}
	text_init(&text, name, sizeof(name));
	text_escape(&text, class, strlen(class));
	if (strcmp(class, task->name) != 0) {
		text_add(&text, "/");
		text_escape(&text, task->name, strlen(task->name));
	}
	printf("%-20s %-30s %-11s %s\n", name, act, ends[end], how);
}

static void count(struct selftest *self, const struct task *task,
		  const char *act, enum act_end end, const char *how)
{
	self->n_tried++;
	self->n_bad += end != ACT_REFUSED;
	print_row(self, task, act, end, how);
}

/* ---- one act ---- */

/* Waits for the end of TASK's process, or brings it about. */
static int finish(struct task *task, int *status)
{
	int call = trial_call(task->listener, task->pidfd);

	kill(task->pid, SIGKILL);
	while (waitpid(task->pid, status, 0) < 0 && errno == EINTR)
		;
	cgroup_end(&task->group);
	fd_close(&task->listener);
	fd_close(&task->pidfd);
	task->pid = 0;
	return call;
}

/* ACT by a process that is confined as TASK: what came of it, with HOW. */
static enum act_end try(struct selftest *self, struct task *task,
			const struct act *act, char *how)
{
	const struct image *image = &self->solution.image;
	bool listed = act_is_listed(image, &image->tasks[task->index],
				    act->number);
	char *words[] = { (char *)(uintptr_t)task->name, "act",
			  (char *)(uintptr_t)act->name, NULL };
	char **own = task->argv;
	struct spawn_failure failure = { .step = STEP_NONE };
	struct spawn_held held;
	int call, status = 0, r;

	task->argv = words;
	task->executable = self->hostile;
	r = spawn(&self->spawner, task, self->fds, &held, &failure);
	task->argv = own;
	if (r < 0) {
		snprintf(how, ACT_HOW_SIZE, "not started: %s: %s",
			 failure.step == STEP_PROBE ?
			 confine_layer_name(failure.layer) :
			 confine_step_name(failure.step),
			 failure.error == EBADE ? "does not hold" :
			 strerror(failure.error));
		return ACT_UNKNOWN;
	}
	call = finish(task, &status);
	return act_judge(act, listed, call, status, how);
}

/* ---- a class ---- */

static bool same_list(struct image_list a, struct image_list b)
{
	return a.count == b.count && (a.count == 0 || a.first == b.first);
}

/* Whether what confines A confines B in the same way. */
static bool is_alike(const struct image_task *a, const struct image_task *b)
{
	return a->class_index == b->class_index && a->profile == b->profile
		&& a->threads == b->threads && a->preferred == b->preferred
		&& a->memory_kib == b->memory_kib && a->pids == b->pids
		&& a->cpu_percent == b->cpu_percent && a->files == b->files
		&& a->tmpfs == b->tmpfs && a->tmpfs_kib == b->tmpfs_kib
		&& a->probe == b->probe && same_list(a->syscalls, b->syscalls)
		&& same_list(a->read, b->read) && same_list(a->write, b->write);
}

static bool is_done(const struct image *image, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++)
		if (is_alike(&image->tasks[i], &image->tasks[index]))
			return true;
	return false;
}

static void try_class(struct selftest *self, struct task *task)
{
	char how[ACT_HOW_SIZE];

	self->n_classes++;
	if (try(self, task, &control, how) != ACT_SUCCEEDED) {
		count(self, task, control.name, ACT_UNKNOWN, how);
		return;		/* no act would tell anything */
	}
	for (size_t i = 0; i < N_ACTS; i++) {
		enum act_end end = try(self, task, &acts[i], how);

		count(self, task, acts[i].name, end, how);
	}
}

/* Descriptors as a program has them; nobody is at the other ends. */
static int open_fds(struct selftest *self)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), pair[2];

	if (null < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
				   pair) < 0)
		return -errno;
	for (size_t i = 0; i < MONITOR_FDS_MAX; i++)
		self->fds[i] = i < 3 ? null : pair[0];
	return 0;
}

static enum dkd_exit try_all(struct selftest *self)
{
	struct solution *solution = &self->solution;
	int r = spawner_init(&self->spawner, &self->machine);

	if (r < 0) {
		say("nothing can be started: %s", strerror(-r));
		return DKD_MACHINE;
	}
	if (!self->json)
		printf("%-20s %-30s %-11s %s\n", "CLASS", "ACT", "RESULT", "HOW");
	for (uint32_t i = 0; i < solution->n_tasks; i++)
		if (!is_done(&solution->image, i))
			try_class(self, &solution->tasks[i]);
	spawner_deinit(&self->spawner);
	if (!self->json)
		printf("%u sandboxes, %u acts, %u not refused\n",
		       self->n_classes, self->n_tried, self->n_bad);
	return self->n_bad || !self->n_tried ? DKD_PROGRAM : DKD_OK;
}

/* ---- what is needed for it ---- */

/* A folder that a program of it writes to would change its owner. */
static enum dkd_exit check_running(const struct selftest *self)
{
	int fd = open(self->options.image, O_RDONLY | O_CLOEXEC);
	char key[PATH_MAX];
	struct image image;
	enum dkd_exit exit;
	bool writes = false;
	void *bytes;
	size_t size;

	if (fd < 0 || !realpath(self->options.image, key))
		return DKD_OK;		/* it is said by who reads it */
	exit = solution_map(&image, &bytes, &size, fd, self->options.image);
	close(fd);
	if (exit != DKD_OK)
		return exit;
	for (uint32_t i = 0; i < image.n_tasks; i++)
		writes |= image.tasks[i].write.count > 0;
	munmap(bytes, size);
	if (!writes || rootless() || !uids_held(key))
		return DKD_OK;
	say("%s: runs, or another solution has its user ids: folders that it "
	    "writes to would be taken from it: stop it first",
	    self->options.image);
	return DKD_USAGE;
}

static enum dkd_exit open_hostile(struct selftest *self)
{
	int fd = open(self->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	enum dkd_exit exit;
	bool dynamic;

	if (fd < 0) {
		say("%s: %s", self->folder, strerror(errno));
		return DKD_MACHINE;
	}
	exit = executable_open(&self->hostile, fd, self->folder, HOSTILE,
			       &dynamic);
	close(fd);
	return exit;
}

static enum dkd_exit run(struct selftest *self)
{
	enum dkd_exit exit = check_running(self);

	if (exit != DKD_OK)
		return exit;
	exit = machine_init(&self->machine);
	if (exit != DKD_OK)
		return exit;
	machine_say_missing(&self->machine);
	exit = open_hostile(self);	/* while owners are known */
	if (exit != DKD_OK)
		return exit;
	exit = solution_init(&self->solution, &self->options, &self->machine);
	if (exit == DKD_OK && open_fds(self) < 0)
		exit = DKD_MACHINE;
	if (exit == DKD_OK)
		exit = machine_close(&self->machine);
	if (exit == DKD_OK)
		exit = try_all(self);
	solution_deinit(&self->solution);
	return exit;
}

/* ---- the command line ---- */

static int refuse(const char *what, const char *word)
{
	fprintf(stderr, "dk selftest: %s%s\n%.*s\n", what, word,
		(int)strcspn(help, "\n"), help);
	return -1;
}

/* 0 to go on, 1 after --help, -1 after an error. */
static int read_words(struct selftest *self, int argc, char **argv)
{
	static const struct option table[] = {
		{ "bin", required_argument, NULL, 'b' },
		{ "data", required_argument, NULL, 'd' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int id;

	opterr = 0;
	while ((id = getopt_long(argc, argv, "+:", table, NULL)) != -1) {
		if (id == 'b')
			self->options.bin = optarg;
		else if (id == 'd')
			self->options.data = optarg;
		else if (id == 'j')
			self->json = true;
		else if (id == 'h')
			return fputs(help, stdout) < 0 ? -1 : 1;
		else
			return refuse(id == ':' ? "wants a value: " :
				      "no such option: ", argv[optind - 1]);
	}
	if (argc - optind > 1)
		return refuse("one image only: ", argv[optind + 1]);
	if (argc == optind && (self->options.bin || self->options.data))
		return refuse("--bin and --data go with an image", "");
	self->options.image = argc > optind ? argv[optind] : NULL;
	return 0;
}

/* Where this program is; its own image, if it was given none. */
static int find_place(struct selftest *self)
{
	ssize_t n = readlink("/proc/self/exe", self->folder,
			     sizeof(self->folder) - 1);

	if (n <= 0)
		return -1;
	self->folder[n] = 0;
	*strrchr(self->folder, '/') = 0;
	snprintf(self->image, sizeof(self->image), "%s/" BUILT_IN, self->folder);
	if (!self->options.image)
		self->options.image = self->image;
	return 0;
}

int main(int argc, char **argv)
{
	static struct selftest self = { .hostile = -1 };
	int r = read_words(&self, argc, argv);

	if (r != 0)
		return r > 0 ? DKD_OK : DKD_USAGE;
	if (geteuid() != getuid() || getegid() != getgid()) {
		say("set-uid and set-gid are not for dk");
		return DKD_MACHINE;
	}
	if (find_place(&self) < 0) {
		say("its own place is not to be found: %s", strerror(errno));
		return DKD_MACHINE;
	}
	return (int)run(&self);
}
