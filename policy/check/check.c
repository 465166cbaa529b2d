/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>

#define SENTENCE_MAX 3072

void check_say(struct check *check, enum check_name name, struct pos where,
	       const char *format, ...)
{
	char sentence[SENTENCE_MAX];	/* three names of LEX_NAME_MAX are cut */
	va_list arguments;

	if (check_silenced(check, name, where))
		return;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	diag_warning(check->diags, where, "%s [%s]", sentence,
		     check_word(name));
	check->found++;
}

size_t check_policy(struct check *check)
{
	check_read_silences(check);
	check_rules(check);
	check_routes(check);
	check_models(check);
	check_silences(check);
	return check->found;
}
