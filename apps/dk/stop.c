/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dk stop: every program is asked to end, and the daemon with them. */
#include <poll.h>

#include "ask.h"
#include "dk.h"

/* The daemon itself, or its end of the socket if it cannot be watched. */
static void wait_for_end(struct ask *ask)
{
	struct pollfd end = { ask->daemon >= 0 ? ask->daemon : ask->fd, POLLIN,
			      0 };

	while (poll(&end, 1, -1) < 0)
		;
}

int dk_stop(int argc, char **argv)
{
	struct ask_answer answer;
	struct ask_words words;
	struct ask ask;
	int r = ask_read_words(&words, 0, "Ends every program, and the daemon, "
			       "and waits until all have.\n", argc, argv);

	if (r >= 0)
		return r;
	r = ask_open(&ask, &words);
	if (r)
		return r;
	r = ask_send(&ask, CONTROL_STOP, 0, NULL);
	if (!r)
		r = ask_receive(&ask, &answer);
	if (!r)
		r = ask_done(&answer.head, "stop");
	if (!r)
		wait_for_end(&ask);
	ask_close(&ask);
	return r;
}
