/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* The declaration of one policy object, on its way to a psl_object. */
#ifndef DK_PSL_CHECK_CONFIG_H
#define DK_PSL_CHECK_CONFIG_H

#include "check.h"

#define CONFIG_POOL_SIZE 1024u	/* where a policy does not say */

struct config {
	struct policy *policy;
	const struct ast_object *from;
	const struct ast_type *type;	/* the one that the model wants, or NULL */
	const struct expr *config;
	struct psl_object *to;
};

/* A key of a dictionary. */
struct config_key {
	const char *name;
	bool optional;
};

/* ---- check_config.c: all are false or NULL after an error ---- */

/* The values of the N keys; one that is not there is NULL. */
bool config_keys(struct config *config, const struct expr *dictionary,
		 const struct config_key *keys, const struct expr **values,
		 size_t n);
bool config_number(struct config *config, const struct expr *expr,
		   uint32_t max, const char *what, uint32_t *number);
/* A list of texts, each once, at most MAX. */
bool config_texts(struct config *config, const struct expr *expr, size_t max,
		  const char *what, struct variant *texts);
/* Which of TEXTS the literal is. */
bool config_which(struct config *config, const struct expr *expr,
		  const struct variant *texts, const char *what,
		  uint32_t *which);
/* A dictionary's key, likewise. */
bool config_which_key(struct config *config, const struct expr *dictionary,
		      size_t i, const struct variant *texts, const char *what,
		      uint32_t *which);
/* An optional pool_size. */
bool config_pool(struct config *config, const struct expr *expr);

/* ---- check_entry.c ---- */

/* The type of an entry or a value; only one field if SINGLE. */
bool config_entry(struct config *config, bool single);
/* A type that is a variant of texts. */
bool config_variant(struct config *config, const struct ast_type *type,
		    struct variant *variant);

/* ---- config_models.c ---- */

bool config_flow(struct config *config);
bool config_set(struct config *config);
bool config_map(struct config *config);
bool config_rbac(struct config *config);
bool config_mic(struct config *config);

#endif
