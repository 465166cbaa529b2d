/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "check.h"

#include <string.h>

static const char mark[] = "dkc check:";

struct check_silence {
	struct pos pos;
	enum check_name name;	/* CHECK_N: there is none of that name */
	const char *word;
	uint32_t last_line;	/* that the comment reaches */
	bool reason, used;
};

static const char *const words[CHECK_N] = {
	[CHECK_UNMATCHED] = "unmatched",
	[CHECK_DENIES] = "denies",
	[CHECK_GRANTS_REST] = "grants-rest",
	[CHECK_NO_RESPONSE] = "no-response",
	[CHECK_UNCALLED] = "uncalled",
	[CHECK_UNSTARTABLE] = "unstartable",
	[CHECK_ANYONE] = "anyone",
	[CHECK_UNREACHABLE] = "unreachable",
	[CHECK_UNENTERED] = "unentered",
	[CHECK_POOL] = "pool",
	[CHECK_SILENCE] = "silence",
};

const char *check_word(enum check_name name)
{
	return words[name];
}

static enum check_name find_name(const char *word)
{
	int name = 0;

	while (name < CHECK_N && strcmp(words[name], word) != 0)
		name++;
	return (enum check_name)name;
}

/* The line that the comment around TEXT ends on: a block's, or its own. */
static uint32_t last_line(const char *line_start, const char *text,
			  uint32_t line)
{
	const char *end = strstr(text, "*/"), *begin = strstr(line_start, "//");

	if ((begin && begin < text) || !end)
		return line;
	for (; text < end; text++)
		line += *text == '\n';
	return line;
}

static bool has_letter(const char *text)
{
	for (; *text && *text != '\n'; text++) {
		if (text[0] == '*' && text[1] == '/')
			return false;
		if ((*text | 0x20) >= 'a' && (*text | 0x20) <= 'z')
			return true;
	}
	return false;
}

static void read_silence(struct check *check, const struct source *source,
			 const char *start, const char *at, uint32_t line)
{
	struct check_silence silence = { 0 };
	size_t size;

	silence.pos = (struct pos){
		.source = source, .line = line,
		.offset = (uint32_t)(at - source->text),
		.column = (uint32_t)(at - start) + 1,
		.length = sizeof(mark) - 1,
	};
	silence.last_line = last_line(start, at, line);
	at += sizeof(mark) - 1;
	at += strspn(at, " \t");
	size = strspn(at, "abcdefghijklmnopqrstuvwxyz-");
	silence.word = arena_strndup(check->arena, at, size);
	silence.name = find_name(silence.word);
	at += size;
	silence.reason = *at == ':' && has_letter(at + 1);
	*ARENA_PUSH(check->arena, check->silences, check->n_silences,
		    check->silences_capacity) = silence;
}

static void read_source(struct check *check, const struct source *source)
{
	const char *start = source->text, *at;

	for (uint32_t line = 1; *start; line++) {
		size_t size = strcspn(start, "\n");

		at = strstr(start, mark);
		if (!at)
			return;
		if (at < start + size)
			read_silence(check, source, start, at, line);
		start += size + (start[size] == '\n');
	}
}

void check_read_silences(struct check *check)
{
	for (const struct source *source = check->sources->first; source;
	     source = source->next)
		read_source(check, source);
}

bool check_silenced(struct check *check, enum check_name name,
		    struct pos where)
{
	bool silenced = false;

	for (size_t i = 0; i < check->n_silences; i++) {
		struct check_silence *silence = &check->silences[i];

		if (silence->name != name || !silence->reason ||
		    silence->pos.source != where.source)
			continue;
		if (silence->pos.line != where.line &&
		    silence->last_line + 1 != where.line)
			continue;
		silence->used = silenced = true;
	}
	return silenced;
}

void check_silences(struct check *check)
{
	for (size_t i = 0; i < check->n_silences; i++) {
		const struct check_silence *silence = &check->silences[i];
		const char *near = diag_nearest(silence->word, words, CHECK_N);

		if (silence->name == CHECK_N)
			check_say(check, CHECK_SILENCE, silence->pos,
				  "no warning has the name '%s'%s%s%s",
				  silence->word, near ? "; '" : "",
				  near ? near : "", near ? "' is near" : "");
		else if (!silence->reason)
			check_say(check, CHECK_SILENCE, silence->pos,
				  "a reason is missing: %s %s: why it is meant",
				  mark, silence->word);
		else if (!silence->used)
			check_say(check, CHECK_SILENCE, silence->pos,
				  "there is no warning '%s' here to silence",
				  silence->word);
	}
}
