/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The front end: lexer, diagnostics, and EDL, CDL, IDL down to their layout. */
#include <check.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../kernel/abi/image.h"
#include "../../policy/front/lex.h"
#include "../../policy/xdl/xdl.h"
#include "support/suite.h"

static struct arena *arena;
static struct diags *diags;
static struct sources sources;
static struct xdl *xdl;
static char folder[] = "/tmp/policy-xdl-XXXXXX";
static const char *dirs[1];
static const struct pos nowhere;

static void start(void)
{
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	arena = arena_new();
	diags = diags_new(arena);
	dirs[0] = folder;
	sources = (struct sources){ .arena = arena, .dirs = dirs, .n_dirs = 1 };
	xdl = xdl_new(arena, &sources, diags);
}

static void stop(void)
{
	char *command = arena_printf(arena, "rm -rf %s", folder);

	ck_assert_int_eq(system(command), 0);
	arena = arena_free(arena);
}

static char *path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

static void write_bytes(const char *name, const char *text, size_t size)
{
	FILE *file = fopen(path_of(name), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fwrite(text, 1, size, file), size);
	fclose(file);
}

static void write_file(const char *name, const char *text)
{
	write_bytes(name, text, strlen(text));
}

static const struct xdl_interface *read_interface(const char *name,
						  const char *text)
{
	write_file(arena_printf(arena, "%s.idl", name), text);
	return xdl_interface(xdl, name, nowhere);
}

/* What would be printed, the folder's name left out. */
static const char *printed(void)
{
	char *text = NULL, *clean, *to;
	const char *from;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	diags_print(diags, stream, 0);
	fclose(stream);
	clean = to = arena_alloc(arena, size + 1);
	for (from = text; *from;)
		if (!strncmp(from, folder, strlen(folder)))
			from += strlen(folder) + 1;
		else
			*to++ = *from++;
	free(text);
	return clean;
}

static void expect_error(const char *part)
{
	ck_assert_uint_gt(diags_errors(diags), 0);
	if (!strstr(printed(), part))
		ck_abort_msg("'%s' is not in: %s", part, printed());
}

/* ---- lexer and diagnostics ---- */

START_TEST(the_lexer_takes_the_longest_spelling)
{
	static const char *const want[] = {
		"==>", "==", "=", "<-", "<<", "<=", "~>", "~", "**", "*", "a_1",
	};
	struct lexer lexer;
	size_t i;

	write_file("a", "==>===<-<<<=~>~ ** * a_1");
	lex_init(&lexer, arena, diags,
		 source_open(&sources, diags, path_of("a"), nowhere));
	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		ck_assert_str_eq(lexer.token.text, want[i]);
		lex_next(&lexer);
	}
	ck_assert_int_eq(lexer.token.kind, TOKEN_END);
	lex_next(&lexer);
	ck_assert_int_eq(lexer.token.kind, TOKEN_END);
	ck_assert_uint_eq(diags_errors(diags), 0);
}
END_TEST

START_TEST(a_text_is_decoded_and_placed)
{
	struct lexer lexer;

	write_file("a", "/* x\n */\t\"a\\\"\\\\\\n\\x41\" 0x1f 0o17 99");
	lex_init(&lexer, arena, diags,
		 source_open(&sources, diags, path_of("a"), nowhere));
	ck_assert_int_eq(lexer.token.kind, TOKEN_TEXT);
	ck_assert_str_eq(lexer.token.text, "a\"\\\nA");
	ck_assert_uint_eq(lexer.token.pos.line, 2);
	ck_assert_uint_eq(lexer.token.pos.column, 5);
	ck_assert(lexer.token.spaced);
	lex_next(&lexer);
	ck_assert_uint_eq(lexer.token.number, 31);
	lex_next(&lexer);
	ck_assert_uint_eq(lexer.token.number, 15);
	lex_next(&lexer);
	ck_assert_uint_eq(lexer.token.number, 99);
}
END_TEST

START_TEST(errors_come_in_the_order_of_the_text_and_once)
{
	const struct source *source;
	struct pos first = { 0 }, second = { 0 };

	write_file("a", "one\n\ttwo three\n");
	source = source_open(&sources, diags, path_of("a"), nowhere);
	ck_assert_ptr_eq(source, source_open(&sources, diags, path_of("a"),
					     nowhere));
	first = (struct pos){ source, 0, 3, 1, 1 };
	second = (struct pos){ source, 9, 5, 2, 6 };
	diag_error(diags, second, "later");
	diag_note(diags, first, "because");
	diag_error(diags, first, "earlier");
	diag_error(diags, second, "later");
	diag_note(diags, first, "because");
	diag_warning(diags, nowhere, "of the command line");
	ck_assert_uint_eq(diags_errors(diags), 2);
	ck_assert_str_eq(printed(),
			 "dkc: warning: of the command line\n"
			 "a:1:1: error: earlier\none\n^~~\n"
			 "a:2:6: error: later\n\ttwo three\n\t    ^~~~~\n"
			 "a:1:1: note: because\none\n^~~\n");
}
END_TEST

START_TEST(a_terminal_does_not_obey_a_source)
{
	read_interface("A", "package A \033[2J\n");
	expect_error("?[2J");
	ck_assert_ptr_null(strchr(printed(), '\033'));
}
END_TEST

START_TEST(the_nearest_name_is_near)
{
	static const char *const names[] = { "width", "height", "ab" };

	ck_assert_str_eq(diag_nearest("widht", names, 3), "width");
	ck_assert_str_eq(diag_nearest("hight", names, 3), "height");
	ck_assert_ptr_null(diag_nearest("depth", names, 3));
	ck_assert_ptr_null(diag_nearest("xy", names, 3));
	ck_assert_ptr_null(diag_nearest("x", names, 0));
}
END_TEST

START_TEST(a_source_must_be_text)
{
	static const char *const bad[] = {
		"\xc0\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\x80",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *name = arena_printf(arena, "bad%zu", i);

		write_file(name, bad[i]);
		ck_assert_ptr_null(source_open(&sources, diags, path_of(name),
					       nowhere));
		ck_assert_uint_eq(diags_errors(diags), i + 1);
	}
	write_bytes("nul", "a\0b", 3);
	ck_assert_ptr_null(source_open(&sources, diags, path_of("nul"), nowhere));
	ck_assert_ptr_null(source_open(&sources, diags, folder, nowhere));
	ck_assert_ptr_null(source_open(&sources, diags, path_of("none"), nowhere));
	ck_assert_uint_eq(diags_errors(diags), i + 3);
	ck_assert_ptr_null(source_find(&sources, diags, "none.A", "idl"));
	ck_assert_uint_eq(diags_errors(diags), i + 3);
}
END_TEST

/* ---- interfaces ---- */

START_TEST(a_method_has_its_parts_and_numbers)
{
	const struct xdl_interface *interface = read_interface("Ping",
		"package Ping\ninterface {\n  First();\n"
		"  Ping(in UInt8 a, in UInt32 b, out string<5> c, error UInt16 d);\n"
		"}\n");
	const struct xdl_method *ping;

	ck_assert_ptr_nonnull(interface);
	ck_assert_str_eq(interface->name, "Ping");
	ck_assert_uint_eq(interface->n_methods, 2);
	ck_assert_uint_eq(interface->methods[0].part[METHOD_REQUEST]->size, 0);
	ck_assert_uint_eq(interface->methods[0].part[METHOD_RESPONSE]->count, 0);
	ck_assert_ptr_null(interface->methods[0].part[METHOD_ERROR]);
	ping = &interface->methods[1];
	ck_assert_uint_eq(ping->mid, 1);
	ck_assert_uint_eq(ping->part[METHOD_REQUEST]->fields[1].offset, 4);
	ck_assert_uint_eq(ping->part[METHOD_REQUEST]->size, 8);
	ck_assert_uint_eq(ping->part[METHOD_RESPONSE]->arena_max, 8);
	ck_assert_int_eq(ping->part[METHOD_RESPONSE]->fields[0].type->kind,
			 LAYOUT_STRING);
	ck_assert_uint_eq(ping->part[METHOD_ERROR]->size, 8);
	ck_assert_uint_eq(ping->pos.line, 4);
	ck_assert_ptr_eq(interface, xdl_interface(xdl, "Ping", nowhere));
}
END_TEST

struct chunk { uint32_t offset, size; };
struct handle { uint32_t handle, rights; uint64_t zero; };
struct inner { uint8_t a; uint16_t b; uint8_t c; };
struct either { uint32_t tag; union { uint8_t a; uint64_t b; struct inner c; } u; };
struct outer {
	uint8_t a;
	struct inner b[3];
	struct either c;
	uint8_t d;
	struct chunk e;
	uint8_t f;
	struct handle g[2];
	uint8_t h;
};

START_TEST(a_struct_is_laid_out_as_c_does)
{
	static const size_t want[] = {
		offsetof(struct outer, a), offsetof(struct outer, b),
		offsetof(struct outer, c), offsetof(struct outer, d),
		offsetof(struct outer, e), offsetof(struct outer, f),
		offsetof(struct outer, g), offsetof(struct outer, h),
	};
	const struct xdl_interface *interface = read_interface("Lay",
		"package Lay\n"
		"struct Inner { UInt8 a; UInt16 b; UInt8 c; }\n"
		"union Either { UInt8 a; UInt64 b; Inner c; }\n"
		"struct Outer { UInt8 a; array<Inner, 3> b; Either c; UInt8 d;\n"
		"  sequence<Inner, 4> e; UInt8 f; array<Handle, 2> g; UInt8 h; }\n"
		"interface { M(in Outer o); }\n");
	const struct xdl_type *outer;
	size_t i;

	ck_assert_ptr_nonnull(interface);
	outer = interface->methods[0].part[0]->fields[0].type;
	ck_assert_str_eq(outer->name, "Lay.Outer");
	ck_assert_uint_eq(outer->size, sizeof(struct outer));
	ck_assert_uint_eq(outer->count, sizeof(want) / sizeof(want[0]));
	for (i = 0; i < outer->count; i++)
		ck_assert_uint_eq(outer->fields[i].offset, want[i]);
	ck_assert_uint_eq(outer->fields[2].type->fields[1].offset,
			  offsetof(struct either, u));
	ck_assert_uint_eq(outer->fields[2].type->size, sizeof(struct either));
	ck_assert_uint_eq(outer->n_handles, 2);
	ck_assert_uint_eq(outer->arena_max, 4 * sizeof(struct inner));
	ck_assert_uint_eq(outer->depth, 3);
}
END_TEST

START_TEST(the_arena_holds_all_that_nests)
{
	const struct xdl_interface *interface = read_interface("Nest",
		"package Nest\n"
		"union U { string<8> a; bytes<3> b; UInt8 c; }\n"
		"interface { M(in sequence<sequence<string<4>, 3>, 2> a,\n"
		"  in array<U, 2> b); }\n");
	const struct xdl_type *in = interface->methods[0].part[0];

	/* outer 2 chunks, 2 x 3 chunks, 6 strings of 5 bytes in 8 */
	ck_assert_uint_eq(in->fields[0].type->arena_max, 16 + 2 * 24 + 6 * 8);
	ck_assert_uint_eq(in->fields[1].type->arena_max, 2 * 16);
	ck_assert_uint_eq(in->depth, 3);
}
END_TEST

START_TEST(eight_deep_is_good_and_nine_is_not)
{
	ck_assert_ptr_nonnull(read_interface("Eight", "package Eight\n"
		"typedef array<array<array<array<UInt8,1>,1>,1>,1> Four;\n"
		"interface { M(in array<array<array<Four,1>,1>,1> a); }\n"));
	ck_assert_uint_eq(diags_errors(diags), 0);
	ck_assert_ptr_null(read_interface("Nine", "package Nine\n"
		"typedef array<array<array<array<UInt8,1>,1>,1>,1> Four;\n"
		"interface { M(in array<array<array<array<Four,1>,1>,1>,1> a); }\n"));
	expect_error("types nest 9 deep here, expected at most 8");
}
END_TEST

START_TEST(what_is_missing_is_said_once)
{
	ck_assert_ptr_null(xdl_interface(xdl, "no.Such", nowhere));
	ck_assert_ptr_null(xdl_interface(xdl, "no.Such", nowhere));
	ck_assert_ptr_null(xdl_class(xdl, "no.Class", nowhere));
	ck_assert_ptr_null(xdl_class(xdl, "no.Class", nowhere));
	ck_assert_uint_eq(diags_errors(diags), 2);
}
END_TEST

START_TEST(a_broken_interface_is_not_returned)
{
	ck_assert_ptr_null(read_interface("B", "package B\n"
		"interface { M(in Nothing a); Good(); }\n"));
	ck_assert_ptr_null(xdl_interface(xdl, "B", nowhere));
	ck_assert_uint_eq(diags_errors(diags), 1);
}
END_TEST

/* TEXT, then PART N times with its number, then TAIL. */
static const char *repeat(const char *text, const char *part, unsigned n,
			  const char *tail)
{
	size_t size;
	char *all = NULL, *copy;
	FILE *stream = open_memstream(&all, &size);
	unsigned i;

	fputs(text, stream);
	for (i = 0; i < n; i++) {
		const char *at;

		for (at = part; *at; at++)
			if (*at == '#')
				fprintf(stream, "%u", i);
			else if (*at == '@')
				fprintf(stream, "%u", i + 1);
			else
				putc(*at, stream);
	}
	fputs(tail, stream);
	fclose(stream);
	copy = arena_strndup(arena, all, size);
	free(all);
	return copy;
}

START_TEST(a_method_number_has_16_bits)
{
	const struct xdl_interface *most = read_interface("Most",
		repeat("package Most\ninterface {\n", "M#();\n", 65536, "}\n"));

	ck_assert_ptr_nonnull(most);
	ck_assert_uint_eq(most->methods[65535].mid, 65535);
	ck_assert_ptr_null(read_interface("More",
		repeat("package More\ninterface {\n", "M#();\n", 65537, "}\n")));
	expect_error("found 65537 methods, expected at most 65536");
}
END_TEST

START_TEST(long_chains_end_in_an_error_not_in_a_crash)
{
	ck_assert_ptr_null(read_interface("A",
		repeat("package A\n", "typedef T@ T#;\n", 50000,
		       "typedef UInt8 T50000;\n interface { }\n")));
	ck_assert_ptr_null(read_interface("B",
		repeat("package B\nconst UInt64 A = 0", " + 1", 100000,
		       ";\ninterface { }\n")));
	ck_assert_ptr_null(read_interface("C",
		repeat("package C\nconst UInt64 A = ", "~", 100000,
		       "1;\ninterface { }\n")));
	ck_assert_ptr_null(read_interface("D",
		repeat("package D\nconst UInt64 A = ", "(", 100000,
		       "1;\ninterface { }\n")));
	ck_assert_ptr_null(read_interface("E",
		repeat("package E\ntypedef ", "sequence<", 100000,
		       "UInt8;\ninterface { }\n")));
	ck_assert_ptr_null(read_interface("F",
		repeat("package F\nconst UInt8 A = 1", " ** 1", 100000,
		       ";\ninterface { }\n")));
	expect_error("more than 200 deep");
	expect_error("more than 1000 operators");
	expect_error("nests deeper than 64");
	expect_error("types nest deeper than 8");
}
END_TEST

START_TEST(a_long_way_of_imports_ends_in_an_error)
{
	unsigned i;

	for (i = 0; i < 400; i++)
		write_file(arena_printf(arena, "I%u.idl", i),
			   arena_printf(arena, "package I%u\nimport I%u\n", i,
					i + 1));
	ck_assert_ptr_null(xdl_interface(xdl, "I0", nowhere));
	expect_error("files lead through each other more than 200 deep");
}
END_TEST

/* ---- classes ---- */

static void write_ping(void)
{
	write_file("Ping.idl", "package Ping\ninterface { Ping(); }\n");
	write_file("Guard.idl", "package Guard\ninterface { Ask(); }\n");
}

START_TEST(endpoints_are_numbered_components_first)
{
	static const char *const want[] = {
		"a.in.x", "a.y", "b.in.x", "b.y", "own", "a",
	};
	const struct xdl_class *class;
	uint32_t i;

	write_ping();
	write_file("In.cdl", "component In endpoints { x : Ping } security Guard");
	write_file("Out.cdl", "component Out interfaces { y : Ping }\n"
		   "components { in : In }");
	write_file("C.edl", "task class C endpoints { own : Ping a : Ping }\n"
		   "components { a : Out b : Out }");
	class = xdl_class(xdl, "C", nowhere);
	ck_assert_ptr_nonnull(class);
	ck_assert_uint_eq(class->n_endpoints, sizeof(want) / sizeof(want[0]));
	for (i = 0; i < class->n_endpoints; i++) {
		ck_assert_str_eq(class->endpoints[i].path, want[i]);
		ck_assert_uint_eq(class->endpoints[i].riid, i);
		ck_assert_str_eq(class->endpoints[i].interface->name, "Ping");
	}
	ck_assert_str_eq(class->security->name, "Guard");
	ck_assert_ptr_eq(class, xdl_class(xdl, "C", nowhere));
	ck_assert_uint_eq(diags_errors(diags), 0);
}
END_TEST

START_TEST(a_class_of_one_line_is_whole)
{
	const struct xdl_class *class;

	write_file("Client.edl", "entity Client\n");
	class = xdl_class(xdl, "Client", nowhere);
	ck_assert_ptr_nonnull(class);
	ck_assert_uint_eq(class->n_endpoints, 0);
	ck_assert_ptr_null(class->security);
}
END_TEST

START_TEST(components_that_multiply_are_refused_at_once)
{
	unsigned i;

	write_ping();
	write_file("F0.cdl", "component F0 endpoints { e : Ping }");
	for (i = 1; i < 64; i++)
		write_file(arena_printf(arena, "F%u.cdl", i),
			   arena_printf(arena, "component F%u components {"
					" a : F%u b : F%u }", i, i - 1, i - 1));
	write_file("C.edl", "entity C components { a : F63 }");
	ck_assert_ptr_null(xdl_class(xdl, "C", nowhere));
	expect_error("more endpoints than a process can have");
	/* Without endpoints they are many and harmless. */
	for (i = 0; i < 64; i++)
		write_file(arena_printf(arena, "G%u.cdl", i), !i ?
			   "component G0" :
			   arena_printf(arena, "component G%u components {"
					" a : G%u b : G%u }", i, i - 1, i - 1));
	write_file("D.edl", "entity D components { a : G63 }");
	ck_assert_ptr_nonnull(xdl_class(xdl, "D", nowhere));
}
END_TEST

START_TEST(a_path_that_no_frame_could_name_is_refused)
{
	char name[200];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	write_ping();
	write_file("P.cdl", arena_printf(arena,
					 "component P endpoints { %s : Ping }", name));
	write_file("C.edl", arena_printf(arena,
					 "entity C components { %s : P }", name));
	ck_assert_ptr_null(xdl_class(xdl, "C", nowhere));
	expect_error("the endpoint's path has 399 bytes, expected at most 255");
}
END_TEST

START_TEST(nothing_is_written_after_an_error)
{
	const char *files[2];
	char *out = path_of("out");
	struct stat status;

	write_ping();
	write_file("Bad.idl", "package Bad\ninterface { M(in X x); }\n");
	files[0] = path_of("Ping.idl");
	files[1] = path_of("Bad.idl");
	ck_assert(!xdl_emit(xdl, files, 2, out));
	ck_assert_int_ne(stat(out, &status), 0);
	ck_assert_uint_eq(diags_errors(diags), 1);
	ck_assert(xdl_emit(xdl, files, 1, out));
	ck_assert_int_eq(stat(path_of("out/Ping.idl.h"), &status), 0);
}
END_TEST

/* Whatever bytes come, there is an answer. */
START_TEST(a_mutated_source_gets_an_answer)
{
	static const char good[] = "package Fuzz\nimport Ping\n"
		"const UInt8 A = (1 + 2) ** 2 << 1 | ~3 & 0x10;\n"
		"typedef array<sequence<string<A>, 0o3>, 2> T;\n"
		"struct S { T t; U u; handle<Ping> h; }\nunion U { UInt8 a; T t; }\n"
		"interface { M(in S s, out T t, error U u); N(); }\n";
	static const char bytes[] = "(){}<>;,.:*+-~|&/%=\"\n 09azAZ_\\";
	uint64_t seed = 88172645463325252u;
	char text[sizeof(good)];
	unsigned i, j;

	write_ping();
	for (i = 0; i < 1500; i++) {
		const char *name = "Fuzz";

		memcpy(text, good, sizeof(good));
		for (j = 0; j < 1 + i % 4; j++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			text[seed % (sizeof(good) - 1)] =
				bytes[(seed >> 32) % (sizeof(bytes) - 1)];
		}
		sources = (struct sources){ .arena = arena, .dirs = dirs,
					    .n_dirs = 1 };
		diags = diags_new(arena);
		xdl = xdl_new(arena, &sources, diags);
		if (!read_interface(name, text) != !!diags_errors(diags))
			ck_abort_msg("no answer to: %s", text);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		the_lexer_takes_the_longest_spelling,
		a_text_is_decoded_and_placed,
		errors_come_in_the_order_of_the_text_and_once,
		a_terminal_does_not_obey_a_source,
		the_nearest_name_is_near,
		a_source_must_be_text,
		a_method_has_its_parts_and_numbers,
		a_struct_is_laid_out_as_c_does,
		the_arena_holds_all_that_nests,
		eight_deep_is_good_and_nine_is_not,
		what_is_missing_is_said_once,
		a_broken_interface_is_not_returned,
		a_method_number_has_16_bits,
		long_chains_end_in_an_error_not_in_a_crash,
		a_long_way_of_imports_ends_in_an_error,
		endpoints_are_numbered_components_first,
		a_class_of_one_line_is_whole,
		components_that_multiply_are_refused_at_once,
		a_path_that_no_frame_could_name_is_refused,
		nothing_is_written_after_an_error,
		a_mutated_source_gets_an_answer,
	};
	TCase *tcase = tcase_create("xdl");
	size_t i;

	tcase_add_checked_fixture(tcase, start, stop);
	tcase_set_timeout(tcase, 60);
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	return suite_run("policy_xdl", tcase);
}
