/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * NonValidPictureClient: takes the same steps as ValidPictureClient, and expects
 * to be refused at the first request to the pictures' owner. Exit status: 0 it
 * was refused by the policy, 1 it was served, 2 something else.
 */
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

#include "visit.h"

enum { EXIT_SERVED = 1, EXIT_OTHER = 2 };

static nk_err_t run(struct visit *visit, uint32_t *count)
{
	static struct piece piece;
	nk_err_t status = visit_begin(visit);

	if (status == NK_EOK)
		status = visit_count(visit, count);
	if (status == NK_EOK)
		status = visit_table(visit, *count);
	if (status == NK_EOK && *count > 0)
		status = visit_read(visit, 0, 0, &piece);
	return status;
}

int main(void)
{
	static struct visit visit;
	uint32_t count = 0;
	nk_err_t status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	status = run(&visit, &count);
	if (status == NK_EOK) {
		printf("served: %u pictures, though nothing should grant it\n",
		       count);
		return EXIT_SERVED;
	}
	printf("%s: %s: " RETCODE_HR_FMT "\n",
	       status == NK_EPERM ? "refused" : "failed", visit.step,
	       RETCODE_HR_PARAMS(status));
	return status == NK_EPERM ? EXIT_SUCCESS : EXIT_OTHER;
}
