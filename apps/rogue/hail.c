/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "hail.h"
#include "sizes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool call_well(int fd)
{
	static struct frame f;
	struct wire_chunk chunk;
	uint16_t status;

	raw_request(&f, rogue_IEcho_Echo_mid, FIXED(Echo));
	chunk = raw_store(&f, "well", 5);
	memcpy(f.body, &chunk, sizeof(chunk));
	if (raw_send(fd, &f) < 0)
		return false;
	return raw_answer(fd, f.header.call, 3000, &status) == WIRE_RESPONSE;
}

void hail_good(const char *name, int fd, uint32_t n)
{
	uint32_t good = 0;

	for (uint32_t i = 0; i < n; i++)
		good += call_well(fd);
	say("%s: good %u of %u", name, good, n);
}

void hail(const char *name, int fd, uint32_t n,
	  size_t (*make)(struct frame *frame, uint32_t i))
{
	static struct frame f, answer;
	uint32_t sent = 0, silent = 0, good = 0, tried = 0, responses = 0;
	uint32_t statuses[DK_N_STATUS] = { 0 };
	char line[400];
	int at;

	for (uint32_t i = 0; i < n; i++) {
		size_t size = make(&f, i);
		ssize_t got;

		if (raw_send_bytes(fd, &f, size, 0) < 0) {
			say("%s: send failed: %d after %u", name, errno, sent);
			break;
		}
		sent++;
		/* After some silence do not wait long for more of it. */
		got = raw_recv(fd, &answer, silent < 3 ? 2000 : 1);
		if (got < 0) {
			silent++;
		} else if (got == 0) {
			say("%s: the socket ended after %u", name, sent);
			break;
		} else if (answer.header.kind == WIRE_STATUS &&
			   answer.header.status < DK_N_STATUS) {
			statuses[answer.header.status]++;
		} else {
			responses++;
		}
		if (i % 1000 == 999) {
			tried++;
			good += call_well(own.victim);
		}
	}
	at = snprintf(line, sizeof(line), "sent %u, silent %u, good %u of %u",
		      sent, silent, good, tried);
	if (responses)
		at += snprintf(line + at, sizeof(line) - (size_t)at,
			       ", responses %u", responses);
	for (unsigned s = 0; s < DK_N_STATUS; s++) {
		if (statuses[s])
			at += snprintf(line + at, sizeof(line) - (size_t)at,
				       ", %s %u", status_name(s), statuses[s]);
	}
	say("%s: %s", name, line);
}
