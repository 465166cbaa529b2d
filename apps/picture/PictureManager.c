/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * PictureManager: owns the folder /pictures. The first thread publishes, then
 * takes the clients that come and puts them on one listener; the second serves
 * whoever is on it. What it reads is of unknown origin and what reads it is
 * libpng, which is why it is confined: it has that folder, and its messages.
 */
#include <coresrv/cm/cm_api.h>
#include <coresrv/ns/ns_api.h>
#include <coresrv/thread/thread_api.h>
#include <malloc.h>
#include <picture/PictureManager.edl.h>
#include <pthread.h>
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve.h"
#include "store.h"

#define FOLDER "/pictures"
#define SERVER "picture.PictureManager"
#define SERVICE "album.pictures"
#define INTERFACE "picture.Pictures"
#define FAILURES_MAX 100u	/* of Listen in a row */

struct worker {
	pthread_t thread;
	Handle listener;	/* INVALID_HANDLE until the first client */
	struct store store;
};

static void *work(void *context)
{
	struct worker *worker = context;
	nk_err_t error = serve(worker->listener, &worker->store);

	if (error != NK_ENOTCONN)
		fprintf(stderr, "the listener is gone: " RETCODE_HR_FMT "\n",
			RETCODE_HR_PARAMS(error));
	exit(error == NK_ENOTCONN ? EXIT_SUCCESS : EXIT_FAILURE);
}

static int publish(void)
{
	NsHandle ns;
	Retcode rc = NsCreate(RTL_NULL, INFINITE_TIMEOUT, &ns);

	if (rc == rcOk)
		rc = NsPublishService(ns, INTERFACE, SERVER, SERVICE);
	if (rc != rcOk) {
		fprintf(stderr, "cannot publish %s: " RETCODE_HR_FMT "\n",
			INTERFACE, RETCODE_HR_PARAMS(rc));
		return -1;
	}
	return 0;
}

/* Puts a client on the listener; the first one makes it. */
static void take(struct worker *worker, const char *client, const char *service)
{
	Handle handle;
	Retcode rc;

	if (strcmp(service, SERVICE) != 0) {
		KnCmDrop(client, service);
		printf("dropped %s: there is no %s here\n", client, service);
		return;
	}
	rc = KnCmAccept(client, service,
			picture_PictureManager_album_pictures_iid,
			worker->listener, &handle);
	if (rc != rcOk) {
		fprintf(stderr, "cannot accept %s: " RETCODE_HR_FMT "\n",
			client, RETCODE_HR_PARAMS(rc));
		return;
	}
	printf("accepted %s\n", client);
	if (worker->listener != INVALID_HANDLE)
		return;
	worker->listener = handle;
	if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
		fprintf(stderr, "there is no thread to serve with\n");
		exit(EXIT_FAILURE);
	}
}

static int take_clients(struct worker *worker)
{
	char client[1024], service[1024];
	unsigned n_failures = 0;

	while (n_failures < FAILURES_MAX) {
		Retcode rc = KnCmListen(RTL_NULL, INFINITE_TIMEOUT, client,
					service);

		if (rc == rcNotConnected)
			return EXIT_SUCCESS;
		if (rc == rcTimeout)
			continue;
		if (rc == rcOk) {
			n_failures = 0;
			take(worker, client, service);
			continue;
		}
		if (n_failures++ == 0)
			fprintf(stderr, "cannot listen: " RETCODE_HR_FMT "\n",
				RETCODE_HR_PARAMS(rc));
		KnSleep(10);
	}
	return EXIT_FAILURE;
}

int main(void)
{
	static struct worker worker = { .listener = INVALID_HANDLE };
	int error;

	setvbuf(stdout, NULL, _IOLBF, 0);
	mallopt(M_ARENA_MAX, 1);
	error = store_init(&worker.store, FOLDER);
	if (error) {
		fprintf(stderr, "cannot read %s: %s\n", FOLDER,
			strerror(-error));
		return EXIT_FAILURE;
	}
	printf("%u pictures in %s\n", worker.store.n_pictures, FOLDER);
	if (worker.store.n_left_out > 0)
		printf("%u more are left out\n", worker.store.n_left_out);
	if (publish() < 0)
		return EXIT_FAILURE;
	return take_clients(&worker);
}
