/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * What a solution may give to its programs: folders, executables, lists of
 * calls; and what is refused before anything starts. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/launch.h"
#include "support/suite.h"

/* Runs one probe to its end; its output is in play->text. */
static void run_to_end(struct play *play)
{
	play_send(play, MONITOR_READY, 0, 0);
	play_start(play, 0);
	play_read(play, 0);
	WISH(play_expect(play, MONITOR_EXITED).value == 0);
}

static void done(struct play *play)
{
	play_send(play, MONITOR_DONE, 0, DKD_OK);
}

/* ---- folders ---- */

static void write_file(const struct fixture *fixture, const char *name,
		       const char *text, mode_t mode)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", fixture->folder, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void make_folder(const struct fixture *fixture, const char *name,
			mode_t mode)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", fixture->folder, name);
	ck_assert_int_eq(mkdir(path, mode), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void see_read_folder(struct play *play)
{
	run_to_end(play);
	WISH(strstr(play->text, "2=4\n"));	/* open in/file */
	WISH(strstr(play->text, "0=5\n"));	/* read 5 bytes */
	WISH(strstr(play->text, "hello\n"));
	WISH(strstr(play->text, "85=-13\n")	/* creat: EACCES by Landlock */
	     || strstr(play->text, "85=-30\n"));
	WISH(strstr(play->text, "87=-13\n") || strstr(play->text, "87=-30\n"));
	WISH(strstr(play->text, "80=-2\n"));	/* chdir /etc: ENOENT */
	done(play);
}

START_TEST(a_folder_to_read_can_be_read_only)
{
	const struct fixture_task task = {
		.name = "t", .read = { "in" },
		.args = { "2 /in/file 0", "0 4 @ 100", "$", "85 /in/new 0644",
			  "87 /in/file", "80 /etc" },
		.syscalls = { "chdir", "creat", "open", "read", "unlink" },
	};
	struct fixture fixture;

	fixture_init(&fixture);
	make_folder(&fixture, "in", 0755);
	write_file(&fixture, "in/file", "hello", 0644);
	fixture_image(&fixture, &task, 1, NULL, 0);
	ck_assert_int_eq(fixture_load(&fixture), DKD_OK);
	ck_assert_int_eq(fixture_run(&fixture, see_read_folder), DKD_OK);
	fixture_deinit(&fixture);
}
END_TEST

static void see_write_folder(struct play *play)
{
	run_to_end(play);
	WISH(strstr(play->text, "85=4\n"));	/* creat /out/new */
	WISH(strstr(play->text, "1=5\n"));
	WISH(strstr(play->text, "133=-1\n")	/* mknod of a fifo: EPERM */
	     || strstr(play->text, "133=-13\n"));
	WISH(strstr(play->text, "90=0\n"));	/* chmod +x is its own affair */
	done(play);
}

START_TEST(a_folder_to_write_is_given_to_the_task)
{
	const struct fixture_task task = {
		.name = "t", .write = { "out" },
		.args = { "85 /out/new 0x1a4", "1 4 @ 5",
			  "133 /out/fifo 0x11a4 0", "90 /out/new 0x1ed" },
		.syscalls = { "chmod", "creat", "mknod" },
	};
	struct fixture fixture;
	struct stat st;
	char path[128];

	fixture_init(&fixture);
	make_folder(&fixture, "out", 0700);
	fixture_image(&fixture, &task, 1, NULL, 0);
	ck_assert_int_eq(fixture_load(&fixture), DKD_OK);
	ck_assert_int_eq(fixture_run(&fixture, see_write_folder), DKD_OK);
	snprintf(path, sizeof(path), "%s/out", fixture.folder);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_uid, fixture.solution.tasks[0].uid);
	ck_assert_uint_eq(st.st_mode & 07777, 0755);
	strcat(path, "/new");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_uid, fixture.solution.tasks[0].uid);
	ck_assert_int_eq(st.st_size, 5);
	fixture_deinit(&fixture);
}
END_TEST

/* What the sandbox asks for cannot be given: nothing starts. */
static enum dkd_exit load_with(const char *read, const char *write)
{
	const struct fixture_task task = {
		.name = "t", .read = { read }, .write = { write },
	};
	struct fixture fixture;
	enum dkd_exit exit;

	fixture_init(&fixture);
	make_folder(&fixture, "in", 0755);
	make_folder(&fixture, "theirs", 0755);
	write_file(&fixture, "file", "x", 0644);
	ck_assert_int_eq(chdir(fixture.folder), 0);
	ck_assert_int_eq(symlink("in", "link"), 0);
	ck_assert_int_eq(mkfifo("fifo", 0644), 0);
	ck_assert_int_eq(chown("theirs", 12345, 12345), 0);
	fixture_image(&fixture, &task, 1, NULL, 0);
	exit = fixture_load(&fixture);
	ck_assert_int_eq(chdir("/"), 0);
	fixture_deinit(&fixture);
	return exit;
}

START_TEST(what_cannot_be_given_is_an_error_before_anything_starts)
{
	ck_assert_int_eq(load_with("in", NULL), DKD_OK);	/* control */
	ck_assert_int_eq(load_with("file", NULL), DKD_OK);
	ck_assert_int_eq(load_with(NULL, "in"), DKD_OK);
	ck_assert_int_eq(load_with("absent", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("in/absent", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("/nowhere/at/all", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("link", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("link/x", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("fifo", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("/proc/self/root/etc", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("/", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with(".", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with("in//x", NULL), DKD_CONFINE);
	ck_assert_int_eq(load_with(NULL, "file"), DKD_CONFINE);
	ck_assert_int_eq(load_with(NULL, "theirs"), DKD_CONFINE);
	ck_assert_int_eq(load_with("in", "in"), DKD_CONFINE);
}
END_TEST

/* ---- layers ---- */

static enum dkd_exit load_without(uint32_t layers, const struct fixture_task *task)
{
	struct fixture fixture;
	enum dkd_exit exit;

	fixture_init(&fixture);
	fixture_image(&fixture, task, 1, NULL, 0);
	ck_assert_int_eq(machine_init(&fixture.machine), DKD_OK);
	setenv("PATH", "/usr/bin:/bin", 1);
	fixture.machine.layers &= ~layers;
	if (layers & UINT32_C(1) << LAYER_LANDLOCK)
		fixture.machine.landlock_abi = 0;
	exit = solution_init(&fixture.solution, &fixture.options,
			     &fixture.machine);
	fixture_deinit(&fixture);
	return exit;
}

START_TEST(a_layer_that_is_not_there_stops_whoever_requires_it)
{
	const uint32_t landlock = UINT32_C(1) << LAYER_LANDLOCK;
	const uint32_t no_dump = UINT32_C(1) << LAYER_NO_DUMP;
	const struct fixture_task requires = { .name = "t" };
	const struct fixture_task prefers = {
		.name = "t", .preferred = TASK_LANDLOCK,
	};

	ck_assert_int_eq(load_without(landlock, &requires), DKD_CONFINE);
	ck_assert_int_eq(load_without(landlock, &prefers), DKD_OK);
	/* It is preferred by both. */
	ck_assert_int_eq(load_without(no_dump, &requires), DKD_OK);
	ck_assert_int_eq(load_without(no_dump | landlock, &prefers), DKD_OK);
	ck_assert_int_eq(load_without(no_dump | landlock, &requires),
			 DKD_CONFINE);
}
END_TEST

static void see_tmpfs(struct play *play)
{
	run_to_end(play);
	WISH(strstr(play->text, "85=4\n"));	/* creat in it */
	WISH(strstr(play->text, "85=-13\n")	/* and beside it */
	     || strstr(play->text, "85=-30\n"));
	done(play);
}

START_TEST(a_tmpfs_is_the_only_place_to_write_in)
{
	const struct fixture_task task = {
		.name = "t", .tmpfs_kib = 8,
		.args = { "85 /scratch/x 0x180", "85 /x 0x180" },
		.syscalls = { "creat" },
	};

	ck_assert_int_eq(fixture_one(&task, see_tmpfs), DKD_OK);
}
END_TEST

/* ---- trees ---- */

static void see_own_tree(struct play *play)
{
	play_send(play, MONITOR_READY, 0, 0);
	for (int again = 0; again < 2; again++)
	for (uint32_t task = 0; task < 2; task++) {
		play_start(play, task);
		play_read(play, task);
		WISH(play_expect(play, MONITOR_EXITED).value == 0);
		/* its own, not the other's, not as it was found */
		WISH(strstr(play->text, "2=4\n"));
		WISH(strstr(play->text, "80=-2\n"));
		WISH(strstr(play->text, "83=-30\n")	/* EROFS, or Landlock */
		     || strstr(play->text, "83=-13\n"));
	}
	done(play);
}

START_TEST(each_program_has_its_own_tree_at_every_start)
{
	static const struct fixture_task tasks[] = {
		{ .name = "one", .read = { "mine/a" },
		  .args = { "2 /mine/a 0x10000", "80 /mine/b", "83 /mine/c 0" },
		  .syscalls = { "chdir", "mkdir", "open" } },
		{ .name = "two", .read = { "mine/b" },
		  .args = { "2 /mine/b 0x10000", "80 /mine/a", "83 /mine/c 0" },
		  .syscalls = { "chdir", "mkdir", "open" } },
	};
	struct fixture fixture;
	struct stat one, two, host;

	fixture_init(&fixture);
	make_folder(&fixture, "mine", 0755);
	make_folder(&fixture, "mine/a", 0755);
	make_folder(&fixture, "mine/b", 0755);
	fixture_image(&fixture, tasks, 2, NULL, 0);
	ck_assert_int_eq(fixture_load(&fixture), DKD_OK);
	ck_assert_int_eq(fstat(fixture.solution.tasks[0].tree, &one), 0);
	ck_assert_int_eq(fstat(fixture.solution.tasks[1].tree, &two), 0);
	ck_assert_int_eq(stat("/proc/self/ns/mnt", &host), 0);
	ck_assert(one.st_dev == host.st_dev && two.st_dev == host.st_dev);
	ck_assert(one.st_ino != two.st_ino && one.st_ino != host.st_ino
		  && two.st_ino != host.st_ino);
	ck_assert_int_eq(fixture_run(&fixture, see_own_tree), DKD_OK);
	fixture_deinit(&fixture);
}
END_TEST

static int next_fd(void)
{
	int fd = dup(STDIN_FILENO);

	close(fd);
	return fd;
}

START_TEST(a_tree_that_cannot_be_made_leaves_nothing)
{
	struct fs_path given = { .given = "/x", .seen = "x" };
	const struct fs_plan plan = { &given, 1 };
	int pair[2], before, tree;

	ck_assert_int_eq(pipe(pair), 0);
	before = next_fd();
	given.fd = pair[0];			/* nothing that is mounted */
	ck_assert_int_lt(fs_tree_make(&plan), 0);
	given.fd = -1;
	ck_assert_int_eq(fs_tree_make(&plan), -EBADF);
	given.fd = open("/", O_PATH);
	ck_assert_int_eq(fs_tree_make(&plan), -EINVAL);	/* on a file */
	given.directory = true;				/* control */
	tree = fs_tree_make(&plan);
	ck_assert_int_ge(tree, 0);
	close(tree);
	close(given.fd);
	ck_assert_int_eq(next_fd(), before);
	close(pair[0]);
	close(pair[1]);
}
END_TEST

/* ---- executables ---- */

static enum dkd_exit load_as(enum task_profile profile, const char *name,
			     mode_t mode, uid_t owner)
{
	const struct fixture_task task = {
		.name = "t", .path = name, .profile = profile,
	};
	struct fixture fixture;
	enum dkd_exit exit;

	fixture_init(&fixture);
	ck_assert_int_eq(chdir(fixture.folder), 0);
	write_file(&fixture, "script", "#!/bin/sh\nexit 0\n", 0755);
	write_file(&fixture, "empty", "", 0755);
	make_folder(&fixture, "folder", 0755);
	ck_assert_int_eq(symlink("probe", "link"), 0);
	ck_assert_int_eq(mkfifo("fifo", 0755), 0);
	ck_assert_int_eq(system("cp /bin/true dynamic"), 0);
	ck_assert_int_eq(chmod("probe", mode), 0);
	ck_assert_int_eq(chown("probe", owner, owner), 0);
	fixture_image(&fixture, &task, 1, NULL, 0);
	exit = fixture_load(&fixture);
	ck_assert_int_eq(chdir("/"), 0);
	fixture_deinit(&fixture);
	return exit;
}

static enum dkd_exit load_program(const char *name, mode_t mode, uid_t owner)
{
	return load_as(PROFILE_STRICT, name, mode, owner);
}

START_TEST(a_dynamic_program_is_for_the_profile_posix)
{
	ck_assert_int_eq(load_as(PROFILE_STRICT, "dynamic", 0755, 0),
			 DKD_UNRUNNABLE);
	ck_assert_int_eq(load_as(PROFILE_POSIX, "dynamic", 0755, 0), DKD_OK);
	ck_assert_int_eq(load_as(PROFILE_POSIX, "probe", 0755, 0), DKD_OK);
	ck_assert_int_eq(load_as(PROFILE_POSIX, "script", 0755, 0),
			 DKD_UNRUNNABLE);
}
END_TEST

START_TEST(a_program_that_cannot_be_trusted_or_run_is_refused)
{
	ck_assert_int_eq(load_program("probe", 0755, 0), DKD_OK);
	ck_assert_int_eq(load_program("probe", 0500, 0), DKD_OK);
	ck_assert_int_eq(load_program("absent", 0755, 0), DKD_MISSING);
	ck_assert_int_eq(load_program("probe", 0775, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("probe", 0757, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("probe", 0644, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("probe", 0755, 12345), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("link", 0755, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("fifo", 0755, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("folder", 0755, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("script", 0755, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("empty", 0755, 0), DKD_UNRUNNABLE);
	ck_assert_int_eq(load_program("dynamic", 0755, 0), DKD_UNRUNNABLE);
}
END_TEST

START_TEST(a_list_with_a_call_that_nobody_may_have_is_refused)
{
	static const char *const names[] = {
		"execve", "execveat", "clone", "clone3", "fork", "vfork",
		"ptrace", "seccomp", "no_such_call",
	};
	struct fixture fixture;

	fixture_init(&fixture);
	for (int i = 0; i < SUITE_LENGTH(names); i++) {
		const struct fixture_task task = {
			.name = "t", .syscalls = { names[i] },
		};

		fixture_image(&fixture, &task, 1, NULL, 0);
		ck_assert_int_eq(fixture_load(&fixture), DKD_CONFINE);
		solution_deinit(&fixture.solution);
	}
	fixture_deinit(&fixture);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("confine_given");

	if (geteuid() != 0) {
		puts("skipped: confining programs needs root");
		return EXIT_SUCCESS;
	}
	tcase_add_test(tests, a_folder_to_read_can_be_read_only);
	tcase_add_test(tests, a_folder_to_write_is_given_to_the_task);
	tcase_add_test(tests,
		       what_cannot_be_given_is_an_error_before_anything_starts);
	tcase_add_test(tests,
		       a_layer_that_is_not_there_stops_whoever_requires_it);
	tcase_add_test(tests, a_tmpfs_is_the_only_place_to_write_in);
	tcase_add_test(tests, a_dynamic_program_is_for_the_profile_posix);
	tcase_add_test(tests, each_program_has_its_own_tree_at_every_start);
	tcase_add_test(tests, a_tree_that_cannot_be_made_leaves_nothing);
	tcase_add_test(tests,
		       a_program_that_cannot_be_trusted_or_run_is_refused);
	tcase_add_test(tests,
		       a_list_with_a_call_that_nobody_may_have_is_refused);
	return suite_run("confine_given", tests);
}
