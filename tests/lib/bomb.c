/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * Uses up what its sandbox limits, and says how far it came. Its arguments are
 * words[] at the end; it asks nobody for anything, and is linked statically or
 * not.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MIB		((size_t)1 << 20)
#define STACK_SIZE	((size_t)64 * 1024)

static char **args;

static const char *word(void)
{
	return *args ? *args++ : "";
}

static void nap(long seconds)
{
	const struct timespec pause = { .tv_sec = seconds };

	nanosleep(&pause, NULL);
}

/* Memory of one's own, until there is none. */
static void heap(void)
{
	unsigned n = 0;
	char *at;

	while ((at = malloc(MIB))) {
		memset(at, 1, MIB);
		n++;
	}
	printf("heap: %u MiB, then %s\n", n, strerror(errno));
}

/* Memory that no resource limit counts. */
static void shared(void)
{
	unsigned n = 0;
	char *at;

	while ((at = mmap(NULL, MIB, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0)) != MAP_FAILED) {
		memset(at, 1, MIB);
		if (++n % 16 == 0)
			printf("shared: %u MiB\n", n);
	}
	printf("shared: %u MiB, then %s\n", n, strerror(errno));
}

static void *wait_for_ever(void *none)
{
	while (1)
		nap(1000);
	return none;
}

static void threads(void)
{
	long most = strtol(word(), NULL, 10), n = 0;
	pthread_attr_t small;
	int r = 0;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK_SIZE);
	while (n < most && r == 0) {
		pthread_t thread;

		r = pthread_create(&thread, &small, wait_for_ever, NULL);
		n += r == 0;
	}
	printf("threads: %ld, then %s\n", n, strerror(r));
}

static void files(void)
{
	const char *path = word();
	int first = -1, last = -1, fd;

	while ((fd = open(path, O_RDONLY | O_DIRECTORY)) >= 0) {
		first = first < 0 ? fd : first;
		last = fd;
	}
	printf("files %s: %d, then %s\n", path,
	       first < 0 ? 0 : last - first + 1, strerror(errno));
	for (fd = first; fd >= 0 && fd <= last; fd++)
		close(fd);
}

static void fill(void)
{
	static char block[4096];
	const char *path = word();
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	unsigned n = 0;

	memset(block, 1, sizeof(block));
	while (fd >= 0 && write(fd, block, sizeof(block)) == sizeof(block))
		n += sizeof(block) / 1024;
	printf("fill %s: %u KiB, then %s\n", path, n, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void spin(void)
{
	time_t end = time(NULL) + strtol(word(), NULL, 10);

	while (time(NULL) < end)
		;
	printf("spin: done\n");
}


/* What nobody is given. */
static void try(void)
{
	const char *what = word();
	bool failed = false;

	printf("try %s\n", what);
	if (!strcmp(what, "exec"))
		execl("/lib64/ld-linux-x86-64.so.2", "ld.so", (char *)NULL);
	else if (!strcmp(what, "fork"))
		failed = fork() < 0;
	else if (!strcmp(what, "socket"))
		failed = socket(AF_INET, SOCK_STREAM, 0) < 0;
	else
		failed = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
	if (failed)
		printf("try %s: errno %d\n", what, errno);
	else
		printf("try %s: came back\n", what);
}

static void stay(void)
{
	nap(1000);
}

static const struct {
	const char *name;
	void (*act)(void);
} words[] = {
	{ "heap", heap },		/* */
	{ "shared", shared },		/* */
	{ "threads", threads },		/* MOST */
	{ "files", files },		/* FOLDER: opens it again and again */
	{ "fill", fill },		/* PATH */
	{ "spin", spin },		/* SECONDS */
	{ "try", try },			/* exec|fork|socket|code */
	{ "stay", stay },		/* */
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	args = argv + (argc > 0);
	while (*args) {
		const char *name = word();

		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (!strcmp(words[i].name, name))
				words[i].act();
	}
	printf("bomb: all done\n");
	return 0;
}
