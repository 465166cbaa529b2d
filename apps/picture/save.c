/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */

#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../../kernel/security/sha256.h"

#define THUMBNAIL_MAX (4u << 20)	/* bytes: 512x512 is less */

struct file {
	char name[picture_Pictures_NameMax + 32];
	int fd;
	uint64_t written;
};

static bool fail(const struct file *file, const char *what)
{
	fprintf(stderr, "%s/%s: %s\n", SAVE_FOLDER, file->name, what);
	return false;
}

/* A name with nothing in it that leads elsewhere or hides. */
static void name_file(struct file *file, const char *prefix, const char *name)
{
	char *p = file->name;

	snprintf(file->name, sizeof(file->name), "%s%s", prefix, name);
	for (; *p; p++) {
		if (*p == '/' || (unsigned char)*p < 0x20 || *p == 0x7f ||
		    (*p == '.' && p == file->name))
			*p = '_';
	}
}

static bool make(struct file *file, const char *prefix, const char *name)
{
	char path[sizeof(SAVE_FOLDER) + sizeof(file->name)];

	name_file(file, prefix, name);
	file->written = 0;
	snprintf(path, sizeof(path), "%s/%s", SAVE_FOLDER, file->name);
	file->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
			O_NOFOLLOW, 0644);
	return file->fd >= 0 || fail(file, strerror(errno));
}

static bool put(struct file *file, const void *data, size_t size)
{
	const char *bytes = data;

	file->written += size;
	while (size > 0) {
		ssize_t n = write(file->fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(file, strerror(errno));
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* Half a picture is none: it is emptied, for there is no right to remove it. */
static void spoil(struct file *file)
{
	char path[sizeof(SAVE_FOLDER) + sizeof(file->name)];

	close(file->fd);
	snprintf(path, sizeof(path), "%s/%s", SAVE_FOLDER, file->name);
	file->fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW);
	if (file->fd >= 0)
		close(file->fd);
}

static nk_err_t finish(struct file *file, nk_err_t status)
{
	if (status != NK_EOK) {
		spoil(file);
		return status;
	}
	if (close(file->fd) < 0) {
		fail(file, strerror(errno));
		return NK_EFAIL;
	}
	return NK_EOK;
}

static nk_err_t too_large(const struct file *file)
{
	fail(file, "larger than a thumbnail can be");
	return NK_EFAIL;
}

nk_err_t save_thumbnail(struct visit *visit, uint32_t index,
			const struct view *view, uint32_t side)
{
	static struct piece piece;
	struct file file;
	nk_err_t status;

	status = visit_thumbnail(visit, index, side, 0, &piece);
	if (status != NK_EOK)
		return status;
	if (!make(&file, "thumb-", view->name))
		return NK_EFAIL;
	while (status == NK_EOK && piece.size > 0) {
		if (file.written + piece.size > THUMBNAIL_MAX)
			status = too_large(&file);
		else if (!put(&file, piece.bytes, piece.size))
			status = NK_EFAIL;
		else if (file.written >= piece.total)
			break;
		else
			status = visit_thumbnail(visit, index, side,
						 (uint32_t)file.written, &piece);
	}
	if (status == NK_EOK && file.written != piece.total) {
		fail(&file, "not as long as was said");
		status = NK_EFAIL;
	}
	status = finish(&file, status);
	if (status == NK_EOK)
		printf("wrote %s/%s, %llu bytes\n", SAVE_FOLDER, file.name,
		       (unsigned long long)file.written);
	return status;
}

nk_err_t save_picture(struct visit *visit, uint32_t index,
		      const struct view *view)
{
	static struct piece piece;
	struct file file;
	struct sha256 hash;
	uint8_t sha256[32];
	char digits[65];
	nk_err_t status;

	if (!make(&file, "", view->name))
		return NK_EFAIL;
	sha256_init(&hash);
	for (;;) {
		status = visit_read(visit, index, file.written, &piece);
		if (status != NK_EOK || piece.size == 0)
			break;
		if (file.written + piece.size > view->size) {
			fail(&file, "longer than was said");
			status = NK_EFAIL;
			break;
		}
		sha256_update(&hash, piece.bytes, piece.size);
		if (!put(&file, piece.bytes, piece.size)) {
			status = NK_EFAIL;
			break;
		}
	}
	sha256_final(&hash, sha256);
	if (status == NK_EOK &&
	    memcmp(sha256, view->sha256, sizeof(sha256)) != 0) {
		fail(&file, "its SHA-256 is not what was said");
		status = NK_EFAIL;
	}
	status = finish(&file, status);
	if (status != NK_EOK)
		return status;
	visit_digits(sha256, digits);
	printf("wrote %s/%s, %llu bytes, SHA-256 as served: %s\n", SAVE_FOLDER,
	       file.name, (unsigned long long)file.written, digits);
	return NK_EOK;
}
