/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/* Classes, processes, endpoints and methods by their names. */
#include <string.h>

#include "ask.h"

/* ", did you mean 'x'?" or "" */
static const char *suggest(const struct ask_world *world, const char *name,
			   const char *const *candidates, size_t n)
{
	const char *near = diag_nearest(name, candidates, n);

	return near ? arena_printf(world->arena, ", did you mean '%s'?", near)
		    : "";
}

static const char *class_name(const struct ask_world *world, uint32_t class)
{
	return image_string(world->image, world->image->classes[class].name);
}

/* ---- processes ---- */

static void unknown(struct ask_world *world, const char *what, const char *name,
		    struct pos where, bool variables)
{
	size_t n = 0, most = world->image->n_classes + world->n;
	const char **names = arena_alloc(world->arena, most * sizeof(*names));

	for (uint32_t i = 0; i < world->image->n_classes; i++)
		names[n++] = class_name(world, i);
	for (size_t i = 0; variables && i < world->n; i++)
		if (world->processes[i].variable)
			names[n++] = world->processes[i].variable;
	diag_error(world->diags, where, "unknown %s '%s'%s", what, name,
		   suggest(world, name, names, n));
}

uint32_t ask_class(struct ask_world *world, const char *name, struct pos where)
{
	uint32_t class = image_find_class(world->image, name);

	if (class == IMAGE_NONE)
		unknown(world, "class", name, where, false);
	return class;
}

static const struct ask_process *find_variable(const struct ask_world *world,
					       const char *name)
{
	for (size_t i = 0; i < world->n; i++)
		if (world->processes[i].variable &&
		    !strcmp(world->processes[i].variable, name))
			return &world->processes[i];
	return NULL;
}

static struct ask_process *add_process(struct ask_world *world,
					     uint32_t class, bool started)
{
	struct ask_process *process = ARENA_PUSH(world->arena, world->processes,
						 world->n, world->capacity);

	*process = (struct ask_process){
		.class_index = class, .sid = world->next_sid++,
		.started = started,
	};
	return process;
}

const struct ask_process *ask_process(struct ask_world *world,
				      const char *name, struct pos where)
{
	const struct ask_process *found = find_variable(world, name);
	const struct ask_process *mentioned = NULL;
	uint32_t class, started = 0;

	if (found)
		return found;
	class = image_find_class(world->image, name);
	if (class == IMAGE_NONE) {
		unknown(world, "class or variable", name, where, true);
		return NULL;
	}
	for (size_t i = 0; i < world->n; i++) {
		if (world->processes[i].class_index != class)
			continue;
		if (!world->processes[i].started) {
			mentioned = &world->processes[i];
			continue;
		}
		found = &world->processes[i];
		started++;
	}
	if (started > 1) {
		diag_error(world->diags, where, "%u processes of class '%s' "
			   "were started: say which by its variable ('v <- "
			   "execute dst = %s')", started, name, name);
		return NULL;
	}
	if (found || mentioned)
		return found ? found : mentioned;
	return add_process(world, class, false);
}

const struct ask_process *ask_start(struct ask_world *world, uint32_t class,
				    const struct pal_case *event)
{
	struct ask_process *process;

	if (event->variable && find_variable(world, event->variable)) {
		diag_error(world->diags, event->variable_pos, "variable '%s' "
			   "stands for a process already", event->variable);
		return NULL;
	}
	/* The kernel and Einit are there once. */
	process = class <= IMAGE_CLASS_EINIT ? &world->processes[class]
					     : add_process(world, class, true);
	if (event->variable)
		process->variable = event->variable;
	return process;
}

/* ---- endpoints and methods ---- */

uint32_t ask_owner(const struct event *event)
{
	bool dst = event->kind == EVENT_EXECUTE || event->kind == EVENT_REQUEST;

	return dst ? event->dst_class : event->src_class;
}

/* component = c, endpoint = e: the endpoint c.e, or e inside of c. */
static bool fits_path(const struct ast_selectors *selectors, const char *path)
{
	const char *component = selectors->value[SELECT_COMPONENT];
	const char *endpoint = selectors->value[SELECT_ENDPOINT];
	size_t size = component ? strlen(component) : 0;
	bool inside = component && !strncmp(path, component, size) &&
		      path[size] == '.';

	if (component && !inside)
		return false;
	return !endpoint || !strcmp(path, endpoint) ||
	       (inside && !strcmp(path + size + 1, endpoint));
}

static const struct image_method *
find_method(const struct ask_world *world, uint32_t interface, const char *name,
	    uint32_t *mid)
{
	const struct image_interface *of = &world->image->interfaces[interface];
	const struct image_method *method = &world->image->methods[of->methods];

	for (*mid = 0; *mid < of->n_methods; ++*mid)
		if (!name ? of->n_methods == 1 :
		    !strcmp(image_string(world->image, method[*mid].name), name))
			return &method[*mid];
	return NULL;
}

static bool is_interface(const struct ask_world *world,
			 const struct pal_case *event, uint32_t interface)
{
	const char *name = event->selectors.value[SELECT_INTERFACE];

	return !name || !strcmp(name, image_string(world->image,
			world->image->interfaces[interface].name));
}

static bool no_method(struct ask_world *world, const struct pal_case *event,
		      uint32_t interface)
{
	const struct image_interface *of = &world->image->interfaces[interface];
	const char *name = event->selectors.value[SELECT_METHOD];
	const char **names = arena_alloc(world->arena,
					 of->n_methods * sizeof(*names) + 1);
	const char *interface_name = image_string(world->image, of->name);

	for (uint32_t i = 0; i < of->n_methods; i++)
		names[i] = image_string(world->image,
			world->image->methods[of->methods + i].name);
	if (name)
		diag_error(world->diags, event->selectors.pos[SELECT_METHOD],
			   "interface '%s' has no method '%s'%s",
			   interface_name, name,
			   suggest(world, name, names, of->n_methods));
	else
		diag_error(world->diags, event->pos, "this %s says no 'method',"
			   " and interface '%s' has %u of them",
			   event_kind_name(event->kind), interface_name,
			   of->n_methods);
	return false;
}

static bool security_slot(struct ask_world *world, const struct pal_case *event,
			  struct ask *ask)
{
	const struct image_class *class =
		&world->image->classes[ask->event.src_class];
	uint32_t mid;

	if (class->security == IMAGE_NONE ||
	    !is_interface(world, event, class->security)) {
		diag_error(world->diags, event->selectors.pos[SELECT_SRC],
			   "class '%s' has no security interface%s%s",
			   class_name(world, ask->event.src_class),
			   class->security == IMAGE_NONE ? "" : " ",
			   class->security == IMAGE_NONE ? "" :
			   event->selectors.value[SELECT_INTERFACE]);
		return false;
	}
	ask->method = find_method(world, class->security,
				  event->selectors.value[SELECT_METHOD], &mid);
	ask->event.slot = class->security_slot + mid;
	return ask->method || no_method(world, event, class->security);
}

static bool no_endpoint(struct ask_world *world, const struct pal_case *event,
			uint32_t owner)
{
	const struct image_class *class = &world->image->classes[owner];
	const struct ast_selectors *selectors = &event->selectors;
	enum selector which = selectors->value[SELECT_ENDPOINT] ?
		SELECT_ENDPOINT : selectors->value[SELECT_INTERFACE] ?
		SELECT_INTERFACE : SELECT_COMPONENT;
	const char *name = selectors->value[which];
	const char **paths = arena_alloc(world->arena, class->n_endpoints *
					 sizeof(*paths) + 1);

	if (!class->n_endpoints) {
		diag_error(world->diags, name ? selectors->pos[which] :
			   event->pos, "class '%s' has no endpoint",
			   class_name(world, owner));
		return false;
	}
	for (uint32_t i = 0; i < class->n_endpoints; i++)
		paths[i] = image_string(world->image, world->image->endpoints[
					class->endpoints + i].path);
	diag_error(world->diags, selectors->pos[which], "class '%s' has no %s "
		   "'%s'%s", class_name(world, owner),
		   which == SELECT_ENDPOINT ? "endpoint" :
		   which == SELECT_INTERFACE ? "endpoint of the interface" :
		   "component", name, which == SELECT_ENDPOINT ?
		   suggest(world, name, paths, class->n_endpoints) : "");
	return false;
}

static bool not_pinned(struct ask_world *world, const struct pal_case *event,
		       const struct image_endpoint *one,
		       const struct image_endpoint *other)
{
	diag_error(world->diags, event->pos, "this %s may mean the endpoint "
		   "'%s' or '%s' of class '%s': say which by 'endpoint'",
		   event_kind_name(event->kind),
		   image_string(world->image, one->path),
		   image_string(world->image, other->path),
		   class_name(world, one->class_index));
	return false;
}

bool ask_slot(struct ask_world *world, const struct pal_case *event,
	      struct ask *ask)
{
	uint32_t owner = ask_owner(&ask->event), mid;
	const struct image_class *class = &world->image->classes[owner];
	const char *name = event->selectors.value[SELECT_METHOD];
	const struct image_endpoint *fits = NULL;

	if (event->kind == EVENT_SECURITY)
		return security_slot(world, event, ask);
	for (uint32_t i = 0; i < class->n_endpoints; i++) {
		const struct image_endpoint *endpoint =
			&world->image->endpoints[class->endpoints + i];
		const struct image_method *method;

		if (!fits_path(&event->selectors, image_string(world->image,
							endpoint->path)) ||
		    !is_interface(world, event, endpoint->interface))
			continue;
		method = find_method(world, endpoint->interface, name, &mid);
		fits = endpoint;
		if (!method)
			continue;
		if (ask->method)
			return not_pinned(world, event, ask->endpoint,
					  endpoint);
		ask->method = method;
		ask->endpoint = endpoint;
		ask->event.slot = endpoint->slot + mid;
	}
	if (ask->method)
		return true;
	return fits ? no_method(world, event, fits->interface)
		    : no_endpoint(world, event, owner);
}
