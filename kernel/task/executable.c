/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "executable.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../base/fd.h"
#include "say.h"
#include "sealed.h"
#include "task.h"

#define EXECUTABLE_MAX	((off_t)1 << 30)
#define HEADERS_MAX	64	/* program headers looked at */

static bool base_name(const char *name)
{
	return name[0] && !strchr(name, '/') && strcmp(name, ".")
		&& strcmp(name, "..");
}

static int open_beneath(int folder, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS
			| RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, folder, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* What is wrong with the file's inode, or NULL. */
static const char *judge_inode(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "is not a regular file: put the program itself there";
	if (st->st_uid != 0 && st->st_uid != getuid())
		return "belongs to another user: only root's and your own "
			"programs are run; chown it";
	if (st->st_mode & 022)
		return "can be written by its group or by others: chmod go-w it";
	if (!(st->st_mode & 0111))
		return "is not executable: chmod +x it";
	if (st->st_size > EXECUTABLE_MAX)
		return "is larger than 1 GiB: strip it";
	return NULL;
}

/* What is wrong with the file's format, or NULL; and does it want ld.so? */
static const char *judge_format(int fd, bool *dynamic)
{
	Elf64_Ehdr head;
	Elf64_Phdr segment;

	if (pread(fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head)
	    || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		return "is not an ELF program: scripts cannot be run in here";
	if (head.e_ident[EI_CLASS] != ELFCLASS64
	    || head.e_machine != EM_X86_64
	    || (head.e_type != ET_DYN && head.e_type != ET_EXEC))
		return "is not an x86-64 program: build it for this machine";
	if (head.e_phentsize != sizeof(segment) || head.e_phnum > HEADERS_MAX)
		return "is not an ELF program that can be run: build it anew";
	*dynamic = false;
	for (unsigned i = 0; i < head.e_phnum; i++) {
		off_t at = (off_t)(head.e_phoff + i * sizeof(segment));

		if (pread(fd, &segment, sizeof(segment), at)
		    != (ssize_t)sizeof(segment))
			return "is cut off: build it anew";
		*dynamic = *dynamic || segment.p_type == PT_INTERP;
	}
	return NULL;
}

static enum dkd_exit open_failed(const char *bin, const char *name, int error)
{
	switch (error) {
	case ENOENT:
		say("%s/%s: there is no such program: build it, or say --bin "
		    "DIR", bin, name);
		return DKD_MISSING;
	case ELOOP:
		say("%s/%s: is a symbolic link: put the program itself there",
		    bin, name);
		return DKD_UNRUNNABLE;
	case ENXIO:
		say("%s/%s: is not a regular file: put the program itself "
		    "there", bin, name);
		return DKD_UNRUNNABLE;
	case EACCES:
		say("%s/%s: cannot be read: chmod it", bin, name);
		return DKD_UNRUNNABLE;
	}
	say("%s/%s: cannot be opened: %s", bin, name, strerror(error));
	return DKD_MACHINE;
}

enum dkd_exit executable_open(int *fd, int bin_fd, const char *bin,
			      const char *name, bool *dynamic)
{
	const char *fault;
	struct stat st;
	int file;

	if (!base_name(name)) {
		say("%s: the path of a program must be a plain file name: it "
		    "is looked up in %s", name, bin);
		return DKD_UNRUNNABLE;
	}
	file = open_beneath(bin_fd, name);
	if (file < 0)
		return open_failed(bin, name, -file);
	if (fstat(file, &st) < 0) {
		say("%s/%s: %s", bin, name, strerror(errno));
		close(file);
		return DKD_MACHINE;
	}
	fault = judge_inode(&st);
	if (!fault)
		fault = judge_format(file, dynamic);
	if (fault) {
		say("%s/%s: %s", bin, name, fault);
		close(file);
		return DKD_UNRUNNABLE;
	}
	*fd = fd_lift(sealed_copy(file, (size_t)st.st_size, name, 0111),
		      TASK_FDS_KEPT);
	close(file);
	if (*fd == -EFBIG) {
		say("%s/%s: changed while it was read: start again", bin, name);
		return DKD_UNRUNNABLE;
	}
	if (*fd < 0) {
		say("%s/%s: cannot be copied: %s", bin, name, strerror(-*fd));
		return DKD_MACHINE;
	}
	return DKD_OK;
}
