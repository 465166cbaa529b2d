/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "audit.h"

#include <string.h>

/* What a profile says about one object at one level. */
struct about {
	uint32_t level;
	const char *object;
	bool granted, denied;
	bool emit[REGEX_N];
	uint64_t omit;		/* the Flow's states, a bit each */
};

struct audit_profile {
	const char *name;
	struct pos pos;
	struct about *abouts;
	size_t n, capacity;
};

struct audits {
	struct audit_profile *profiles;	/* 0 is `empty` */
	size_t n_profiles;
	uint32_t levels[IMAGE_LEVELS_MAX];	/* they grow */
	uint32_t n_levels;
	bool too_many;			/* levels: was reported */
	struct psl_audit *of;
	size_t n, capacity;
};

/* Objects that are there without a declaration. */
static const struct {
	const char *name, *model;
} standard[] = {
	{ "base", "Base" }, { "pred", "Pred" }, { "bool", "Bool" },
	{ "math", "Math" }, { "re", "Regex" },
};

#define N_STANDARD (sizeof(standard) / sizeof(*standard))

/* ---- what may be written ---- */

static bool is_dictionary(const struct policy *policy, const struct expr *value,
			  const char *what)
{
	if (value->kind == EXPR_DICTIONARY)
		return true;
	diag_error(policy->diags, value->pos, "%s is a dictionary, { ... }",
		   what);
	return false;
}

static bool is_repeated(const struct expr *list, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (list->kids[i]->kind == EXPR_TEXT &&
		    !strcmp(list->kids[i]->text, list->kids[index]->text))
			return true;
	return false;
}

/*
 * A list of texts, each once and each one of the N WORDS: bit i of the result
 * is set if words[i] is there.
 */
static uint64_t read_words(const struct policy *policy, const struct expr *list,
			   const char *what, const char *const *words, size_t n)
{
	uint64_t found = 0;

	if (list->kind != EXPR_LIST) {
		diag_error(policy->diags, list->pos, "expected a list of texts, "
			   "[\"%s\"], of %s", words[0], what);
		return 0;
	}
	for (size_t i = 0; i < list->n_kids; i++) {
		const struct expr *kid = list->kids[i];
		size_t which = 0;

		if (kid->kind != EXPR_TEXT) {
			diag_error(policy->diags, kid->pos, "expected a text, "
				   "\"%s\", of %s", words[0], what);
			continue;
		}
		while (which < n && strcmp(words[which], kid->text) != 0)
			which++;
		if (which == n)
			diag_error(policy->diags, kid->pos, "'%s' is not one of "
				   "%s%s", kid->text, what,
				   scope_near(policy->arena, kid->text, words,
					      n));
		else if (is_repeated(list, i))
			diag_error(policy->diags, kid->pos, "'%s' stands in the "
				   "list twice", kid->text);
		else
			found |= UINT64_C(1) << which;
	}
	return found;
}

/* The model of an object; NULL if the object is not known. */
static const char *find_model(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < N_STANDARD; i++)
		if (!strcmp(standard[i].name, name))
			return standard[i].model;
	for (size_t i = 0; i < policy->ast->n_objects; i++)
		if (policy->ast->objects[i].name == name)
			return policy->ast->objects[i].model;
	return NULL;
}

/* As the compiler keeps it; NULL for a standard one, and for one in error. */
static const struct psl_object *find_object(const struct policy *policy,
					    const char *name)
{
	for (size_t i = 0; i < policy->n_objects; i++)
		if (policy->objects[i].name == name &&
		    policy->objects[i].model != MODEL_NONE)
			return &policy->objects[i];
	return NULL;
}

static void unknown_object(const struct policy *policy, const char *name,
			   struct pos where)
{
	size_t n = N_STANDARD + policy->ast->n_objects;
	const char **names = arena_alloc(policy->arena, n * sizeof(*names));

	for (size_t i = 0; i < N_STANDARD; i++)
		names[i] = standard[i].name;
	for (size_t i = N_STANDARD; i < n; i++)
		names[i] = policy->ast->objects[i - N_STANDARD].name;
	diag_error(policy->diags, where, "unknown policy object '%s'%s", name,
		   scope_near(policy->arena, name, names, n));
}

/* ---- from the text to what is recorded ---- */

/* The states to omit. An object with an error of its own has none. */
static void read_omit(const struct policy *policy, const struct expr *list,
		      struct about *about)
{
	const struct psl_object *flow = find_object(policy, about->object);

	if (flow && flow->names.n > 0)
		about->omit = read_words(policy, list, "the object's states",
					 flow->names.texts, flow->names.n);
}

/* KEY of an object's dictionary, with its value. */
static void read_key(const struct policy *policy, const char *model,
		     const struct expr *of, size_t i, struct about *about)
{
	static const char *const keys[] = { "kss", "omit", "emit" };
	static const char *const results[] = { "granted", "denied" };
	static const char *const calls[] = { "match", "select" };
	const char *key = of->keys[i];
	uint64_t found;

	if (!strcmp(key, keys[0])) {
		found = read_words(policy, of->kids[i], "a rule's results",
				   results, 2);
		about->granted = found & 1;
		about->denied = found >> 1 & 1;
	} else if (!strcmp(key, keys[1]) && !strcmp(model, "Flow")) {
		read_omit(policy, of->kids[i], about);
	} else if (!strcmp(key, keys[1])) {
		diag_error(policy->diags, of->key_pos[i], "the object has no "
			   "states to omit: it is of model %s, not Flow", model);
	} else if (!strcmp(key, keys[2]) && strcmp(model, "Regex") != 0) {
		diag_error(policy->diags, of->key_pos[i], "the object has no "
			   "expressions to emit: it is of model %s, not Regex",
			   model);
	} else if (!strcmp(key, keys[2])) {
		found = read_words(policy, of->kids[i],
				   "the model's expressions", calls, 2);
		about->emit[REGEX_MATCH] = found & 1;
		about->emit[REGEX_SELECT] = found >> 1 & 1;
	} else {
		diag_error(policy->diags, of->key_pos[i], "unknown key '%s' of "
			   "an audit profile%s", key,
			   scope_near(policy->arena, key, keys, 3));
	}
}

static void read_object(const struct policy *policy,
			struct audit_profile *profile, uint32_t level,
			const struct expr *at, size_t i)
{
	const struct expr *of = at->kids[i];
	struct about about = { .level = level, .object = at->keys[i] };
	const char *model = find_model(policy, at->keys[i]);

	if (!model) {
		unknown_object(policy, at->keys[i], at->key_pos[i]);
		return;
	}
	if (!is_dictionary(policy, of, "what is recorded of an object"))
		return;
	for (size_t k = 0; k < of->n_keys; k++)
		read_key(policy, model, of, k, &about);
	*ARENA_PUSH(policy->arena, profile->abouts, profile->n,
		    profile->capacity) = about;
}

static bool read_level(const struct policy *policy, const char *text,
		       struct pos where, uint32_t *level)
{
	uint64_t value = 0;
	const char *c = text;

	for (; *c >= '0' && *c <= '9' && value <= UINT32_MAX; c++)
		value = value * 10 + (uint64_t)(*c - '0');
	if (!*text || (*c && value <= UINT32_MAX)) {
		diag_error(policy->diags, where, "an audit level is a number, "
			   "found '%s'", text);
		return false;
	}
	if (value > UINT32_MAX) {
		diag_error(policy->diags, where, "an audit level is at most %u",
			   UINT32_MAX);
		return false;
	}
	*level = (uint32_t)value;
	return true;
}

static void add_level(const struct policy *policy, uint32_t level,
		      struct pos where)
{
	struct audits *audits = policy->audits;
	uint32_t at = 0;

	while (at < audits->n_levels && audits->levels[at] < level)
		at++;
	if (at < audits->n_levels && audits->levels[at] == level)
		return;
	if (audits->n_levels == IMAGE_LEVELS_MAX) {
		if (!audits->too_many)
			diag_error(policy->diags, where, "the policy has more "
				   "than %u audit levels", IMAGE_LEVELS_MAX);
		audits->too_many = true;
		return;
	}
	memmove(&audits->levels[at + 1], &audits->levels[at],
		(audits->n_levels - at) * sizeof(audits->levels[0]));
	audits->levels[at] = level;
	audits->n_levels++;
}

static void read_profile(const struct policy *policy,
			 struct audit_profile *profile,
			 const struct expr *value)
{
	for (size_t i = 0; i < value->n_keys; i++) {
		const struct expr *at = value->kids[i];
		uint32_t level;

		if (!read_level(policy, value->keys[i], value->key_pos[i],
				&level) ||
		    !is_dictionary(policy, at, "what is recorded at a level"))
			continue;
		add_level(policy, level, value->key_pos[i]);
		for (size_t k = 0; k < at->n_keys; k++)
			read_object(policy, profile, level, at, k);
	}
}

/* ---- profiles by their names ---- */

static struct audit_profile *find_profile(const struct policy *policy,
					  const char *name)
{
	struct audits *audits = policy->audits;

	for (size_t i = 0; i < audits->n_profiles; i++)
		if (audits->profiles[i].name == name)
			return &audits->profiles[i];
	return NULL;
}

/* The profile NAME; OTHER, after an error, if there is none. */
static const struct audit_profile *get_profile(const struct policy *policy,
					const char *name, struct pos where,
					const struct audit_profile *other)
{
	const struct audit_profile *found = find_profile(policy, name);
	struct audits *audits = policy->audits;
	const char **names;

	if (found)
		return found;
	names = arena_alloc(policy->arena,
			    audits->n_profiles * sizeof(*names));
	for (size_t i = 0; i < audits->n_profiles; i++)
		names[i] = audits->profiles[i].name;
	diag_error(policy->diags, where, "unknown audit profile '%s'%s", name,
		   scope_near(policy->arena, name, names, audits->n_profiles));
	return other;
}

static void declare(const struct policy *policy,
		    const struct ast_profile *profile)
{
	struct audits *audits = policy->audits;
	struct audit_profile *before = find_profile(policy, profile->name);

	if (before == &audits->profiles[0]) {
		diag_error(policy->diags, profile->pos, "the audit profile "
			   "'empty' is there already, and records nothing");
		return;
	}
	if (before) {
		diag_error(policy->diags, profile->pos, "the audit profile '%s' "
			   "is declared twice", profile->name);
		diag_note(policy->diags, before->pos, "it is declared here "
			  "first");
		return;
	}
	before = &audits->profiles[audits->n_profiles++];
	before->name = profile->name;
	before->pos = profile->pos;
	read_profile(policy, before, profile->value);
}

void audit_begin(struct policy *policy)
{
	const struct ast *ast = policy->ast;
	struct audits *audits = arena_alloc(policy->arena, sizeof(*audits));

	policy->audits = audits;
	audits->profiles = arena_alloc(policy->arena, (ast->n_profiles + 1) *
				       sizeof(*audits->profiles));
	audits->profiles[audits->n_profiles++].name =
		names_one(policy->names, "empty");
	for (size_t i = 0; i < ast->n_profiles; i++)
		declare(policy, &ast->profiles[i]);
	if (ast->audit.name)
		get_profile(policy, ast->audit.name, ast->audit.name_pos, NULL);
}

const struct audit_profile *audit_default(const struct policy *policy)
{
	const struct audit_profile *found =
		find_profile(policy, policy->ast->audit.name);

	return found ? found : &policy->audits->profiles[0];
}

const struct audit_profile *audit_enter(struct policy *policy,
					const struct ast_body *body,
					const struct audit_profile *outer)
{
	return body->audit ? get_profile(policy, body->audit, body->audit_pos,
					 outer) : outer;
}

/* ---- what each rule gets ---- */

static uint32_t level_bit(const struct audits *audits, uint32_t level)
{
	for (uint32_t i = 0; i < audits->n_levels; i++)
		if (audits->levels[i] == level)
			return UINT32_C(1) << i;
	return 0;
}

/* What the profile says about the rule's object. */
static void add_about(const struct policy *policy, struct psl_audit *audit,
		      const struct about *about, uint32_t bit)
{
	const struct psl_object *flow = find_object(policy, about->object);
	uint32_t *omits = audit->omits;

	audit->granted |= about->granted ? bit : 0;
	audit->denied |= about->denied ? bit : 0;
	if (!about->omit)
		return;
	if (!omits) {
		audit->n_omits = (uint32_t)flow->names.n;
		omits = arena_alloc(policy->arena,
				    audit->n_omits * sizeof(*omits));
		audit->omits = omits;
	}
	for (uint32_t i = 0; i < audit->n_omits; i++)
		if (about->omit >> i & 1)
			omits[i] |= bit;
}

static void fill(const struct policy *policy,
		 const struct audit_profile *profile, struct psl_audit *audit)
{
	for (size_t i = 0; i < profile->n; i++) {
		const struct about *about = &profile->abouts[i];
		uint32_t bit = level_bit(policy->audits, about->level);

		if (!strcmp(about->object, audit->object))
			add_about(policy, audit, about, bit);
		for (int k = 0; k < REGEX_N; k++)
			if (audit->expressions[k] && about->emit[k])
				audit->emitted[k] |= bit;
	}
}

uint32_t audit_of(struct policy *policy, const struct audit_profile *profile,
		  const struct psl_call *call)
{
	struct audits *audits = policy->audits;
	struct psl_audit audit = { .profile = profile->name,
				   .object = call->object };

	if (!policy->ast->audited)
		return IMAGE_NONE;
	for (uint32_t i = 0; i < call->n_insns; i++)
		if (call->insns[i].op == OP_MATCH)
			audit.expressions[call->insns[i].type] = true;
	for (size_t i = 0; i < audits->n; i++)
		if (audits->of[i].profile == audit.profile &&
		    !memcmp(audits->of[i].expressions, audit.expressions,
			    sizeof(audit.expressions)) &&
		    !strcmp(audits->of[i].object, audit.object))
			return (uint32_t)i;
	fill(policy, profile, &audit);
	*ARENA_PUSH(policy->arena, audits->of, audits->n, audits->capacity) =
		audit;
	return (uint32_t)audits->n - 1;
}

void audit_end(const struct policy *policy, struct psl *psl)
{
	const struct audits *audits = policy->audits;

	psl->audited = policy->ast->audited;
	psl->level = policy->ast->audit.level;
	psl->levels = audits->levels;
	psl->n_levels = audits->n_levels;
	psl->audits = audits->of;
	psl->n_audits = (uint32_t)audits->n;
}
