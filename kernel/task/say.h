/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What the launcher says: one line on standard error, "dkd: ...". */
#ifndef DK_TASK_SAY_H
#define DK_TASK_SAY_H

/* FORMAT has neither the prefix nor the newline. Control characters that the
   arguments bring in are shown as '?'. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
