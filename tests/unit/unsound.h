/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A table of what makes an image unsound, and where the loader is to find it.
 * UNSOUND(X) of a suite is rows X(name, what is changed, section of the fault);
 * UNSOUND_TABLE after it makes `unsound`.
 */
#ifndef TESTS_UNIT_UNSOUND_H
#define TESTS_UNIT_UNSOUND_H

#include "../../kernel/security/image.h"
#include "support/suite.h"

struct unsound {
	const char *name;
	void (*change)(void);
	uint32_t section;
};

#define UNSOUND_CHANGE(name, change, where) \
	static void name(void) { (void)(change); }
#define UNSOUND_ROW(name, change, where) { #name, name, where },
#define UNSOUND_TABLE \
	UNSOUND(UNSOUND_CHANGE) \
	static const struct unsound unsound[] = { UNSOUND(UNSOUND_ROW) };

/* The N BYTES, changed as ROW says, are refused there; LOADED is then what the
   loader leaves of them. */
static inline void unsound_expect(const struct unsound *row, void *bytes,
				  size_t n, struct image *loaded)
{
	struct image_fault why;

	ck_assert_msg(!image_load(loaded, bytes, n, &why), "%s was loaded",
		      row->name);
	ck_assert_msg(why.section == row->section,
		      "%s: section %u, not %u: %s", row->name, why.section,
		      row->section, why.what);
}

#endif
