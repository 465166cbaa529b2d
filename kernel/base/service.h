/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a service manager gives whom it starts: a socket to be told on, a journal
 * instead of standard output, a time within which it wants signs of life. The
 * launcher opens them, before its environment is gone; the mediator inherits
 * them, and can open nothing itself.
 */
#ifndef DK_BASE_SERVICE_H
#define DK_BASE_SERVICE_H

#include <stdint.h>

struct service {
	int notify_fd;		/* connected datagram socket; -1: nobody asks */
	int journal_fd;		/* the same; -1: standard output is no journal */
	uint32_t watchdog_ms;	/* 0: nobody waits for signs of life */
};

/* Reads the environment and opens what it names. What cannot be had is said on
   standard error and done without. */
void service_open(struct service *service);
void service_close(struct service *service);

/* FD if it is a datagram socket, -1 (and closed) if it is anything else. */
int service_inherited(int fd);

/* A connected datagram socket that never blocks and is none of 0, 1, 2. PATH may
   begin with '@': then it is an abstract name. Returns it, or -errno. */
int service_connect(const char *path);

#endif
