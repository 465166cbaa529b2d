/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../base/fd.h"
#include "confine_caps.h"
#include "confine_landlock.h"
#include "confine_userns.h"
#include "linux.h"
#include "raw.h"
#include "trial.h"

#define STACK_SIZE	(256u * 1024)
#define FLAGS		(CLONE_VM | CLONE_FILES | CLONE_VFORK | CLONE_PIDFD \
			 | CLONE_NEWPID | CLONE_NEWCGROUP | SIGCHLD)
/* The launcher must not wait for who waits for its answer. */
#define TRIAL_FLAGS	(CLONE_PIDFD | CLONE_NEWPID | CLONE_NEWCGROUP | SIGCHLD)

/* Everything the child reads and writes. At the other end of its stack, which it
   shares with the launcher even when it has memory of its own. */
struct start {
	const struct task *task;
	const struct spawner *spawner;
	int fds[MONITOR_FDS_MAX];	/* none below the task's number of them */
	int copies[MONITOR_FDS_MAX];	/* made for that, to be closed */
	size_t n_copies;
	struct sock_fprog program;
	uint64_t nonce;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct msghdr message;
	struct iovec part;
	char byte;
	/* what the child reports */
	volatile enum confine_step step;
	volatile int error;
	volatile bool has_keyring;
	struct probe probe;
	enum trial trial;	/* what is done instead of running the program */
	volatile bool runs;	/* false until the last step was reached: the
				   program, or the trial's act */
};

/* ---- the child, in the order of CONFINEMENT.md ---- */

CHILD static int enter_session(void)
{
	uint64_t none = 0;
	long r;

	r = RAW(SYS_setsid);
	if (r < 0)
		return (int)r;
	RAW(SYS_umask, 022);
	return (int)RAW(SYS_rt_sigprocmask, SIG_SETMASK, &none, 0, sizeof(none));
}

/* Without root, the user namespace stands in for it: the uid stays. */
CHILD static int enter_uid(const struct start *start)
{
	const struct task *task = start->task;

	return task->userns >= 0 ? userns_enter_made(task->userns,
						     start->spawner->n_caps) :
				   caps_enter_uid(task->uid);
}

/* In a pid namespace there is no parent to ask for: the pipe is. */
CHILD static int enter_pdeathsig(const struct start *start)
{
	struct pollfd alive;
	long r;

	r = RAW(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
	if (r < 0)
		return (int)r;
	/* Descriptors were the launcher's until here: the end of the pipe that
	   it holds is among those left behind. */
	r = RAW(SYS_close_range, TASK_FDS_KEPT, ~0u, CLOSE_RANGE_UNSHARE);
	if (r < 0)
		return (int)r;
	alive.fd = start->spawner->alive_read;
	alive.events = POLLIN;
	alive.revents = 0;
	r = RAW(SYS_poll, &alive, 1, 0);
	if (r < 0)
		return (int)r;
	return r == 0 ? 0 : -EOWNERDEAD;
}

CHILD static int enter_fds(const struct start *start)
{
	uint32_t n = start->task->n_fds;
	long r;

	for (uint32_t i = 0; i < n; i++) {
		r = RAW(SYS_dup3, start->fds[i], i, 0);
		if (r < 0)
			return (int)r;
	}
	/* Numbers below the limit on them are wanted by the listener. */
	r = RAW(SYS_close_range, n, TASK_FDS_TOOLS - 1, 0);
	if (r < 0)
		return (int)r;
	return (int)RAW(SYS_close_range, n, ~0u, CLOSE_RANGE_CLOEXEC);
}

CHILD static int enter_seccomp(struct start *start)
{
	long listener = seccomp_enter(&start->program);
	long r;

	if (listener < 0)
		return (int)listener;
	*(int *)(void *)(start->control + CMSG_LEN(0)) = (int)listener;
	r = RAW(SYS_sendmsg, start->spawner->give, &start->message,
		MSG_NOSIGNAL, 0, 0, start->nonce);
	return r < 0 ? (int)r : 0;
}

CHILD static int enter_keyring(struct start *start)
{
	int r = limits_enter_keyring();

	start->has_keyring = r == 0;
	if (r == -ENOSYS)
		start->probe.wanted &= ~(UINT32_C(1) << LAYER_KEYRING);
	return r == -ENOSYS ? 0 : r;
}

CHILD static void try(struct start *start)
{
	start->runs = true;
	trial_commit(start->trial);
	RAW(SYS_exit_group, TRIAL_SURVIVED, 0, 0, 0, 0, start->nonce);
}

#define DO(which, call) do { \
	start->step = (which); \
	start->error = -(call); \
	if (start->error != 0) \
		goto out; \
} while (0)

CHILD static int child(void *argument)
{
	struct start *start = argument;
	const struct task *task = start->task;

	DO(STEP_SESSION, enter_session());
	DO(STEP_PROBE, probe_spaces(&start->probe));
	DO(STEP_MOUNTS, fs_enter_tree(task->tree));
	DO(STEP_CGROUP, cgroup_enter(&task->group));
	DO(STEP_PROBE, probe_group(&start->probe));
	DO(STEP_RLIMITS, limits_enter(&task->limits));
	DO(STEP_KEYRING, enter_keyring(start));
	DO(STEP_UID, enter_uid(start));
	DO(STEP_PDEATHSIG, enter_pdeathsig(start));
	DO(STEP_CAPS, caps_enter_none());
	/* MDWE belongs to the memory, which is the launcher's: it has set it on
	   itself at load, and exec hands it on. */
	DO(STEP_NO_NEW_PRIVS, (int)RAW(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1));
	if (task->landlock >= 0)
		DO(STEP_LANDLOCK, landlock_enter(start->spawner->landlock));
	DO(STEP_FDS, enter_fds(start));
	DO(STEP_PROBE, probe_state(&start->probe));
	DO(STEP_SECCOMP, enter_seccomp(start));
	DO(STEP_PROBE, probe_filter(&start->probe));
	if (start->trial != TRIAL_NONE)
		try(start);
	start->step = STEP_EXEC;
	start->runs = true;
	start->error = -(int)RAW(SYS_execveat, start->spawner->executable, "",
				 task->argv, task->envp, AT_EMPTY_PATH,
				 start->nonce);
	start->runs = false;
out:
	RAW(SYS_exit_group, 127, 0, 0, 0, 0, start->nonce);
	return 127;	/* never reached */
}

/* ---- the launcher's side ---- */

/* FD, or a copy of it that is out of the way of the program's own and is not left
   behind with what is kept. */
static int lift(struct start *start, int fd)
{
	int n = (int)start->task->n_fds;

	if (fd >= n && fd < TASK_FDS_KEPT)
		return fd;
	fd = fcntl(fd, F_DUPFD_CLOEXEC, n);
	if (fd < 0)
		return -errno;
	start->copies[start->n_copies++] = fd;
	return fd < TASK_FDS_KEPT ? fd : -EMFILE;
}

static int put(int fd, int place)
{
	return dup3(fd, place, O_CLOEXEC) < 0 ? -errno : 0;
}

static void start_deinit(struct start *start)
{
	for (size_t i = 0; i < start->n_copies; i++)
		close(start->copies[i]);
	explicit_bzero(&start->nonce, sizeof(start->nonce));
}

static void prepare_message(struct start *start)
{
	struct cmsghdr *head;

	start->part = (struct iovec){ &start->byte, 1 };
	start->message = (struct msghdr){
		.msg_iov = &start->part, .msg_iovlen = 1,
		.msg_control = start->control,
		.msg_controllen = sizeof(start->control),
	};
	memset(start->control, 0, sizeof(start->control));
	head = CMSG_FIRSTHDR(&start->message);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
}

/* Of the layers that this task has. */
static void prepare_probe(struct start *start)
{
	const struct machine *machine = start->spawner->machine;
	const struct task *task = start->task;

	start->probe = (struct probe){
		.host = &machine->host, .limits = &task->limits,
		.group = &task->group, .wanted = machine->layers | task->layers,
		.uid = task->uid, .executable = start->spawner->executable,
		.refused = task->filter->refused,
		.no_code = task->filter->no_code, .failed = LAYER_N,
	};
	if (task->landlock < 0)
		start->probe.wanted &= ~(UINT32_C(1) << LAYER_LANDLOCK);
	if (!machine->mdwe && task->filter->no_code < 0)
		start->probe.wanted &= ~(UINT32_C(1) << LAYER_MDWE);
}

/* For one child; what the one before it reported is forgotten. */
static void prepare_child(struct start *start, enum trial trial)
{
	start->trial = trial;
	start->step = STEP_NONE;
	start->error = 0;
	start->has_keyring = start->runs = false;
	start->probe = (struct probe){ .failed = LAYER_N };
	if (start->task->probed)
		prepare_probe(start);
}

static int start_init(struct start *start, struct spawner *spawner,
		      const struct task *task, const int *fds)
{
	int r = 0;

	*start = (struct start){ .task = task, .spawner = spawner };
	for (uint32_t i = 0; i < task->n_fds && r >= 0; i++)
		r = start->fds[i] = lift(start, fds[i]);
	if (r >= 0)
		r = put(task->executable, spawner->executable);
	if (r == 0 && task->landlock >= 0)
		r = put(task->landlock, spawner->landlock);
	if (r == 0 && getrandom(&start->nonce, sizeof(start->nonce), 0)
	    != (ssize_t)sizeof(start->nonce))
		r = -EIO;
	if (r < 0)
		return r;
	start->program.filter = spawner->code;
	start->program.len = (unsigned short)filter_compose(spawner->code,
						task->filter, start->nonce);
	prepare_message(start);
	return 0;
}

/* The listener that the child sent, or -errno. */
static int take_listener(int fd)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	char byte;
	struct iovec part = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head;
	int listener;

	if (recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) < 0)
		return -errno;
	head = CMSG_FIRSTHDR(&message);
	if (!head || head->cmsg_level != SOL_SOCKET
	    || head->cmsg_type != SCM_RIGHTS
	    || head->cmsg_len != CMSG_LEN(sizeof(int)))
		return -EPROTO;
	memcpy(&listener, CMSG_DATA(head), sizeof(listener));
	return listener;
}

/* Ours until it is waited for: its number is nobody else's. */
static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static int fail(struct spawn_failure *failure, enum confine_step step, int error)
{
	failure->layer = LAYER_N;
	failure->step = step;
	failure->error = error;
	return -1;
}

static int run(struct spawner *spawner, struct start *start, struct task *task,
	       struct spawn_failure *failure)
{
	int listener, pidfd = -1;
	pid_t pid;

	prepare_child(start, TRIAL_NONE);
	pid = clone(child, spawner->stack + STACK_SIZE, (int)FLAGS, start,
		    &pidfd);
	if (pid < 0)
		return fail(failure, STEP_CLONE, errno);
	/* Of a start that failed too: the next one must not find it there. */
	listener = fd_lift(take_listener(spawner->take), TASK_FDS_KEPT);
	pidfd = fd_lift(pidfd, TASK_FDS_KEPT);
	if (!start->runs || listener < 0 || pidfd < 0) {
		int error = start->runs ? -(listener < 0 ? listener : pidfd)
			: start->error ? start->error : ECANCELED;

		reap(pid);
		fd_close(&listener);
		fd_close(&pidfd);
		fail(failure, start->runs ? STEP_SECCOMP : start->step, error);
		failure->layer = start->probe.failed;
		return -1;
	}
	task->pid = pid;
	task->pidfd = pidfd;
	task->listener = listener;
	return 0;
}

/* Whether its act came to the right end: if it came to it at all. */
static int judge_trial(const struct start *start, int call, int status,
		       struct spawn_failure *failure)
{
	if (start->runs && trial_holds(start->trial, call, status))
		return 0;
	if (start->runs && WIFEXITED(status))
		fail(failure, STEP_PROBE, EBADE);
	else
		fail(failure, start->runs ? STEP_PROBE : start->step,
		     start->runs || !start->error ? ECANCELED : start->error);
	failure->layer = start->probe.failed != LAYER_N ? start->probe.failed
		: trial_layer(start->trial);
	return -1;
}

/* One child, up to its act and to its end. */
static int run_trial(struct spawner *spawner, struct start *start,
		     struct spawn_failure *failure)
{
	int listener = -1, call = -1, status = 0, pidfd = -1;
	pid_t pid;

	pid = clone(child, spawner->stack + STACK_SIZE, (int)TRIAL_FLAGS, start,
		    &pidfd);
	if (pid < 0)
		return fail(failure, STEP_CLONE, errno);
	trial_await(spawner->take, pidfd);
	listener = take_listener(spawner->take);
	if (listener >= 0)
		call = trial_call(listener, pidfd);
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (listener < 0)	/* one that came too late */
		listener = take_listener(spawner->take);
	fd_close(&listener);
	fd_close(&pidfd);
	return judge_trial(start, call, status, failure);
}

/* Once for a filter: each act that it must not let anybody survive. */
static int run_trials(struct spawner *spawner, struct start *start,
		      struct filter *filter, struct spawn_failure *failure)
{
	for (int trial = TRIAL_NONE + 1; trial < TRIALS; trial++) {
		prepare_child(start, (enum trial)trial);
		if (run_trial(spawner, start, failure) < 0)
			return -1;
	}
	filter->tried = (uint32_t)time(NULL);
	return 0;
}

int spawn(struct spawner *spawner, struct task *task, const int *fds,
	  struct spawn_held *held, struct spawn_failure *failure)
{
	struct start *start = (void *)spawner->stack;
	int r = start_init(start, spawner, task, fds);

	if (r == 0 && task->probed && !task->filter->tried)
		r = run_trials(spawner, start, task->filter, failure);
	else if (r < 0)
		r = fail(failure, STEP_OPEN, -r);
	if (r == 0)
		r = run(spawner, start, task, failure);
	held->layers = spawner->machine->layers;
	if (!start->has_keyring)
		held->layers &= ~(UINT32_C(1) << LAYER_KEYRING);
	held->tried = task->probed ? task->filter->tried : 0;
	held->proven = start->probe.proven;
	if (held->tried)
		held->proven |= UINT32_C(1) << LAYER_SECCOMP
			| UINT32_C(1) << LAYER_EXEC_ONCE;
	explicit_bzero(spawner->code, SECCOMP_PRELUDE_N * sizeof(*spawner->code));
	start_deinit(start);
	return r;
}

static int open_fds(struct spawner *spawner)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	spawner->alive_read = ends[0];
	spawner->alive_write = fd_lift(ends[1], TASK_FDS_KEPT);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	spawner->take = ends[0];
	spawner->give = fd_lift(ends[1], TASK_FDS_TOOLS);
	spawner->executable = fcntl(spawner->give, F_DUPFD_CLOEXEC,
				    TASK_FDS_TOOLS);
	spawner->landlock = fcntl(spawner->give, F_DUPFD_CLOEXEC,
				  TASK_FDS_TOOLS);
	return spawner->alive_write < 0 || spawner->give < 0
		|| spawner->executable < 0 || spawner->landlock < 0
		|| spawner->give >= TASK_FDS_KEPT
		|| spawner->executable >= TASK_FDS_KEPT
		|| spawner->landlock >= TASK_FDS_KEPT ? -EMFILE : 0;
}

/* What deinit does nothing to. */
static const struct spawner none = {
	.alive_read = -1, .alive_write = -1, .take = -1, .give = -1,
	.executable = -1, .landlock = -1,
};

int spawner_init(struct spawner *spawner, const struct machine *machine)
{
	void *stack;
	int r = -ENOMEM;

	*spawner = none;
	spawner->machine = machine;
	spawner->n_caps = caps_count();
	spawner->code = calloc(BPF_MAXINSNS, sizeof(*spawner->code));
	stack = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stack != MAP_FAILED)
		spawner->stack = stack;
	if (spawner->code && spawner->stack)
		r = open_fds(spawner);
	if (r == 0)
		r = caps_lock(spawner->n_caps);
	if (r < 0)
		spawner_deinit(spawner);
	return r;
}

void spawner_deinit(struct spawner *spawner)
{
	free(spawner->code);
	if (spawner->stack)
		munmap(spawner->stack, STACK_SIZE);
	fd_close(&spawner->alive_read);
	fd_close(&spawner->alive_write);
	fd_close(&spawner->take);
	fd_close(&spawner->give);
	fd_close(&spawner->executable);
	fd_close(&spawner->landlock);
	*spawner = none;
}
