/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Names: which are refused, and which one was meant. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* Of C17 and C++20, and macros that the headers we include always define. */
static const char *const refused[] = {
	"NULL", "_Alignas", "_Alignof", "_Atomic", "_Bool", "_Complex",
	"_Generic", "_Imaginary", "_Noreturn", "_Static_assert",
	"_Thread_local", "alignas", "alignof", "and", "and_eq", "asm", "assert",
	"auto", "base_", "bitand", "bitor", "bool", "break", "case", "catch", "char",
	"char16_t", "char32_t", "char8_t", "class", "co_await", "co_return",
	"co_yield", "compl", "concept", "const", "const_cast", "consteval",
	"constexpr", "constinit", "continue", "decltype", "default", "delete",
	"do", "double", "dynamic_cast", "else", "enum", "err_", "errno", "explicit",
	"export", "extern", "false", "float", "for", "friend", "goto", "if",
	"inline", "int", "linux", "long", "mutable", "namespace", "new",
	"noexcept", "none_", "not", "not_eq", "nullptr", "offsetof", "operator", "or",
	"or_eq", "private", "protected", "public", "register",
	"reinterpret_cast", "requires", "res_", "restrict", "return", "short", "signed",
	"sizeof", "static", "static_assert", "static_cast", "struct", "switch", "tag_",
	"template", "this", "thread_local", "throw", "true", "try", "typedef",
	"typeid", "typename", "typeof", "union", "unix", "unsigned", "using",
	"virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
};

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool begins(const char *name, const char *with)
{
	return !strncmp(name, with, strlen(with));
}

/* INT8_MAX, UINT_FAST16_MAX, SIZE_MAX, ...: macros of <stdint.h>. */
static bool is_stdint(const char *name)
{
	static const char *const types[] = {
		"INT8", "INT16", "INT32", "INT64", "INTMAX", "INTPTR",
		"INT_FAST8", "INT_FAST16", "INT_FAST32", "INT_FAST64",
		"INT_LEAST8", "INT_LEAST16", "INT_LEAST32", "INT_LEAST64",
		"PTRDIFF", "SIG_ATOMIC", "SIZE", "WCHAR", "WINT",
	};
	const char *last = strrchr(name, '_');
	size_t size;

	if (!last || (strcmp(last, "_MAX") && strcmp(last, "_MIN") &&
		      strcmp(last, "_WIDTH")))
		return false;
	name += begins(name, "UINT");
	size = (size_t)(last - name);
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strlen(types[i]) == size && !memcmp(name, types[i], size))
			return true;
	return false;
}

/*
 * Members of C structs stand in the headers as they are: no name that C keeps
 * for itself will do, and none that the library's headers have.
 */
bool xdl_check_member(struct xdl *xdl, const char *name, struct pos pos)
{
	static const char *const prefixes[] = {
		"INVALID_", "LAYOUT_", "NK_", "SCALAR_", "__", "layout_", "nk_",
	};
	bool kept = is_stdint(name) ||
		    (name[0] == '_' && name[1] >= 'A' && name[1] <= 'Z');

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		kept = kept || begins(name, prefixes[i]);
	if (!kept)
		return xdl_check_name(xdl, name, pos);
	diag_error(xdl->diags, pos,
		   "found '%s', expected a name that neither C nor the headers "
		   "of the library keep for themselves", name);
	return false;
}

bool xdl_check_name(struct xdl *xdl, const char *name, struct pos pos)
{
	if (bsearch(&name, refused, sizeof(refused) / sizeof(refused[0]),
		    sizeof(refused[0]), compare_names)) {
		diag_error(xdl->diags, pos,
			   "found '%s', expected a name that neither C, C++ nor the "
			   "generated code keeps for itself", name);
		return false;
	}
	if (strlen(name) > XDL_NAME_MAX) {
		diag_error(xdl->diags, pos,
			   "found a name of %zu bytes, expected at most %u",
			   strlen(name), XDL_NAME_MAX);
		return false;
	}
	return true;
}

/* What a package's C names would begin with, as those of the library do. */
static bool is_library(const char *name)
{
	static const char *const parts[] = {
		"Handle", "LAYOUT", "NK", "SCALAR", "layout", "nk",
	};
	size_t size = strcspn(name, "._");

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (strlen(parts[i]) == size && !memcmp(name, parts[i], size))
			return true;
	return false;
}

bool xdl_check_qname(struct xdl *xdl, const char *name, struct pos pos)
{
	const char *dot = strrchr(name, '.');

	if (strlen(name) > XDL_NAME_MAX)
		return xdl_check_name(xdl, name, pos);
	if (is_library(name)) {
		diag_error(xdl->diags, pos, "found '%s', expected a name that "
			   "does not begin as those of the C library of "
			   "programs do", name);
		return false;
	}
	return xdl_check_name(xdl, dot ? dot + 1 : name, pos);
}

const char *xdl_suggest(struct xdl *xdl, const char *name,
			const char *const *candidates, size_t n)
{
	const char *nearest = diag_nearest(name, candidates, n);

	return nearest ? arena_printf(xdl->arena, "; did you mean '%s'?",
				      nearest) : "";
}

void xdl_no_file(struct xdl *xdl, const char *what, const char *name,
		 const char *ext, struct pos where)
{
	const char *near = source_nearest(xdl->sources, name, ext);

	diag_error(xdl->diags, where, "found no file %s of the %s '%s' below "
		   "the include directories (-I)%s%s%s",
		   source_file_name(xdl->arena, name, ext), what, name,
		   near ? "; did you mean '" : "", near ? near : "",
		   near ? "'?" : "");
}
