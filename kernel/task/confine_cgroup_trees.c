/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The machine's trees of groups, and the daemon's own group in them. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/text.h"
#include "confine_cgroup.h"

static const char *const names[CGROUP_N] = {
	"pids", "memory", "cpu", "freezer",
};

const char *cgroup_names(unsigned bits, char *buffer, size_t size)
{
	struct text text;

	text_init(&text, buffer, size);
	for (int i = 0; i < CGROUP_N; i++)
		if (bits & CGROUP_BIT(i))
			text_add(&text, "%s%s", text.used ? ", " : "", names[i]);
	return buffer;
}

/* Is WORD one of LIST, which SEPARATORS keep apart? */
static bool has_word(const char *list, const char *separators, const char *word)
{
	size_t size = strlen(word);

	while (*list) {
		size_t n = strcspn(list, separators);

		if (n == size && !strncmp(list, word, n))
			return true;
		list += n;
		list += strspn(list, separators);
	}
	return false;
}

/* The path of this process's group: of CONTROLLER's tree, "" = version 2. */
static bool own_path(const char *controller, char *path, size_t size)
{
	char text[CGROUP_TEXT_MAX], *rest = NULL;

	cgroup_get(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text));
	for (char *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *list = strchr(line, ':');
		char *at = list ? strchr(list + 1, ':') : NULL;

		if (!at)
			continue;
		*at++ = 0;
		list++;
		if (*controller ? !has_word(list, ",", controller) : *list != 0)
			continue;
		snprintf(path, size, "%s", at);
		return true;
	}
	return false;
}

struct mounted {
	char root[PATH_MAX];	/* what of the tree is there */
	char point[PATH_MAX];
};

/* A line of mountinfo, if it is such a tree (see own_path). */
static bool read_mount(const char *line, const char *controller,
		       struct mounted *mounted)
{
	char type[32], options[512];
	const char *rest = strstr(line, " - ");

	if (!rest || sscanf(rest, " - %31s %*s %511s", type, options) != 2)
		return false;
	if (*controller ? strcmp(type, "cgroup") != 0
	    || !has_word(options, ",", controller)
	    : strcmp(type, "cgroup2") != 0)
		return false;
	return sscanf(line, "%*s %*s %*s %4095s %4095s", mounted->root,
		      mounted->point) == 2;
}

static bool find_mount(const char *controller, struct mounted *mounted)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	bool found = false;
	char *line = NULL;
	size_t size = 0;

	while (file && !found && getline(&line, &size, file) > 0)
		found = read_mount(line, controller, mounted);
	free(line);
	if (file)
		fclose(file);
	return found;
}

/* The daemon's own group in a tree: a folder, or -1. */
static int open_own(const char *controller)
{
	char path[PATH_MAX], whole[2 * PATH_MAX];
	struct mounted mounted;
	const char *below = path;
	size_t n;

	if (!own_path(controller, path, sizeof(path))
	    || !find_mount(controller, &mounted))
		return -1;
	n = strcmp(mounted.root, "/") ? strlen(mounted.root) : 0;
	if (strncmp(path, mounted.root, n) != 0
	    || (path[n] && path[n] != '/'))
		return -1;	/* it is elsewhere */
	below += n;
	snprintf(whole, sizeof(whole), "%s%s", mounted.point, below);
	return open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* One tree may hold several of them. */
static void add_tree(struct cgroups *cgroups, int own, bool v2, unsigned bits)
{
	struct stat st, other;

	for (size_t i = 0; i < cgroups->n; i++) {
		if (fstat(own, &st) < 0
		    || fstat(cgroups->trees[i].own, &other) < 0
		    || st.st_dev != other.st_dev || st.st_ino != other.st_ino)
			continue;
		cgroups->trees[i].controllers |= bits;
		close(own);
		return;
	}
	cgroups->trees[cgroups->n++] =
		(struct cgroup_tree){ .own = own, .v2 = v2, .controllers = bits };
}

static int enable(int own, unsigned bits, char sign)
{
	int r = 0;

	for (int i = 0; i < CGROUP_N && r == 0; i++)
		if (bits & CGROUP_BIT(i))
			r = cgroup_put(own, "cgroup.subtree_control", "%c%s", sign,
				names[i]);
	return r;
}

/*
 * Cpu and pids Linux gives to threads too: a group with processes may hand them
 * down, but then no process gets below it. The same as busy.
 */
static int enable_below(int own, unsigned bits)
{
	char type[32];
	int r = enable(own, bits, '+');

	if (r < 0)
		return r;
	cgroup_get(own, "cgroup.type", type, sizeof(type));
	if (strcmp(type, "domain threaded\n") != 0)
		return 0;	/* the first group of all has no type */
	r = enable(own, bits, '-');
	return r < 0 ? r : -EBUSY;
}

/* All that are in the daemon's place meanwhile: itself, its children. */
static void move_out(struct cgroups *cgroups, int own)
{
	char file[CGROUP_NAME_SIZE + 16], text[CGROUP_TEXT_MAX], *rest = NULL;

	if (!*cgroups->inner)
		return;
	snprintf(file, sizeof(file), "%s/cgroup.procs", cgroups->inner);
	cgroup_get(own, file, text, sizeof(text));
	for (char *line = strtok_r(text, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest))
		cgroup_put(own, "cgroup.procs", "%s", line);
	unlinkat(own, cgroups->inner, AT_REMOVEDIR);
	cgroups->inner[0] = 0;
}

static int move_in(struct cgroups *cgroups, int own)
{
	char file[CGROUP_NAME_SIZE + 16];
	int r;

	snprintf(cgroups->inner, sizeof(cgroups->inner), "dkd-%d",
		 (int)getpid());
	if (mkdirat(own, cgroups->inner, 0755) < 0) {
		cgroups->inner[0] = 0;
		return -errno;
	}
	snprintf(file, sizeof(file), "%s/cgroup.procs", cgroups->inner);
	r = cgroup_put(own, file, "0");
	if (r < 0)
		move_out(cgroups, own);
	return r;
}

/* Those of WANTED that version 2 gives to groups below our own. */
static unsigned init_v2(struct cgroups *cgroups, unsigned wanted)
{
	char there[512], on[512];
	int own = open_own("");
	unsigned have = 0, off = 0;
	int r;

	if (own < 0)
		return 0;
	cgroup_get(own, "cgroup.controllers", there, sizeof(there));
	cgroup_get(own, "cgroup.subtree_control", on, sizeof(on));
	for (int i = 0; i < CGROUP_N; i++) {
		if (!(wanted & CGROUP_BIT(i)) || !has_word(there, " \n", names[i]))
			continue;
		have |= CGROUP_BIT(i);
		if (!has_word(on, " \n", names[i]))
			off |= CGROUP_BIT(i);
	}
	r = enable_below(own, off);
	if (r == -EBUSY) {
		r = move_in(cgroups, own);
		if (r == 0)
			r = enable_below(own, off);
	}
	if (r == 0 && have) {
		cgroups->enabled = off;
		add_tree(cgroups, own, true, have);
		return have;
	}
	enable(own, off, '-');
	move_out(cgroups, own);
	close(own);
	return 0;
}

/* Of version 1, for the groups there; it is nothing that anybody asks for. */
static void add_freezer(struct cgroups *cgroups)
{
	int own = cgroups->n > 0 ? open_own(names[CGROUP_FREEZER]) : -1;

	if (own >= 0)
		add_tree(cgroups, own, false, CGROUP_BIT(CGROUP_FREEZER));
}

unsigned cgroups_init(struct cgroups *cgroups, unsigned wanted)
{
	unsigned have = 0;

	*cgroups = (struct cgroups){ 0 };
	for (int i = 0; i < CGROUP_FREEZER; i++) {
		int own = wanted & CGROUP_BIT(i) ? open_own(names[i]) : -1;

		if (own < 0)
			continue;
		add_tree(cgroups, own, false, CGROUP_BIT(i));
		have |= CGROUP_BIT(i);
	}
	add_freezer(cgroups);
	if (wanted & ~have)
		have |= init_v2(cgroups, wanted & ~have);
	return have;
}

void cgroups_undo(struct cgroups *cgroups)
{
	for (size_t i = 0; i < cgroups->n; i++) {
		if (!cgroups->trees[i].v2)
			continue;
		enable(cgroups->trees[i].own, cgroups->enabled, '-');
		move_out(cgroups, cgroups->trees[i].own);
	}
}
