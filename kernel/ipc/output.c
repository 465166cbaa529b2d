/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../base/text.h"
#include "channel.h"

void output_init(struct output *output, struct task *task)
{
	output->source = (struct source){ .kind = SOURCE_OUTPUT, .fd = -1 };
	output->task = task;
	output->used = 0;
	output->skipping = false;
}

static void emit(struct mediator *m, struct output *output, bool cut)
{
	struct task *task = output->task;
	char line[LIMIT_LINE * 4 + WIRE_NAME_MAX + 32];
	struct text text;

	if (!bucket_take(&task->lines, m->now_ms)) {
		task->lines_muted++;
		if (!m->summary.place)
			timer_arm(&m->timers, &m->summary,
				  m->now_ms + LIMIT_SUMMARY_MS);
	} else {
		text_init(&text, line, sizeof(line));
		text_add(&text, "[%s] ", task->name);
		text_escape(&text, output->line, output->used);
		if (cut)
			text_add(&text, " [cut]");
		log_task_line(&m->log, task->name, text.bytes, text.used);
	}
	output->used = 0;
}

static void take(struct mediator *m, struct output *output, const char *bytes,
		 size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n') {
			if (!output->skipping)
				emit(m, output, false);
			output->skipping = false;
		} else if (!output->skipping) {
			output->line[output->used++] = bytes[i];
			if (output->used == sizeof(output->line)) {
				emit(m, output, true);
				output->skipping = true;
			}
		}
	}
}

/* At most BUDGET bytes. Returns whether the pipe is open and was not empty. */
static bool drain(struct mediator *m, struct output *output, size_t budget)
{
	char bytes[4096];
	ssize_t n;

	while (budget > 0 && output->source.fd >= 0) {
		n = read(output->source.fd, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n <= 0) {
			source_close(m, &output->source);
			return false;
		}
		take(m, output, bytes, (size_t)n);
		budget -= (size_t)n < budget ? (size_t)n : budget;
		if ((size_t)n < sizeof(bytes))
			return true;
	}
	return true;
}

void output_read(struct mediator *m, struct output *output)
{
	drain(m, output, LIMIT_TURN_OUTPUT);
}

void output_close(struct mediator *m, struct output *output)
{
	/* A pipe holds 64 KiB unless somebody made it larger. */
	for (int i = 0; i < 256 && output->source.fd >= 0; i++)
		if (!drain(m, output, LIMIT_TURN_OUTPUT))
			break;
	if (output->used > 0)
		emit(m, output, false);
	source_close(m, &output->source);
}

void output_summarise(struct mediator *m, struct task *task)
{
	if (!task->lines_muted)
		return;
	log_say(&m->log, "%s: %llu more lines of its output were not shown",
		task->name, (unsigned long long)task->lines_muted);
	task->lines_muted = 0;
}
