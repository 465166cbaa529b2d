/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dk spawn: a task is started, its standard streams are ours, and so is its exit
   status. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../kernel/base/monitor.h"
#include "ask.h"
#include "dk.h"
#include "relay.h"

static const char help[] =
	"Starts a task that init.yaml lists with `start: demand`, and waits for its "
	"end. Its\nstandard streams are pipes to ours. ^C asks it to end; twice, and "
	"dk does not wait.\n";

struct spawn {
	struct ask ask;
	struct ask_answer answer;
	const char *task;
	int signals;
	struct relay in, out, err;
	bool started, exited, over;
	bool asked;		/* to end */
	int status;		/* of ours */
};

/* As a shell has it. */
static int exit_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
				     WEXITSTATUS(status);
}

static void begin(struct spawn *spawn)
{
	int *fds = spawn->answer.fds;

	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	relay_init(&spawn->in, STDIN_FILENO, fds[0], false);
	relay_init(&spawn->out, fds[1], STDOUT_FILENO, isatty(STDOUT_FILENO));
	relay_init(&spawn->err, fds[2], STDERR_FILENO, isatty(STDERR_FILENO));
	spawn->started = true;
}

static void end(struct spawn *spawn)
{
	const struct control_answer *done = &spawn->answer.head;

	spawn->over = true;
	if (spawn->exited)
		return;
	if (done->status == CONTROL_FAILED)
		fprintf(stderr, "dk: %s: %s failed\n", spawn->task,
			done->value < STEP_N ? "confining or running it" : "it");
	spawn->status = ask_done(done, spawn->task);
}

static void hear(struct spawn *spawn)
{
	int r = ask_receive(&spawn->ask, &spawn->answer);

	if (r) {
		spawn->over = true;
		spawn->status = r;
		return;
	}
	switch (spawn->answer.head.kind) {
	case CONTROL_STARTED:
		begin(spawn);
		break;
	case CONTROL_EXITED:
		spawn->exited = true;
		spawn->status = exit_of((int)spawn->answer.head.value);
		break;
	case CONTROL_DONE:
		end(spawn);
		break;
	}
}

static void heed(struct spawn *spawn)
{
	struct signalfd_siginfo info;

	if (read(spawn->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (spawn->asked) {	/* closing the socket asks once more */
		spawn->over = true;
		spawn->status = 128 + (int)info.ssi_signo;
		return;
	}
	spawn->asked = true;
	ask_send(&spawn->ask, CONTROL_END, 0, NULL);
}

static void step(struct spawn *spawn)
{
	struct pollfd fds[5] = {
		{ spawn->ask.fd, POLLIN, 0 }, { spawn->signals, POLLIN, 0 },
		{ -1, 0, 0 }, { -1, 0, 0 }, { -1, 0, 0 },
	};

	if (spawn->started) {
		fds[2] = relay_poll(&spawn->in);
		fds[3] = relay_poll(&spawn->out);
		fds[4] = relay_poll(&spawn->err);
	}
	if (poll(fds, 5, -1) < 0)
		return;
	if (spawn->started) {
		relay_step(&spawn->in, &fds[2], false);
		relay_step(&spawn->out, &fds[3], true);
		relay_step(&spawn->err, &fds[4], true);
		/* Nobody prints to a stream that nobody reads. */
		if (spawn->out.to < 0 && spawn->out.from >= 0) {
			close(spawn->out.from);
			spawn->out.from = -1;
		}
	}
	if (fds[1].revents)
		heed(spawn);
	if (fds[0].revents)
		hear(spawn);
}

/* What the program printed before its end is still in the pipes. */
static void drain(struct spawn *spawn)
{
	struct relay *last[] = { &spawn->out, &spawn->err };

	for (int i = 0; i < 2 && spawn->started; i++)
		while (!relay_is_over(last[i])) {
			struct pollfd fd = relay_poll(last[i]);

			if (poll(&fd, 1, -1) > 0)
				relay_step(last[i], &fd, true);
		}
}

static int open_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

int dk_spawn(int argc, char **argv)
{
	static struct spawn spawn;
	struct ask_words words;
	int r = ask_read_words(&words, ASK_TASK, help, argc, argv);

	if (r >= 0)
		return r;
	r = ask_open(&spawn.ask, &words);
	if (r)
		return r;
	spawn.task = words.task;
	spawn.signals = open_signals();
	r = ask_send(&spawn.ask, CONTROL_SPAWN, 0, words.task);
	if (r || spawn.signals < 0)
		return r ? r : DK_BROKEN;
	while (!spawn.over)
		step(&spawn);
	if (spawn.exited)
		drain(&spawn);
	ask_close(&spawn.ask);
	return spawn.status;
}
