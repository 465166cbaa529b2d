/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "dump.h"

#include "build.h"

const char *dump_scalar(uint8_t scalar)
{
	static const char *const names[SCALAR_N] = {
		"?", "UInt8", "UInt16", "UInt32", "UInt64", "SInt8", "SInt16",
		"SInt32", "SInt64",
	};

	return names[scalar < SCALAR_N ? scalar : 0];
}

void dump_text(FILE *to, const char *text)
{
	fputc('"', to);
	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			fprintf(to, "\\%c", *c);
		else if (*c < 0x20 || *c == 0x7f)
			fprintf(to, "\\x%02x", *c);
		else
			fputc(*c, to);
	}
	fputc('"', to);
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

		fprintf(to, "%*s+%u %s ", (int)indent, "", field->offset,
			image_string(image, field->name));
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

	fprintf(to, "    %u %s\n", mid, image_string(image, method->name));
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

		fprintf(to, "  %s\n", image_string(image, interface->name));
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

		fprintf(to, "  %u %s: deadline cap %u ms%s\n", i,
			image_string(image, class->name),
			class->deadline_cap_ms,
			class->flags & CLASS_HANDLES ? ", handles" : "");
		for (uint32_t j = 0; j < class->n_endpoints; j++) {
			const struct image_endpoint *endpoint =
				&image->endpoints[class->endpoints + j];

			fprintf(to, "    endpoint %u %s: %s\n", endpoint->riid,
				image_string(image, endpoint->path),
				image_string(image, image->interfaces[
					endpoint->interface].name));
		}
		if (class->security != IMAGE_NONE)
			fprintf(to, "    security %s\n", image_string(image,
				image->interfaces[class->security].name));
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

		fprintf(to, "  %u %s:%u:%u: %s.%s%s\n", i,
			image_string(image, call->file), call->line,
			call->column, image_string(image, call->object),
			image_string(image, call->method), fixed[call->fixed]);
		if (call->fixed == CALL_EVAL)
			dump_program(image, call, to);
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
			fputs(text, to);
	}
	fputc('\n', to);
}

static void dump_tasks(const struct image *image, FILE *to)
{
	fputs("\ntasks, in the order of their start\n", to);
	for (uint32_t i = 0; i < image->n_tasks; i++) {
		const struct image_task *task = &image->tasks[i];

		fprintf(to, "  %u ", i);
		dump_text(to, image_string(image, task->name));
		fprintf(to, ": class %s, program ", image_string(image,
			image->classes[task->class_index].name));
		dump_text(to, image_string(image, task->path));
		if (task->threads > 1)
			fprintf(to, ", %u threads", task->threads);
		fputs(task->start == TASK_DEMAND ? ", on demand\n" : "\n", to);
		dump_list(image, "args", &task->args, true, to);
		dump_list(image, "env", &task->env, true, to);
		dump_list(image, "read", &task->read, true, to);
		dump_list(image, "write", &task->write, true, to);
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
	dump_rules(image, to);
	dump_tasks(image, to);
}
