/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
#include "../front/json.h"

#include "explain.h"

static const char *const results[] = {
	[EVAL_DENIES] = "denied", [EVAL_GRANTS] = "granted",
	[EVAL_FAULTS] = "fault", [EVAL_SKIPS] = "not called",
};

/* A string of the image; null where a selector is not there. */
static void put_name(const struct image *image, const char *before,
		     uint32_t name, FILE *to)
{
	json_string(to, before, name ? image_string(image, name) : NULL);
}

static void put_class(const struct image *image, const char *before,
		      uint32_t class, FILE *to)
{
	put_name(image, before, class < image->n_classes
		 ? image->classes[class].name : 0, to);
}

static void put_event(const struct image *image, const struct ask *ask, FILE *to)
{
	const struct event *event = &ask->event;

	json_string(to, "{\"kind\":", event_kind_name(event->kind));
	put_class(image, ",\"src\":", event->src_class, to);
	put_class(image, ",\"dst\":", event->kind == EVENT_SECURITY
		  ? IMAGE_NONE : event->dst_class, to);
	put_name(image, ",\"endpoint\":", ask->endpoint
		 ? ask->endpoint->path : 0, to);
	put_name(image, ",\"method\":", ask->method ? ask->method->name : 0,
		 to);
	fputc('}', to);
}

static void put_binding(const struct image *image, uint32_t index, FILE *to)
{
	const struct image_binding *binding = &image->bindings[index];
	const struct image_selectors *selectors =
		image_selectors(image, binding);

	put_name(image, "{\"file\":", selectors->file, to);
	fprintf(to, ",\"line\":%u", binding->line);
	put_class(image, ",\"src\":", binding->src, to);
	put_class(image, ",\"dst\":", binding->dst, to);
	put_name(image, ",\"interface\":", selectors->interface, to);
	put_name(image, ",\"component\":", selectors->component, to);
	put_name(image, ",\"endpoint\":", selectors->endpoint, to);
	put_name(image, ",\"method\":", selectors->method, to);
	fputc('}', to);
}

static void put_rule(const struct image *image, const struct explain_rule *rule,
		     FILE *to)
{
	const struct image_call *call = rule->call;
	bool fixed = image_rule(image, call)->fixed != CALL_EVAL;

	json_string(to, "\n  {\"file\":", image_call_file(image, call));
	fprintf(to, ",\"line\":%u,\"column\":%u", call->line, call->column);
	json_string(to, ",\"object\":", image_call_object(image, call));
	json_string(to, ",\"method\":", image_call_method(image, call));
	json_string(to, ",\"argument\":", fixed ? NULL : rule->argument);
	fprintf(to, ",\"fixed\":%s", fixed ? "true" : "false");
	json_string(to, ",\"result\":", results[rule->result]);
	json_string(to, ",\"case\":", rule->taken);
	fputs(",\"values\":[", to);
	for (size_t i = 0; i < rule->n_reads; i++) {
		json_string(to, i ? ",{\"what\":" : "{\"what\":",
			    rule->reads[i].what);
		json_string(to, ",\"value\":", rule->reads[i].value);
		fputc('}', to);
	}
	fputs("],\"binding\":", to);
	put_binding(image, call->binding, to);
	fputc('}', to);
}

static void put_nearest(const struct explanation *explanation, FILE *to)
{
	struct explain_miss nearest[EXPLAIN_NEAREST];
	size_t n = explanation->n_rules ? 0 :
		   explain_nearest(explanation->image, explanation->ask,
				   nearest);

	for (size_t i = 0; i < n; i++) {
		bool first = true;

		fputs(i ? ",\n  {\"binding\":" : "\n  {\"binding\":", to);
		put_binding(explanation->image, nearest[i].binding, to);
		fputs(",\"missed\":[", to);
		for (int k = 0; k < SELECT_N; k++) {
			if (!(nearest[i].missed & 1u << k))
				continue;
			json_string(to, first ? "" : ",", selector_names[k]);
			first = false;
		}
		fputs("]}", to);
	}
}

static void put_lane(struct arena *arena, const struct explanation *explanation,
		     FILE *to)
{
	const struct event *event = &explanation->ask->event;
	const char *reasons[EXPLAIN_REASONS];
	size_t n;

	if (event->kind == EVENT_EXECUTE || event->kind == EVENT_SECURITY) {
		fputs("null", to);
		return;
	}
	n = explain_lane(arena, explanation->image, event, reasons);
	fprintf(to, "{\"kernel\":%s,\"reasons\":[", n ? "false" : "true");
	for (size_t i = 0; i < n; i++)
		json_string(to, i ? "," : "", reasons[i]);
	fputs("]}", to);
}

static const char *verdict_text(enum verdict verdict)
{
	return verdict == VERDICT_GRANT ? "grant" : "deny";
}

static void put_before(const struct explanation *explanation, FILE *to)
{
	for (size_t i = 0; i < explanation->n_before; i++) {
		fputs(i ? ",\n  {\"event\":" : "\n  {\"event\":", to);
		put_event(explanation->image, explanation->before[i].ask, to);
		json_string(to, ",\"verdict\":",
			    verdict_text(explanation->before[i].verdict));
		fputc('}', to);
	}
}

void explain_print_json(struct arena *arena,
			const struct explanation *explanation, FILE *to)
{
	fputs("{\"event\":", to);
	put_event(explanation->image, explanation->ask, to);
	fputs(",\n \"before\":[", to);
	put_before(explanation, to);
	fprintf(to, "],\n \"verdict\":\"%s\",\n \"rules\":[",
		verdict_text(explanation->verdict));
	for (uint32_t i = 0; i < explanation->n_rules; i++) {
		if (i)
			fputc(',', to);
		put_rule(explanation->image, &explanation->rules[i], to);
	}
	fputs("],\n \"nearest\":[", to);
	put_nearest(explanation, to);
	fputs("],\n \"lane\":", to);
	put_lane(arena, explanation, to);
	fputs("}\n", to);
}
