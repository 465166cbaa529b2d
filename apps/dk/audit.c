/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* dk audit: records of decisions, the last ones and those to come; the level. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "dk.h"

static const char help[] =
	"Prints the last records of decisions, the oldest first.\n";

static bool read_level(const char *text, unsigned *level)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	*level = (unsigned)value;
	return isdigit((unsigned char)*text) && !*end && value <= UINT32_MAX;
}

static int set_level(struct ask *ask, unsigned level)
{
	struct ask_answer answer;
	int r = ask_send(ask, CONTROL_LEVEL, level, NULL);

	if (!r)
		r = ask_receive(ask, &answer);
	return r ? r : ask_done(&answer.head, "audit");
}

static void print_lost(unsigned long long n, bool json)
{
	if (json)
		printf("{\"what\":\"lost\",\"count\":%llu}\n", n);
	else
		printf("dk: %llu records were not seen: they came faster than "
		       "they were read\n", n);
}

static void print_record(const struct ask_answer *answer, bool json)
{
	struct control_record record;
	const char *text = answer->body + sizeof(record);

	if (answer->head.size < sizeof(record))
		return;
	memcpy(&record, answer->body, sizeof(record));
	if ((uint64_t)record.n_text + record.n_json >
	    answer->head.size - sizeof(record))
		return;
	/* Escaped by the daemon already. */
	if (json)
		fwrite(text + record.n_text, 1, record.n_json, stdout);
	else
		fwrite(text, 1, record.n_text, stdout);
	putchar('\n');
}

static int print_all(struct ask *ask, const struct ask_words *words)
{
	struct ask_answer answer;
	int r = ask_send(ask, CONTROL_AUDIT, words->follow ? CONTROL_FOLLOW :
			 CONTROL_LAST, NULL);

	while (!r && !(r = ask_receive(ask, &answer))) {
		if (answer.head.kind == CONTROL_DONE)
			return ask_done(&answer.head, "audit");
		if (answer.head.kind == CONTROL_LOST)
			print_lost(answer.head.value, words->json);
		else if (answer.head.kind == CONTROL_RECORD)
			print_record(&answer, words->json);
		if (fflush(stdout) != 0)
			return DK_BROKEN;	/* nobody reads us */
	}
	return r;
}

int dk_audit(int argc, char **argv)
{
	struct ask_words words;
	struct ask ask;
	unsigned level = 0;
	int r = ask_read_words(&words, ASK_JSON | ASK_AUDIT, help, argc, argv);

	if (r >= 0)
		return r;
	if (words.level && (!read_level(words.level, &level) || words.follow ||
			    words.json)) {
		fprintf(stderr, "dk audit: --level wants a number, and no other "
			"option: %s\n", words.level);
		return DK_USAGE;
	}
	r = ask_open(&ask, &words);
	if (r)
		return r;
	r = words.level ? set_level(&ask, level) : print_all(&ask, &words);
	ask_close(&ask);
	return r;
}
