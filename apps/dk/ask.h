/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Asking a running daemon: its control socket is found, requests and answers go
 * over it. What is wrong is said here, on standard error, with what to do.
 */
#ifndef DK_APPS_DK_ASK_H
#define DK_APPS_DK_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "../../kernel/abi/control.h"

#define ASK_BODY_MAX 32768

/* The command line of a command that asks. */
struct ask_words {
	const char *command;
	const char *socket;	/* -s; NULL: the one daemon there is */
	bool json;
	bool sandbox;		/* ps */
	bool follow;		/* audit */
	const char *level;	/* audit; NULL: not asked for */
	const char *task;	/* spawn */
};

/* What a command takes beside -s and --help. */
enum ask_takes { ASK_JSON = 1, ASK_AUDIT = 2, ASK_TASK = 4,
		 ASK_SANDBOX = 8 };

struct ask {
	int fd;
	int daemon;		/* pidfd of it, -1 if there is none to have */
	char path[108];
};

struct ask_answer {
	struct control_answer head;
	char body[ASK_BODY_MAX];
	int fds[3];		/* of CONTROL_STARTED; else -1 */
};

/* Reads the words; HELP is what the command does. -1: go on; else the exit status,
   everything having been said. */
int ask_read_words(struct ask_words *words, int takes, const char *help,
		   int argc, char **argv);

/* 0, or the exit status. */
int ask_open(struct ask *ask, const struct ask_words *words);
void ask_close(struct ask *ask);
int ask_send(struct ask *ask, enum control_op op, unsigned argument,
	     const char *text);
/* The next answer; 0, or the exit status. */
int ask_receive(struct ask *ask, struct ask_answer *answer);
/* What CONTROL_DONE said about a request that was about WHAT: 0, or the exit
   status. */
int ask_done(const struct control_answer *done, const char *what);
/* Text I of the row whose struct has SIZE bytes; "" if it is not there. */
const char *ask_text(const struct ask_answer *answer, size_t size, unsigned i);

#endif
