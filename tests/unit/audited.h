/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The sample's client asks, and what is recorded of it comes out of a pipe. */
#ifndef TESTS_UNIT_AUDITED_H
#define TESTS_UNIT_AUDITED_H

#include <fcntl.h>
#include <unistd.h>

#include "../../kernel/audit/audit.h"
#include "../../kernel/security/decide.h"
#include "support/image_maker.h"
#include "support/suite.h"

static struct maker maker;
static struct image image;
static struct audit audit;
static struct log ring;
static struct trace trace;
static struct security_state state;
static void *file;
static size_t file_size;
static int fds[2];
static char taken[1 << 16];

static void audited_begin(void)
{
	maker_sample(&maker);
	ck_assert_int_eq(pipe2(fds, O_NONBLOCK), 0);
	log_init(&ring, fds[1]);
}

static void audited_end(void)
{
	maker_free_file(file, file_size);
	maker_deinit(&maker);
	close(fds[0]);
	close(fds[1]);
}

/* The client's request to SLOT. */
static enum verdict ask(uint32_t slot)
{
	struct event event = { .kind = EVENT_REQUEST,
			       .src_class = SAMPLE_CLIENT,
			       .dst_class = SAMPLE_SERVER, .slot = slot,
			       .src_sid = 5, .dst_sid = 4 };

	return decide(&image, &state, &event, &trace);
}

/* What becomes of RECORD; valid until the next. */
static const char *written(const struct audit_record *record)
{
	ssize_t n;

	audit_write(&audit, NULL, 0, record);
	log_pump(&ring);
	n = read(fds[0], taken, sizeof(taken) - 1);
	ck_assert_int_gt(n, 0);
	taken[n] = '\0';
	return taken;
}

#endif
