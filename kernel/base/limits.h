/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Every limit of the mediator, by name. What is charged against one is given
 * back when the thing or its owner is gone.
 */
#ifndef DK_BASE_LIMITS_H
#define DK_BASE_LIMITS_H

#include <stdint.h>

/* One task, as the asker. Beyond: DK_QUOTA. */
#define LIMIT_CALLS		64u	/* calls under way */
#define LIMIT_CHANNELS		256u	/* client ends, static ones included */
#define LIMIT_LISTENERS		192u	/* listeners, static ones included */
#define LIMIT_CONNECTS		16u	/* KnCmConnect that wait */
#define LIMIT_LISTENS		8u	/* KnCmListen that wait */

/* One listener: requests delivered and not yet answered. Beyond: the mediator
   does not read what would go there. The bytes fit twice into the smallest
   socket buffer that Linux gives by default. */
#define LIMIT_LISTENER_CALLS	64u
#define LIMIT_LISTENER_BYTES	(200u << 10)
#define LIMIT_FRAME_COST	1024u	/* bytes charged for a frame beside its own */
#define LIMIT_SOCKET_BYTES	(208u << 10)	/* that a socket may hold unread;
					   Linux doubles it for its own needs */

/* Frames with descriptors that a task has not read. Beyond: DK_QUOTA. */
#define LIMIT_FD_FRAMES		4u

/* One task's turn in one wake-up of the mediator. */
#define LIMIT_TURN_BYTES	(192u << 10)
#define LIMIT_TURN_FRAMES	32u
#define LIMIT_TURN_OUTPUT	(16u << 10)	/* bytes of its standard output */
#define LIMIT_EVENTS		64u		/* sources served in one wake-up */

/* Token buckets of one task: so many at once, then so many a second. */
#define LIMIT_AUDIT_BURST	20u
#define LIMIT_AUDIT_RATE	5u
#define LIMIT_LINES_BURST	500u
#define LIMIT_LINES_RATE	100u
#define LIMIT_SUMMARY_MS	1000u	/* between counts of what was left out */

#define LIMIT_LINE		1024u	/* bytes of one line a program prints */
#define LIMIT_RECORD		8192u	/* bytes of one audit record */
#define LIMIT_RECORD_RULES	16u	/* rules told one by one in a record */
#define LIMIT_ENTRY		(24u << 10)	/* bytes of one entry of the journal */
#define LIMIT_LOG_RING		(512u << 10)	/* bytes not yet taken by our reader */
#define LIMIT_LOG_WRITE		4096u	/* bytes of one write: a pipe that is ready
					   takes so many without blocking */
#define LIMIT_LOG_FLUSH_MS	2000u	/* for the reader at the end */
#define LIMIT_ROUTES		4096u	/* routes counted with --trace */

#define LIMIT_NAMES		1024u	/* publications remembered, as many as the
					   name server has */

/* Who speaks to the control socket. Beyond: refused, told so, and closed. */
#define LIMIT_CONTROL		128u	/* connections */
#define LIMIT_CONTROL_KEPT	16u	/* of them, for root and the starter */
#define LIMIT_CONTROL_USER	32u	/* of one user, who is neither */
#define LIMIT_CONTROL_TURN	32u	/* answers to one of them in one wake-up */

/* Records kept to be asked for; the oldest go. */
#define LIMIT_RING_RECORDS	256u
#define LIMIT_RING_BYTES	(256u << 10)

#define LIMIT_STARTS		4u	/* starts asked for and not yet answered */

/* When the image's class says 0: an image from an older compiler. */
#define LIMIT_DEADLINE_MS	60000u

#endif
