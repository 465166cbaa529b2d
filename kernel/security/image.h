/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * A compiled solution in memory, proved sound: every offset, count, type, jump
 * and stack effect was checked by image_load, so that readers index without
 * checking again. Pure: the caller brings the bytes and keeps them unchanged.
 */
#ifndef DK_SECURITY_IMAGE_H
#define DK_SECURITY_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "../abi/image.h"

/* Bytes of one element of each section: for who writes an image and who proves it. */
extern const uint32_t image_element_size[SECTION_N];

/* Read-only views into the caller's bytes. */
struct image {
	const struct image_header *header;
	const char *strings;
	const struct image_class *classes;
	const struct image_endpoint *endpoints;
	const struct image_interface *interfaces;
	const struct image_method *methods;
	struct layout layout;
	const uint32_t *pairs;
	const uint32_t *cells;
	const struct image_action *actions;
	const uint32_t *action_calls;
	const struct image_call *calls;
	const struct image_rule *rules;
	const struct image_insn *code;
	const struct image_number *numbers;
	const struct image_task *tasks;
	const struct image_channel *channels;
	const uint32_t *lists;
	const struct image_binding *bindings;
	const struct image_selectors *selectors;
	const struct image_dfa *dfas;
	const uint16_t *dfa_states;
	const struct image_object *objects;
	const uint32_t *object_words;
	const struct image_user *users;
	const uint32_t *levels;
	const struct image_audit *audits;
	const uint32_t *omits;
	uint32_t n_classes, n_endpoints, n_interfaces, n_methods, n_cells;
	uint32_t n_actions, n_calls, n_rules, n_tasks, n_channels, n_bindings;
	uint32_t n_selectors, n_dfas, n_objects;
	uint32_t n_state_words, n_journal;	/* of the objects' state: see
						   state.h */
	uint32_t n_users, n_levels, n_audits;
};

struct image_fault {
	const char *what;	/* a sentence without a full stop; never NULL
				   after a failure; static storage */
	uint32_t section;	/* enum image_section_id, or SECTION_N */
	uint32_t index;		/* of the element in its section */
};

/*
 * Checks the SIZE bytes at DATA (8-aligned) and fills IMAGE. Returns 1, or 0
 * with FAULT filled and IMAGE zeroed, which denies every event.
 */
int image_load(struct image *image, const void *data, size_t size,
	       struct image_fault *fault);

const char *image_string(const struct image *image, uint32_t name);

static inline const struct image_rule *image_rule(const struct image *image,
						  const struct image_call *call)
{
	return &image->rules[call->rule];
}

static inline const struct image_selectors *
image_selectors(const struct image *image, const struct image_binding *binding)
{
	return &image->selectors[binding->selectors];
}

/* The files that a binding and a rule are in; the rule's object and method. */
const char *image_binding_file(const struct image *image, uint32_t binding);
const char *image_call_file(const struct image *image,
			    const struct image_call *call);
const char *image_call_object(const struct image *image,
			      const struct image_call *call);
const char *image_call_method(const struct image *image,
			      const struct image_call *call);
/* Index of the class or task of that name, or IMAGE_NONE. */
uint32_t image_find_class(const struct image *image, const char *name);
uint32_t image_find_task(const struct image *image, const char *name);
/* Endpoint of class by RIID or by path, NULL if there is none. */
const struct image_endpoint *image_endpoint(const struct image *image,
					    uint32_t class_index, uint32_t riid);
const struct image_endpoint *image_find_endpoint(const struct image *image,
						 uint32_t class_index,
						 const char *path);
/* Method of an endpoint's interface by MID, NULL if there is none. */
const struct image_method *image_method(const struct image *image,
					const struct image_endpoint *endpoint,
					uint32_t mid);
/* The endpoint that holds the slot of a class, NULL if it is security's. */
const struct image_endpoint *image_slot_endpoint(const struct image *image,
						 uint32_t class_index,
						 uint32_t slot);
/* Levels at which a rule of an event that is granted may be recorded. */
static inline uint32_t image_audit_granted(const struct image_audit *audit)
{
	return audit->granted | audit->emitted[REGEX_MATCH] |
	       audit->emitted[REGEX_SELECT];
}

/* "request", "response", ... for an event kind. */
const char *event_kind_name(enum event_kind kind);

#endif
