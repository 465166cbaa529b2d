/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A frame on its way through the kernel: what each step has found out. Filled in
 * the order of its members; nothing of it outlives the frame.
 */
#ifndef DK_IPC_PASSAGE_H
#define DK_IPC_PASSAGE_H

#include "state.h"

struct passage {
	/* receive */
	struct port *port;		/* NULL: the kernel's own answer */
	struct frame *frame;
	/* decode */
	enum event_kind kind;		/* EVENT_NONE: not known (yet) */
	/* resolve */
	struct call *call;		/* answers */
	struct task *src, *dst;		/* NULL: the kernel, or not known */
	uint32_t src_class, src_sid, dst_class, dst_sid;
	const struct image_endpoint *endpoint;	/* NULL: not known, or a
						   question to the module */
	const struct image_interface *interface;
	const struct image_method *method;
	uint32_t mid;
	uint32_t slot;			/* of the method, in the class that has it */
	struct port *handles[WIRE_HANDLES_MAX];
	uint32_t handle_sids[WIRE_HANDLES_MAX];
	/* why a step did not go on; NULL: its status says it */
	const char *why;
	char why_text[WIRE_NAME_MAX + 64];
};

#endif
