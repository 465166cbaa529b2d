/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * ValidPictureClient: finds pictures, prints what there are, and writes a
 * thumbnail of each and the largest one whole into /demo. Exit status: 0 done,
 * 1 refused by the policy, 2 something else.
 */
#include <rtl/retcode_hr.h>
#include <stdio.h>
#include <stdlib.h>

#include "save.h"
#include "visit.h"

#define SIDE 256u		/* of a thumbnail, pixels */

enum { EXIT_REFUSED = 1, EXIT_OTHER = 2 };

/* Broken pictures are asked for as well: their owner says what is wrong. */
static nk_err_t save_thumbnails(struct visit *visit, uint32_t count,
				uint32_t *largest, bool *any)
{
	uint64_t size = 0;

	for (uint32_t i = 0; i < count; i++) {
		struct view view;
		nk_err_t status = visit_look(visit, i, &view);

		if (status == NK_EOK)
			status = save_thumbnail(visit, i, &view, SIDE);
		if (status == NK_EFAIL && visit->reason[0])
			printf("no thumbnail of %s: %s\n", view.name,
			       visit->reason);
		else if (status != NK_EOK)
			return status;
		else if (view.size > size) {
			size = view.size;
			*largest = i;
			*any = true;
		}
	}
	return NK_EOK;
}

static nk_err_t run(struct visit *visit)
{
	uint32_t count = 0, largest = 0;
	struct view view;
	bool any = false;
	nk_err_t status;

	status = visit_begin(visit);
	if (status == NK_EOK)
		status = visit_count(visit, &count);
	if (status == NK_EOK)
		status = visit_table(visit, count);
	if (status == NK_EOK)
		status = save_thumbnails(visit, count, &largest, &any);
	if (status == NK_EOK && any)
		status = visit_look(visit, largest, &view);
	if (status == NK_EOK && any)
		status = save_picture(visit, largest, &view);
	return status;
}

int main(void)
{
	static struct visit visit;
	nk_err_t status;

	setvbuf(stdout, NULL, _IOLBF, 0);
	status = run(&visit);
	if (status == NK_EOK) {
		printf("done\n");
		return EXIT_SUCCESS;
	}
	printf("%s: %s: " RETCODE_HR_FMT "\n",
	       status == NK_EPERM ? "refused" : "failed", visit.step,
	       RETCODE_HR_PARAMS(status));
	return status == NK_EPERM ? EXIT_REFUSED : EXIT_OTHER;
}
