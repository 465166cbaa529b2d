/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "name.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Of C17 and C++20, those that are written as a package may be. Sorted. */
static const char *const keywords[] = {
	"alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor",
	"bool", "break", "case", "catch", "char", "char16_t", "char32_t",
	"char8_t", "class", "co_await", "co_return", "co_yield", "compl",
	"concept", "const", "const_cast", "consteval", "constexpr", "constinit",
	"continue", "decltype", "default", "delete", "do", "double",
	"dynamic_cast", "else", "enum", "explicit", "export", "extern", "false",
	"float", "for", "friend", "goto", "if", "inline", "int", "long",
	"mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
	"operator", "or", "or_eq", "private", "protected", "public", "register",
	"reinterpret_cast", "requires", "restrict", "return", "short", "signed",
	"sizeof", "static", "static_assert", "static_cast", "struct", "switch",
	"template", "this", "thread_local", "throw", "true", "try", "typedef",
	"typeid", "typename", "typeof", "union", "unsigned", "using", "virtual",
	"void", "volatile", "wchar_t", "while", "xor", "xor_eq",
};

/*
 * Folders of our own headers and standard files; and `build`, where the new
 * solution's Makefile writes. Sorted.
 */
static const char *const taken[] = {
	"build", "coresrv", "dk", "kl", "kos", "layout", "nk", "rtl",
};

/* C names of the library begin so: dkc takes no package that does. */
static const char *const library[] = { "layout_", "nk_" };

static int compare(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

#define IS_IN(table, name) \
	(bsearch(&(name), table, sizeof(table) / sizeof((table)[0]), \
		 sizeof((table)[0]), compare) != NULL)

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

const char *name_fault(const char *name)
{
	size_t n = strlen(name);

	if (!n)
		return "a name";
	if (n > NAME_MAX_BYTES)
		return "at most 64 letters, digits and '_'";
	for (size_t i = 0; i < n; i++) {
		if (name[i] >= 'A' && name[i] <= 'Z')
			return "a package's name, which has small letters only";
		if (!is_lower(name[i]) && !is_digit(name[i]) && name[i] != '_')
			return "small letters a to z, digits and '_' only";
	}
	if (!is_lower(name[0]))
		return "a letter at its beginning";
	if (name[n - 1] == '_' || strstr(name, "__"))
		return "a letter or digit after each '_'";
	if (IS_IN(keywords, name))
		return "a name that is no keyword of C or C++";
	if (IS_IN(taken, name))
		return "a name that dk does not use itself";
	for (size_t i = 0; i < sizeof(library) / sizeof(library[0]); i++)
		if (!strncmp(name, library[i], strlen(library[i])))
			return "a beginning that dk does not use itself";
	return NULL;
}
