/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * The `sandbox` of an entity: what its program is given beside its channels, what
 * it may use up, and which layers its machine may lack. Conflicts are refused at
 * the later of the two places.
 */
#ifndef DK_INIT_SANDBOX_H
#define DK_INIT_SANDBOX_H

#include "init.h"
#include "yaml.h"

/* Of an entity that has none. */
void sandbox_default(struct init_task *task);
void sandbox_read(struct yaml *yaml, yaml_node_t *node, struct init_task *task);

#endif
