/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dump.h"

#include <string.h>

#include "build.h"

const char *dump_scalar(uint8_t scalar)
{
	static const char *const names[SCALAR_N] = {
		"?", "UInt8", "UInt16", "UInt32", "UInt64", "SInt8", "SInt16",
		"SInt32", "SInt64",
	};

	return names[scalar < SCALAR_N ? scalar : 0];
}

void dump_escaped(FILE *to, const char *text, const char *also)
{
	size_t size;

	for (; *text; text += size ? size : 1) {
		unsigned char c = (unsigned char)*text;

		size = source_character(text, strnlen(text, 4));
		if (strchr(also, c))
			fprintf(to, "\\%c", c);
		else if (!size || c < 0x20 || c == 0x7f)
			fprintf(to, "\\x%02x", c);
		else if (c == 0xc2 && (unsigned char)text[1] < 0xa0)
			fprintf(to, "\\u%04x", (unsigned char)text[1]);
		else
			fwrite(text, 1, size, to);
	}
}

void dump_text(FILE *to, const char *text)
{
	fputc('"', to);
	dump_escaped(to, text, "\"\\");
	fputc('"', to);
}

void dump_plain(FILE *to, const char *text)
{
	dump_escaped(to, text, "");
}

void dump_name(FILE *to, const struct image *image, const char *before,
	       uint32_t name, const char *after)
{
	fputs(before, to);
	dump_escaped(to, image_string(image, name), "\\");
	fputs(after, to);
}

static void dump_type(const struct image *image, uint32_t index,
		      unsigned indent, FILE *to);

static void dump_fields(const struct image *image,
			const struct layout_type *type, unsigned indent,
			FILE *to)
{
	for (uint32_t i = 0; i < type->count; i++) {
		const struct layout_field *field =
			&image->layout.fields[type->first + i];

		fprintf(to, "%*s+%u", (int)indent, "", field->offset);
		dump_name(to, image, " ", field->name, " ");
		dump_type(image, field->type, indent, to);
	}
}

/* The type, its end of line, and what is inside, deeper. */
static void dump_type(const struct image *image, uint32_t index,
		      unsigned indent, FILE *to)
{
	const struct layout_type *type = &image->layout.types[index];

	switch ((enum layout_kind)type->kind) {
	case LAYOUT_SCALAR:
		fprintf(to, "%s\n", dump_scalar(type->scalar));
		return;
	case LAYOUT_HANDLE:
		fputs("Handle\n", to);
		return;
	case LAYOUT_BYTES:
	case LAYOUT_STRING:
		fprintf(to, "%s<%u>\n", type->kind == LAYOUT_BYTES ? "bytes"
			: "string", type->count);
		return;
	case LAYOUT_SEQUENCE:
	case LAYOUT_ARRAY:
		fprintf(to, "%s of %u ", type->kind == LAYOUT_ARRAY ? "array"
			: "sequence", type->count);
		dump_type(image, type->first, indent, to);
		return;
	case LAYOUT_STRUCT:
	case LAYOUT_UNION:
		fprintf(to, "%s of %u bytes\n", type->kind == LAYOUT_UNION ?
			"union" : "struct", type->size);
		dump_fields(image, type, indent + 2, to);
		return;
	default:
		fputs("?\n", to);
	}
}

static void dump_method(const struct image *image, uint32_t mid,
			const struct image_method *method, FILE *to)
{
	static const char *const parts[] = { "in", "out", "error" };

	fprintf(to, "    %u", mid);
	dump_name(to, image, " ", method->name, "\n");
	for (int part = 0; part < 3; part++) {
		const struct layout_type *type;

		if (method->type[part] == IMAGE_NONE)
			continue;
		type = &image->layout.types[method->type[part]];
		fprintf(to, "      %s: %u bytes", parts[part], type->size);
		if (method->arena_max[part])
			fprintf(to, " and an arena of %u",
				method->arena_max[part]);
		fputc('\n', to);
		dump_fields(image, type, 8, to);
	}
}

static void dump_interfaces(const struct image *image, FILE *to)
{
	fputs("\ninterfaces\n", to);
	for (uint32_t i = 0; i < image->n_interfaces; i++) {
		const struct image_interface *interface = &image->interfaces[i];

		dump_name(to, image, "  ", interface->name, "\n");
		for (uint32_t j = 0; j < interface->n_methods; j++)
			dump_method(image, j,
				    &image->methods[interface->methods + j],
				    to);
	}
}

static void dump_classes(const struct image *image, FILE *to)
{
	fputs("\nclasses\n", to);
	for (uint32_t i = 0; i < image->n_classes; i++) {
		const struct image_class *class = &image->classes[i];

		fprintf(to, "  %u", i);
		dump_name(to, image, " ", class->name, ": deadline cap ");
		fprintf(to, "%u ms%s\n", class->deadline_cap_ms,
			class->flags & CLASS_HANDLES ? ", handles" : "");
		for (uint32_t j = 0; j < class->n_endpoints; j++) {
			const struct image_endpoint *endpoint =
				&image->endpoints[class->endpoints + j];

			fprintf(to, "    endpoint %u", endpoint->riid);
			dump_name(to, image, " ", endpoint->path, ": ");
			dump_name(to, image, "", image->interfaces[
				  endpoint->interface].name, "\n");
		}
		if (class->security != IMAGE_NONE)
			dump_name(to, image, "    security ", image->interfaces[
				  class->security].name, "\n");
	}
}

static void dump_rules(const struct image *image, FILE *to)
{
	static const char *const fixed[] = {
		[CALL_EVAL] = "", [CALL_GRANTS] = " (always grants)",
		[CALL_DENIES] = " (always denies)",
	};

	fputs("\nrules\n", to);
	for (uint32_t i = 0; i < image->n_calls; i++) {
		const struct image_call *call = &image->calls[i];
		const struct image_rule *rule = image_rule(image, call);

		fprintf(to, "  %u", i);
		fputc(' ', to);
		dump_escaped(to, image_call_file(image, call), "\\");
		fprintf(to, ":%u:%u", call->line, call->column);
		fprintf(to, " (binding %u)", call->binding);
		if (rule->audit != IMAGE_NONE)
			fprintf(to, " (audit %u)", rule->audit);
		dump_name(to, image, ": ", rule->object, "");
		dump_name(to, image, ".", rule->method, fixed[rule->fixed]);
		fputc('\n', to);
		if (rule->fixed == CALL_EVAL)
			dump_program(image, rule, to);
	}
}

static void dump_selector(const struct image *image, const char *what,
			  uint32_t name, FILE *to)
{
	if (name)
		dump_name(to, image, what, name, "");
}

void dump_binding(const struct image *image, uint32_t index, FILE *to)
{
	const struct image_binding *binding = &image->bindings[index];
	const struct image_selectors *selectors =
		image_selectors(image, binding);

	fputs(event_kind_name((enum event_kind)selectors->kind), to);
	if (binding->src != IMAGE_CLASS_ANY)
		dump_name(to, image, " src=",
			  image->classes[binding->src].name, "");
	if (binding->dst != IMAGE_CLASS_ANY)
		dump_name(to, image, " dst=",
			  image->classes[binding->dst].name, "");
	dump_selector(image, " interface=", selectors->interface, to);
	dump_selector(image, " component=", selectors->component, to);
	dump_selector(image, " endpoint=", selectors->endpoint, to);
	dump_selector(image, " method=", selectors->method, to);
}

static void dump_bindings(const struct image *image, FILE *to)
{
	fputs("\nbindings\n", to);
	for (uint32_t i = 0; i < image->n_bindings; i++) {
		fprintf(to, "  %u ", i);
		dump_escaped(to, image_binding_file(image, i), "\\");
		fprintf(to, ":%u: ", image->bindings[i].line);
		dump_binding(image, i, to);
		fputc('\n', to);
	}
}

static void dump_patterns(const struct image *image, FILE *to)
{
	if (image->n_dfas)
		fputs("\npatterns\n", to);
	for (uint32_t i = 0; i < image->n_dfas; i++) {
		const struct image_dfa *dfa = &image->dfas[i];

		fprintf(to, "  %u ", i);
		dump_text(to, image_string(image, dfa->pattern));
		fprintf(to, ": %u states, %u kinds of bytes\n", dfa->n_states,
			dfa->n_classes - 1u);
	}
}

static void dump_list(const struct image *image, const char *name,
		      const struct image_list *list, bool quoted, FILE *to)
{
	if (!list->count)
		return;
	fprintf(to, "    %s", name);
	for (uint32_t i = 0; i < list->count; i++) {
		const char *text = image_string(image,
						image->lists[list->first + i]);

		fputc(' ', to);
		if (quoted)
			dump_text(to, text);
		else
			dump_escaped(to, text, "\\");
	}
	fputc('\n', to);
}

/* In the largest unit that it is a whole number of. */
static void dump_size(const char *what, uint32_t kib, FILE *to)
{
	int unit = 0;

	if (!kib)
		return;
	while (unit < 2 && kib % 1024 == 0) {
		kib /= 1024;
		unit++;
	}
	fprintf(to, "    %s: %u%c\n", what, kib, "KMG"[unit]);
}

static void dump_number(const char *what, uint32_t n, const char *unit, FILE *to)
{
	if (n)
		fprintf(to, "    %s: %u%s\n", what, n, unit);
}

static void dump_sandbox(const struct image *image,
			 const struct image_task *task, FILE *to)
{
	const char *tmpfs = image_string(image, task->tmpfs);

	dump_list(image, "read", &task->read, true, to);
	dump_list(image, "write", &task->write, true, to);
	if (*tmpfs) {
		fputs("    tmpfs: ", to);
		dump_text(to, tmpfs);
		fputc('\n', to);
		dump_size("tmpfs size", task->tmpfs_kib, to);
	}
	dump_size("memory", task->memory_kib, to);
	dump_number("cpu", task->cpu_percent, "%", to);
	dump_number("pids", task->pids, "", to);
	dump_number("files", task->files, "", to);
	if (task->profile == PROFILE_POSIX)
		fputs("    profile: posix\n", to);
	if (task->probe == PROBE_NEVER)
		fputs("    probe: never\n", to);
	if (task->preferred & TASK_LANDLOCK)
		fputs("    landlock: preferred\n", to);
	if (task->preferred & TASK_CGROUP)
		fputs("    cgroup: preferred\n", to);
	if (!(task->preferred & TASK_NO_DUMP))
		fputs("    no-dump: required\n", to);
}

static void dump_tasks(const struct image *image, FILE *to)
{
	fputs("\ntasks, in the order of their start\n", to);
	for (uint32_t i = 0; i < image->n_tasks; i++) {
		const struct image_task *task = &image->tasks[i];

		fprintf(to, "  %u ", i);
		dump_text(to, image_string(image, task->name));
		dump_name(to, image, ": class ",
			  image->classes[task->class_index].name, ", program ");
		dump_text(to, image_string(image, task->path));
		if (task->threads > 1)
			fprintf(to, ", %u threads", task->threads);
		fputs(task->start == TASK_DEMAND ? ", on demand\n" : "\n", to);
		dump_list(image, "args", &task->args, true, to);
		dump_list(image, "env", &task->env, true, to);
		dump_sandbox(image, task, to);
		dump_list(image, "system calls", &task->syscalls, false, to);
	}
	fputs("\nchannels, client -> server\n", to);
	for (uint32_t i = 0; i < image->n_channels; i++) {
		const struct image_channel *channel = &image->channels[i];

		fputs("  ", to);
		dump_text(to, image_string(image, channel->name));
		fputs(": ", to);
		dump_text(to, image_string(image,
			  image->tasks[channel->client].name));
		fputs(" -> ", to);
		dump_text(to, image_string(image,
			  image->tasks[channel->server].name));
		fputc('\n', to);
	}
}

static void dump_users(const struct image *image, FILE *to)
{
	if (image->n_users)
		fputs("\nusers, and the class of what they ask\n", to);
	for (uint32_t i = 0; i < image->n_users; i++) {
		fputs("  ", to);
		dump_text(to, image_string(image, image->users[i].name));
		dump_name(to, image, ": ",
			  image->classes[image->users[i].class_index].name,
			  "\n");
	}
}

void image_dump(const struct image *image, FILE *to)
{
	fprintf(to, "image: version %u, %u bytes\nsha256: ",
		image->header->version, image->header->size);
	for (int i = 0; i < 32; i++)
		fprintf(to, "%02x", image->header->sha256[i]);
	fputc('\n', to);
	dump_classes(image, to);
	dump_interfaces(image, to);
	dump_routes(image, to);
	dump_bindings(image, to);
	dump_objects(image, to);
	dump_audit(image, to);
	dump_rules(image, to);
	dump_patterns(image, to);
	dump_tasks(image, to);
	dump_users(image, to);
}
