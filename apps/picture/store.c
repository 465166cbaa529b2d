/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../kernel/security/sha256.h"

static bool is_png_name(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && length < STORE_NAME_MAX && name[0] != '.' &&
	       strcasecmp(name + length - 4, ".png") == 0;
}

/* Bytes of the well-formed, printable UTF-8 character at TEXT, or 0. */
static size_t printable(const unsigned char *text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code;
	size_t n;

	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7f ? 1 : 0;
	n = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
	if (text[0] < 0xc2 || text[0] > 0xf4)
		return 0;
	code = text[0] & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3fu);
	}
	if (code < least[n] || code > 0x10ffff || code < 0xa0 ||
	    (code >= 0xd800 && code <= 0xdfff))
		return 0;
	return n;
}

/* A file's name is bytes; what others are told is text of the same length. */
static void copy_printable(char *out, const char *file)
{
	while (*file) {
		size_t n = printable((const unsigned char *)file);

		if (n == 0) {
			*out++ = '?';
			file++;
			continue;
		}
		memcpy(out, file, n);
		out += n;
		file += n;
	}
	*out = '\0';
}

/* Keeps the list sorted: qsort would ask the machine for its memory. */
static void insert(struct store *store, const char *name)
{
	struct picture *list = store->pictures;
	uint32_t at = store->n_pictures;

	if (store->n_pictures == STORE_PICTURES_MAX) {
		store->n_left_out++;
		return;
	}
	while (at > 0 && strcmp(list[at - 1].file, name) > 0)
		at--;
	memmove(&list[at + 1], &list[at],
		(store->n_pictures - at) * sizeof(*list));
	list[at] = (struct picture){ 0 };
	snprintf(list[at].file, sizeof(list[at].file), "%s", name);
	copy_printable(list[at].name, name);
	store->n_pictures++;
}

int store_init(struct store *store, const char *folder)
{
	DIR *dir;
	int error;

	*store = (struct store){ .folder = folder };
	store->pictures = calloc(STORE_PICTURES_MAX, sizeof(struct picture));
	if (!store->pictures)
		return -ENOMEM;
	dir = opendir(folder);
	if (!dir) {
		error = errno;
		store_deinit(store);
		return -error;
	}
	for (;;) {
		struct dirent *entry;

		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		if (is_png_name(entry->d_name))
			insert(store, entry->d_name);
	}
	error = errno;
	closedir(dir);
	if (error)
		store_deinit(store);
	return -error;
}

void store_deinit(struct store *store)
{
	free(store->pictures);
	*store = (struct store){ 0 };
}

int store_open(const struct store *store, uint32_t index,
	       char fault[DECODE_FAULT_MAX])
{
	char path[PATH_MAX];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", store->folder,
		 store->pictures[index].file);
	/* a FIFO of that name must not hold us up, nor a link lead elsewhere */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) {
		snprintf(fault, DECODE_FAULT_MAX, "it cannot be opened: %s",
			 errno == ELOOP ? "it is a link" : strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		snprintf(fault, DECODE_FAULT_MAX, "it is not a file");
		close(fd);
		return -1;
	}
	return fd;
}

static bool digest(int fd, uint8_t sha256[32])
{
	static uint8_t buffer[65536];
	struct sha256 hash;
	ssize_t n;

	sha256_init(&hash);
	while ((n = read(fd, buffer, sizeof(buffer))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		sha256_update(&hash, buffer, (size_t)n);
	}
	sha256_final(&hash, sha256);
	return true;
}

static void examine(struct picture *picture, int fd)
{
	if (picture->bytes > DECODE_FILE_MAX)
		snprintf(picture->fault, sizeof(picture->fault),
			 "it is larger than the %u MiB that are served",
			 (unsigned)(DECODE_FILE_MAX >> 20));
	else if (!digest(fd, picture->sha256))
		snprintf(picture->fault, sizeof(picture->fault),
			 "the file cannot be read");
	else
		decode(fd, &picture->facts, NULL, picture->fault);
}

static void forget(struct picture *picture)
{
	picture->known = false;
	picture->bytes = 0;
	picture->facts = (struct facts){ 0 };
	picture->fault[0] = '\0';
	memset(picture->sha256, 0, sizeof(picture->sha256));
}

const struct picture *store_look(struct store *store, uint32_t index)
{
	struct picture *picture;
	struct stat st;
	int fd;

	if (index >= store->n_pictures)
		return NULL;
	picture = &store->pictures[index];
	fd = store_open(store, index, picture->fault);
	if (fd < 0 || fstat(fd, &st) < 0) {
		char fault[DECODE_FAULT_MAX];

		memcpy(fault, picture->fault, sizeof(fault));
		forget(picture);
		memcpy(picture->fault, fault, sizeof(fault));
	} else if (!picture->known ||
		   picture->bytes != (uint64_t)st.st_size ||
		   picture->changed.tv_sec != st.st_mtim.tv_sec ||
		   picture->changed.tv_nsec != st.st_mtim.tv_nsec) {
		forget(picture);
		picture->bytes = (uint64_t)st.st_size;
		picture->changed = st.st_mtim;
		examine(picture, fd);
		picture->known = true;
	}
	if (fd >= 0)
		close(fd);
	return picture;
}

long store_read(const struct store *store, uint32_t index, uint64_t offset,
		void *out, size_t size, char fault[DECODE_FAULT_MAX])
{
	size_t done = 0;
	int fd = store_open(store, index, fault);

	if (fd < 0)
		return -1;
	if (offset > INT64_MAX || lseek(fd, (off_t)offset, SEEK_SET) < 0)
		goto unreadable;
	while (done < size) {
		ssize_t n = read(fd, (char *)out + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			goto unreadable;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	close(fd);
	return (long)done;

unreadable:
	close(fd);
	snprintf(fault, DECODE_FAULT_MAX, "the file cannot be read there");
	return -1;
}
