/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* init.yaml as it is written: keys, values, and their shapes. */
#include "init.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../kernel/abi/wire.h"
#include "../front/template.h"
#include "sandbox.h"

#define N_KEYS(keys) (sizeof(keys) / sizeof(*(keys)))

/* What the functions of one entity are called with. */
struct entity {
	struct init *init;
	struct sources *sources;
	struct init_task task;
	struct init_connection *connection;	/* being read */
	const char *var, *include;		/* of its id */
	struct pos var_pos, include_pos;
};

#define ERROR(yaml, node, ...) \
	diag_error((yaml)->diags, yaml_pos((yaml), (node)), __VA_ARGS__)

/* A name that goes over the wire. */
static const char *name_text(struct yaml *yaml, yaml_node_t *node,
			     const char *what)
{
	const char *text = yaml_text(yaml, node, what);

	if (!text)
		return NULL;
	if (!*text) {
		ERROR(yaml, node, "%s is empty", what);
		return NULL;
	}
	if (strlen(text) >= WIRE_NAME_MAX) {
		ERROR(yaml, node, "%s is longer than %u bytes", what,
		      WIRE_NAME_MAX - 1);
		return NULL;
	}
	for (const char *c = text; *c; c++)
		if (iscntrl((unsigned char)*c)) {
			ERROR(yaml, node, "%s holds a control character", what);
			return NULL;
		}
	return text;
}

static void read_name(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;

	entity->task.class_name = name_text(yaml, node, "a class's name");
	entity->task.pos = yaml_pos(yaml, node);
}

/* People tell tasks apart by these, and name them in commands. */
static void check_task_name(struct yaml *yaml, yaml_node_t *node,
			    const char *name)
{
	const char *c = name;

	while (*c && isascii((unsigned char)*c))
		c++;
	if (*c)
		ERROR(yaml, node, "a task's name is ASCII, where no two letters "
		      "look alike, found '%s'", name);
	else if (*name == '-')
		ERROR(yaml, node, "a task's name cannot begin with '-', as an "
		      "option of a command does, found '%s'", name);
}

static void read_task(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;

	entity->task.name = name_text(yaml, node, "a task's name");
	entity->task.name_pos = yaml_pos(yaml, node);
	if (entity->task.name)
		check_task_name(yaml, node, entity->task.name);
}

static void read_path(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;
	const char *path = name_text(yaml, node, "'path'");

	if (path && (strchr(path, '/') || !strcmp(path, ".") ||
		     !strcmp(path, "..")))
		ERROR(yaml, node, "'path' is the base name of an executable, "
		      "found '%s'", path);
	entity->task.path = path;
}

static void add(struct yaml *yaml, struct init_list *list, const char *text)
{
	*ARENA_PUSH(yaml->arena, list->of, list->n, list->capacity) = text;
}

static void add_arg(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;
	const char *text = yaml_text(yaml, node, "an argument");

	if (text)
		add(yaml, &entity->task.args, text);
}

static void read_args(struct yaml *yaml, yaml_node_t *node, void *to)
{
	yaml_sequence(yaml, node, "'args'", add_arg, to);
}

static void add_variable(struct yaml *yaml, yaml_node_t *key,
			 yaml_node_t *value, void *to)
{
	struct entity *entity = to;
	const char *name = yaml_text(yaml, key, "a variable's name");
	const char *text = yaml_text(yaml, value, "a variable's value");
	bool fine = name && *name && !isdigit((unsigned char)*name);

	for (const char *c = name; fine && *c; c++)
		fine = (isalnum((unsigned char)*c) || *c == '_') && *c < 0x7f;
	if (name && !fine)
		ERROR(yaml, key, "a variable's name is letters, digits and '_', "
		      "found '%s'", name);
	else if (name && text)
		add(yaml, &entity->task.env,
		    arena_printf(yaml->arena, "%s=%s", name, text));
}

static void read_env(struct yaml *yaml, yaml_node_t *node, void *to)
{
	yaml_pairs(yaml, node, "'env'", add_variable, to);
}

/* ---- connections ---- */

static void read_target(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;

	entity->connection->target = name_text(yaml, node, "'target'");
	entity->connection->target_pos = yaml_pos(yaml, node);
}

static void read_var(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;

	entity->var = name_text(yaml, node, "'var'");
	entity->var_pos = yaml_pos(yaml, node);
}

static void read_include(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;
	const char *include = name_text(yaml, node, "'include'");
	size_t size = include ? strlen(include) : 0;

	/* "x.h", as C spells it, is x.h */
	if (size > 2 && (*include == '"' || *include == '<'))
		include = arena_strndup(yaml->arena, include + 1, size - 2);
	entity->include = include;
	entity->include_pos = yaml_pos(yaml, node);
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* The text of `#define NAME "text"` in a header, NULL if there is none. */
static const char *find_define(struct arena *arena, const char *text,
			       const char *name)
{
	size_t size = strlen(name);

	for (; text && *text; text = strchr(text, '\n'),
	     text = text ? text + 1 : NULL) {
		const char *at = skip_blanks(text), *end;

		if (*at != '#')
			continue;
		at = skip_blanks(at + 1);
		if (strncmp(at, "define", 6) != 0 || skip_blanks(at + 6) == at + 6)
			continue;
		at = skip_blanks(at + 6);
		if (strncmp(at, name, size) != 0 ||
		    skip_blanks(at + size) == at + size)
			continue;
		at = skip_blanks(at + size);
		end = *at == '"' ? at + 1 + strcspn(at + 1, "\"\\\n") : at;
		if (end > at && *end == '"')
			return arena_strndup(arena, at + 1,
					     (size_t)(end - at - 1));
	}
	return NULL;
}

/* A channel's name from a constant of a C header: {var: X, include: x.h}. */
static const char *name_from_header(struct yaml *yaml, struct entity *entity)
{
	for (size_t i = 0; i < entity->sources->n_dirs; i++) {
		const char *path = arena_printf(yaml->arena, "%s/%s",
						entity->sources->dirs[i],
						entity->include);
		const struct source *source;
		const char *name;

		if (access(path, F_OK))
			continue;
		source = source_open(entity->sources, yaml->diags, path,
				     entity->include_pos);
		if (!source)
			return NULL;
		name = find_define(yaml->arena, source->text, entity->var);
		if (!name || !*name || strlen(name) >= WIRE_NAME_MAX)
			diag_error(yaml->diags, entity->var_pos, "%s has no "
				   "'#define %s' of a name in quotes", path,
				   entity->var);
		return name;
	}
	diag_error(yaml->diags, entity->include_pos, "no include directory "
		   "(-I) has '%s'", entity->include);
	return NULL;
}

static void read_id(struct yaml *yaml, yaml_node_t *node, void *to)
{
	static const struct yaml_key keys[] = {
		{ "var", read_var, false }, { "include", read_include, false },
	};
	struct entity *entity = to;

	entity->connection->id_pos = yaml_pos(yaml, node);
	if (node->type != YAML_MAPPING_NODE) {
		entity->connection->id = name_text(yaml, node, "'id'");
		return;
	}
	entity->var = entity->include = NULL;
	yaml_mapping(yaml, node, "'id'", keys, N_KEYS(keys), entity);
	if (entity->var && entity->include)
		entity->connection->id = name_from_header(yaml, entity);
	else
		ERROR(yaml, node, "'id' as a map wants 'var' and 'include'");
}

static void add_connection(struct yaml *yaml, yaml_node_t *node, void *to)
{
	static const struct yaml_key keys[] = {
		{ "target", read_target, false }, { "id", read_id, false },
	};
	struct entity *entity = to;
	struct init_connection connection = { .pos = yaml_pos(yaml, node) };

	entity->connection = &connection;
	yaml_mapping(yaml, node, "a connection", keys, N_KEYS(keys), entity);
	entity->connection = NULL;
	if (node->type == YAML_MAPPING_NODE && !connection.target_pos.line)
		ERROR(yaml, node, "the connection lacks the key 'target'");
	if (node->type == YAML_MAPPING_NODE && !connection.id_pos.line)
		ERROR(yaml, node, "the connection lacks the key 'id'");
	if (connection.target && connection.id)
		*ARENA_PUSH(yaml->arena, entity->task.connections,
			    entity->task.n_connections,
			    entity->task.connections_capacity) = connection;
}

static void read_connections(struct yaml *yaml, yaml_node_t *node, void *to)
{
	yaml_sequence(yaml, node, "'connections'", add_connection, to);
}

static void read_sandbox(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;

	sandbox_read(yaml, node, &entity->task);
}

static void read_start(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *entity = to;
	const char *text = yaml_text(yaml, node, "'start'");

	entity->task.demand = text && !strcmp(text, "demand");
	if (text && !entity->task.demand && strcmp(text, "auto") != 0)
		ERROR(yaml, node, "'start' is auto or demand, found '%s'", text);
}

/* ---- entities ---- */

static const struct yaml_key entity_keys[] = {
	{ "name", read_name, false }, { "task", read_task, false },
	{ "path", read_path, false }, { "args", read_args, false },
	{ "env", read_env, false },
	{ "connections", read_connections, false },
	{ "sandbox", read_sandbox, false }, { "start", read_start, false },
	{ "restart", NULL, false },
	{ "dynamic_connection_manager", NULL, true },
};

static void add_entity(struct yaml *yaml, yaml_node_t *node, void *to)
{
	struct entity *all = to;
	struct entity entity = { .init = all->init, .sources = all->sources };
	struct init_task *task = &entity.task;
	const char *dot;

	sandbox_default(task);
	yaml_mapping(yaml, node, "an entity", entity_keys, N_KEYS(entity_keys),
		     &entity);
	if (node->type != YAML_MAPPING_NODE)
		return;
	if (!task->pos.line)
		ERROR(yaml, node, "the entity lacks the key 'name'");
	if (!task->class_name)
		return;
	if (!task->name_pos.line) {
		task->name = task->class_name;
		task->name_pos = task->pos;
	}
	dot = strrchr(task->class_name, '.');
	if (!task->path)
		task->path = dot ? dot + 1 : task->class_name;
	if (task->name)
		*ARENA_PUSH(yaml->arena, all->init->tasks, all->init->n_tasks,
			    all->init->tasks_capacity) = *task;
}

static void read_entities(struct yaml *yaml, yaml_node_t *node, void *to)
{
	yaml_sequence(yaml, node, "'entities'", add_entity, to);
}

/* ---- users ---- */

static bool is_user_name(const char *name)
{
	const char *c = name;

	while (isalnum((unsigned char)*c) || *c == '_' || *c == '.' ||
	       (*c == '-' && c > name))
		c++;
	return c > name && (!*c || !strcmp(c, "$"));
}

static void add_user(struct yaml *yaml, yaml_node_t *key, yaml_node_t *value,
		     void *to)
{
	struct entity *all = to;
	struct init_user user = {
		.pos = yaml_pos(yaml, key), .class_pos = yaml_pos(yaml, value),
		.name = name_text(yaml, key, "a user's name"),
		.class_name = name_text(yaml, value, "a class's name"),
	};

	if (user.name && !is_user_name(user.name))
		ERROR(yaml, key, "a user's name is letters, digits, '_', '.' and "
		      "'-', found '%s'", user.name);
	else if (user.name && !strcmp(user.name, "root"))
		ERROR(yaml, key, "'root' may do all, and has no class: leave it "
		      "out");
	else if (user.name && user.class_name)
		*ARENA_PUSH(yaml->arena, all->init->users, all->init->n_users,
			    all->init->users_capacity) = user;
}

static void read_users(struct yaml *yaml, yaml_node_t *node, void *to)
{
	yaml_pairs(yaml, node, "'users'", add_user, to);
}

const struct init *init_read(struct arena *arena, struct sources *sources,
			     struct diags *diags, const struct psl *psl,
			     const char *path)
{
	static const struct yaml_key keys[] = {
		{ "entities", read_entities, false },
		{ "users", read_users, false },
		{ "dynamic_connection_manager", NULL, true },
	};
	struct init *init = arena_alloc(arena, sizeof(*init));
	struct entity all = { .init = init, .sources = sources };
	size_t before = diags_errors(diags);
	const struct source *source;
	yaml_node_t *root;
	struct yaml yaml;

	source = source_open(sources, diags, path, (struct pos){ 0 });
	if (source)
		source = template_expand(sources, diags, source, TEMPLATE_YAML);
	if (!source)
		return NULL;
	root = yaml_open(&yaml, arena, diags, source);
	if (root) {
		yaml_mapping(&yaml, root, "init.yaml", keys, N_KEYS(keys), &all);
		if (!init->n_tasks && diags_errors(diags) == before)
			ERROR(&yaml, root, "there is no entity to start");
		init_check(init, arena, diags, psl);
	}
	yaml_close(&yaml);
	return diags_errors(diags) == before ? init : NULL;
}
