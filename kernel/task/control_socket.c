/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "control_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "../abi/control.h"
#include "confine_userns.h"
#include "say.h"

#define GROUP		"dk"	/* of the socket, if the machine has it */
#define MODE		0660
#define MODE_ROOTLESS	0600	/* the mediator cannot tell other users apart */
#define BACKLOG		16
#define FOLDER_SIZE	sizeof(CONTROL_FOLDER_OF_USER "4294967295")
#define SAME_MAX	64	/* daemons of one image */

static socklen_t address_of(struct sockaddr_un *address, const char *path)
{
	size_t n = strlen(path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(address->sun_path, path, n + 1);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + 1);
}

/* The group's number; where nothing is asked for and there is none, ours. */
static int find_group(const char *asked, gid_t *gid)
{
	const struct group *group = rootless() ? NULL
		: getgrnam(asked ? asked : GROUP);

	*gid = group ? group->gr_gid : getegid();
	return group || !asked ? 0 : -ENOENT;
}

/* ---- the folder, locked ---- */

static void own_folder(char folder[FOLDER_SIZE])
{
	if (rootless())
		snprintf(folder, FOLDER_SIZE, CONTROL_FOLDER_OF_USER, getuid());
	else
		snprintf(folder, FOLDER_SIZE, CONTROL_FOLDER);
}

static int lock_folder(const char *path)
{
	char copy[sizeof(((struct control_socket *)0)->path)];
	char own[FOLDER_SIZE];
	const char *folder;
	int fd, error;

	snprintf(copy, sizeof(copy), "%s", path);
	folder = dirname(copy);
	own_folder(own);
	if (!strcmp(folder, own) && mkdir(folder, rootless() ? 0700 : 0755) < 0
	    && errno != EEXIST)
		return -errno;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX) < 0) {
		error = errno;
		if (error == EINTR)
			continue;
		close(fd);
		return -error;
	}
	return fd;
}

/* Does anybody listen there? Nobody does where nothing is. */
static bool is_served(const char *path)
{
	struct sockaddr_un address;
	socklen_t length = address_of(&address, path);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
			0);
	bool served;

	if (fd < 0)
		return true;	/* not known: left alone */
	served = connect(fd, (struct sockaddr *)&address, length) == 0 ||
		 (errno != ECONNREFUSED && errno != ENOENT);
	close(fd);
	return served;
}

/* Only a socket is ever removed. */
static int remove_stale(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	return unlink(path) < 0 ? -errno : 0;
}

/* ---- the socket ---- */

static int bind_and_listen(struct control_socket *control, gid_t gid)
{
	struct sockaddr_un address;
	socklen_t length = address_of(&address, control->path);
	mode_t mask = umask(0777 & ~(rootless() ? MODE_ROOTLESS : MODE));
	struct stat st;
	int r;

	r = bind(control->fd, (struct sockaddr *)&address, length);
	r = r < 0 ? -errno : 0;
	umask(mask);
	if (r)
		return r;
	/* Nobody is let in before it listens. */
	if (lchown(control->path, (uid_t)-1, gid) < 0 ||
	    lstat(control->path, &st) < 0 || listen(control->fd, BACKLOG) < 0) {
		r = -errno;
		unlink(control->path);
		return r;
	}
	control->dev = st.st_dev;
	control->ino = st.st_ino;
	return 0;
}

/* At control->path, whose folder is locked. -EADDRINUSE: a daemon has it. */
static int make(struct control_socket *control, gid_t gid)
{
	int r;

	if (is_served(control->path))
		return -EADDRINUSE;
	r = remove_stale(control->path);
	if (r < 0)
		return r;
	control->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC |
			     SOCK_NONBLOCK, 0);
	if (control->fd < 0)
		return -errno;
	r = bind_and_listen(control, gid);
	if (r < 0) {
		close(control->fd);
		control->fd = -1;
	}
	return r;
}

/* /run/dk/NAME.sock of the image NAME.dk, or NAME.2.sock, …; or of the user. */
static bool default_path(struct control_socket *control, const char *image,
			 unsigned number)
{
	const char *slash = strrchr(image, '/');
	const char *name = slash ? slash + 1 : image;
	size_t n = strlen(name);
	char suffix[24] = "", folder[FOLDER_SIZE];
	int length;

	if (n > 3 && !strcmp(name + n - 3, ".dk"))
		n -= 3;
	if (number > 1)
		snprintf(suffix, sizeof(suffix), ".%u", number);
	own_folder(folder);
	length = snprintf(control->path, sizeof(control->path),
			  "%s/%.*s%s" CONTROL_SUFFIX, folder, (int)n, name,
			  suffix);
	return length > 0 && (size_t)length < sizeof(control->path);
}

static int make_default(struct control_socket *control, const char *image,
			gid_t gid)
{
	int folder, r = -EADDRINUSE;

	if (!default_path(control, image, 1))
		return -ENAMETOOLONG;
	folder = lock_folder(control->path);
	if (folder < 0)
		return folder;
	for (unsigned i = 1; i <= SAME_MAX && r == -EADDRINUSE; i++)
		r = default_path(control, image, i) ? make(control, gid) :
						      -ENAMETOOLONG;
	close(folder);
	return r;
}

/* The launcher leaves its folder. */
static bool absolute(struct control_socket *control, const char *path)
{
	char here[sizeof(control->path)] = "";
	int n;

	if (path[0] != '/' && !getcwd(here, sizeof(here)))
		return false;
	n = snprintf(control->path, sizeof(control->path), "%s%s%s", here,
		     here[0] ? "/" : "", path);
	return n > 0 && (size_t)n < sizeof(control->path);
}

static int make_asked(struct control_socket *control, const char *path,
		      gid_t gid)
{
	int folder, r;

	if (!absolute(control, path))
		return -ENAMETOOLONG;
	folder = lock_folder(control->path);
	if (folder < 0)
		return folder;
	r = make(control, gid);
	close(folder);
	return r;
}

enum dkd_exit control_socket_open(struct control_socket *control,
				  const struct options *options)
{
	const char *path = options->control;
	gid_t gid;
	int r;

	*control = (struct control_socket){ .fd = -1 };
	if (path && !strcmp(path, "none"))
		return DKD_OK;
	if (options->control_group && rootless()) {
		say("--control-group %s: without root the control socket is "
		    "yours alone", options->control_group);
		return DKD_USAGE;
	}
	if (find_group(options->control_group, &gid) < 0) {
		say("--control-group %s: there is no such group",
		    options->control_group);
		return DKD_USAGE;
	}
	r = path ? make_asked(control, path, gid) :
		   make_default(control, options->image, gid);
	if (r == 0)
		return DKD_OK;
	if (r == -ENOENT && rootless() && !path) {
		say("dk ps and its like will not find this daemon: %s cannot be "
		    "made, for there is no /run/user/%u (--control PATH names "
		    "another place)", control->path, getuid());
		return DKD_OK;
	}
	if (r == -EADDRINUSE)
		say("%s: another daemon serves this control socket: name "
		    "another with --control", control->path);
	else
		say("%s: the control socket cannot be made: %s (--control PATH "
		    "names another, --control none does without)",
		    control->path[0] ? control->path : path, strerror(-r));
	return path ? DKD_USAGE : DKD_MACHINE;
}

void control_socket_close(struct control_socket *control)
{
	if (control->fd >= 0)
		close(control->fd);
	control->fd = -1;
}

void control_socket_remove(struct control_socket *control)
{
	struct stat st;
	int folder;

	control_socket_close(control);
	if (!control->ino)
		return;
	folder = lock_folder(control->path);
	if (lstat(control->path, &st) == 0 && st.st_dev == control->dev &&
	    st.st_ino == control->ino)
		unlink(control->path);
	if (folder >= 0)
		close(folder);
	control->ino = 0;
}

/* ---- users ---- */

char *control_uids(const struct image *image)
{
	size_t size = image->n_users * (size_t)11 + 2;
	char *word = calloc(1, size);
	size_t used = 0;

	if (!word)
		return NULL;
	for (uint32_t i = 0; i < image->n_users; i++) {
		const char *name = image_string(image, image->users[i].name);
		const struct passwd *user = getpwnam(name);

		/* Without root nobody else connects, and all others have one
		   number in the mediator's user namespace. */
		if (user && (!rootless() || user->pw_uid == getuid()))
			used += (size_t)snprintf(word + used, size - used, "%u",
						 user->pw_uid);
		else if (!user)
			say("users: this machine has no user %s", name);
		word[used++] = ',';
	}
	return word;
}
