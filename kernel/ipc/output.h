/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* What programs print: read line by line, escaped, cut, limited, prefixed. */
#ifndef DK_IPC_OUTPUT_H
#define DK_IPC_OUTPUT_H

#include "state.h"

void output_init(struct output *output, struct task *task);
/* There is something to read. */
void output_read(struct mediator *m, struct output *output);
/* The program has ended: the rest of it, then closed. */
void output_close(struct mediator *m, struct output *output);
/* Says how many lines were left out, if any were. */
void output_summarise(struct mediator *m, struct task *task);

#endif
