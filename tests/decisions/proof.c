/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the dk authors */
/*
 * usage: proof IMAGE.dk [TABLE.tsv]
 *
 * Holds what is proved of a policy against what the engine does: walks at random
 * through its states, by any processes and events, with the messages of the
 * table, and with empty ones. An event that was granted and is proved never to be
 * is a contradiction; one is enough to fail. Prints how many routes there are
 * that depend on something, on how many of them a grant was seen, and of how many
 * it is proved that there is none.
 */

#include "../../policy/prove/prove.h"
#include "table.h"

enum {
	WALKS = 60, STEPS = 400, PROCESSES = 4, STRANGER = 900000,
	STATES = 20000,
};

struct row {
	const struct image_method *method;
	enum method_part part;
	struct message message;
};

struct walk {
	struct image image;
	struct prover prover;
	struct security_state state;
	struct row *rows;
	size_t n_rows, rows_capacity;
	struct prove_event *routes;
	bool *seen;			/* granted at least once */
	size_t n_routes, routes_capacity;
	uint32_t *sids;			/* [classes][PROCESSES] */
	uint32_t next_sid;
	uint64_t random;
};

static uint32_t chance(struct walk *walk, uint32_t n)
{
	walk->random = walk->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(walk->random >> 33) % n;
}

/* ---- what there is ---- */

static const struct image_method *method_of(const struct image *image,
					    const struct prove_event *event)
{
	const struct image_class *class = &image->classes[prove_owner(event)];
	const struct image_endpoint *endpoint = image_slot_endpoint(image,
				prove_owner(event), event->slot);

	if (endpoint)
		return image_method(image, endpoint, event->slot -
				    endpoint->slot);
	return &image->methods[image->interfaces[class->security].methods +
			       event->slot - class->security_slot];
}

static void add_row(struct walk *walk, char *columns[COLUMNS])
{
	struct prove_event event = { .kind = find_kind(columns[0]) };
	struct row *row;
	uint32_t sid;

	if (event.kind == EVENT_EXECUTE)
		return;
	find_class(&walk->image, columns[event.kind == EVENT_REQUEST ? 2 : 1],
		   &event.src, &sid);
	row = ARENA_PUSH(walk->prover.arena, walk->rows, walk->n_rows,
			 walk->rows_capacity);
	row->method = find_method(&walk->image, event.src, columns[3],
				  columns[4], &event.slot);
	row->part = part_of(event.kind);
	if (message_encode(&row->message, &walk->image, row->method, row->part,
			   columns[5]) ||
	    !message_check(&row->message, &walk->image, row->method, row->part))
		walk->n_rows--;
}

static void read_table(struct walk *walk, const char *path)
{
	char line[LINE_MAX_SIZE], *columns[COLUMNS];
	FILE *table = fopen(path, "r");

	if (!table) {
		perror(path);
		exit(2);
	}
	file_name = path;
	while (fgets(line, sizeof(line), table)) {
		line_number++;
		if (line[0] != '#' && line[0] != '\n' &&
		    split(line, columns) == COLUMNS)
			add_row(walk, columns);
	}
	fclose(table);
}

static void find_routes(struct walk *walk)
{
	const struct image *image = &walk->image;
	struct prove_event event = { .kind = EVENT_NONE };

	for (event.kind++; event.kind < EVENT_N; event.kind++)
	for (event.src = 0; event.src < image->n_classes; event.src++)
	for (event.dst = 0; event.dst < image->n_classes; event.dst++) {
		uint32_t n = event.kind == EVENT_EXECUTE ? 1
			     : image->classes[prove_owner(&event)].n_slots;

		for (event.slot = 0; event.slot < n; event.slot++)
			if ((prove_route(image, &event) & ROUTE_HOW) ==
			    ROUTE_EVAL)
				*ARENA_PUSH(walk->prover.arena, walk->routes,
					    walk->n_routes,
					    walk->routes_capacity) = event;
	}
	walk->seen = arena_alloc(walk->prover.arena, walk->n_routes + 1);
}

/* ---- a walk ---- */

static uint32_t new_sid(struct walk *walk, uint32_t class)
{
	if (class == IMAGE_CLASS_CORE || class == IMAGE_CLASS_EINIT)
		return class == IMAGE_CLASS_CORE ? SID_KERNEL : SID_EINIT;
	return walk->next_sid++;
}

static uint32_t *any_process(struct walk *walk, uint32_t class)
{
	return &walk->sids[class * PROCESSES + chance(walk, PROCESSES)];
}

/* Whom a handle refers to: often who is here, and now and then nobody. */
static uint32_t any_sid(struct walk *walk, const struct event *is)
{
	switch (chance(walk, 8)) {
	case 0:
		return is->src_sid;
	case 1:
		return is->dst_sid;
	case 2:
		return STRANGER + chance(walk, 2);
	}
	return *any_process(walk, chance(walk, walk->image.n_classes));
}

/* A message of the event's method, an empty one where the table has none. */
static void any_message(struct walk *walk, const struct prove_event *event,
			const struct event *is, struct event_message *to)
{
	static struct message none;
	const struct image_method *method = method_of(&walk->image, event);
	struct message *message = &none;

	for (int i = 0; walk->n_rows && i < 40 && message == &none; i++) {
		struct row *row = &walk->rows[chance(walk,
						(uint32_t)walk->n_rows)];

		if (row->method == method && row->part == part_of(event->kind))
			message = &row->message;
	}
	if (message == &none)
		message_encode(message, &walk->image, method,
			       part_of(event->kind), "-");
	for (uint32_t i = 0; i < message->n_handles; i++)
		message->sids[i] = any_sid(walk, is);
	message_event(message, to);
}

static void end_process(struct walk *walk, uint32_t *sid, uint32_t now)
{
	decide_forget(&walk->image, &walk->state, *sid);
	*sid = now;
}

/* Whether the event was granted. */
static bool try_route(struct walk *walk, const struct prove_event *event)
{
	struct event is = {
		.kind = event->kind, .src_class = event->src,
		.dst_class = event->dst, .slot = event->slot,
		.src_sid = *any_process(walk, event->src),
	};
	uint32_t *dst = any_process(walk, event->dst);
	bool granted;

	if (event->kind == EVENT_EXECUTE)
		is.dst_sid = new_sid(walk, event->dst);
	else if (event->kind != EVENT_SECURITY)
		is.dst_sid = *dst;
	if (event->kind != EVENT_EXECUTE)
		any_message(walk, event, &is, &is.message);
	granted = decide(&walk->image, &walk->state, &is, NULL) ==
		  VERDICT_GRANT;
	if (event->kind == EVENT_EXECUTE && is.dst_sid >= SID_FIRST) {
		if (granted)
			end_process(walk, dst, is.dst_sid);
		else
			decide_forget(&walk->image, &walk->state, is.dst_sid);
	}
	return granted;
}

static bool go(struct walk *walk)
{
	bool good = true;

	security_state_init(&walk->image, &walk->state, walk->state.words);
	walk->next_sid = SID_FIRST;
	for (uint32_t i = 0; i < walk->image.n_classes * PROCESSES; i++)
		walk->sids[i] = new_sid(walk, i / PROCESSES);
	for (int i = 0; i < STEPS && good; i++) {
		size_t at = chance(walk, (uint32_t)walk->n_routes);
		const struct prove_event *event = &walk->routes[at];
		uint32_t class = chance(walk, walk->image.n_classes);

		if (chance(walk, 50) == 0 && class > IMAGE_CLASS_EINIT)
			end_process(walk, any_process(walk, class),
				    new_sid(walk, class));
		if (!try_route(walk, event) || walk->seen[at])
			continue;
		walk->seen[at] = true;
		good = prove_event(&walk->prover, event) != PROVE_DENIED;
		if (!good)
			printf("not ok - %s was granted, and is proved never "
			       "to be\n", prove_event_text(&walk->prover, event));
	}
	return good;
}

int main(int argc, char **argv)
{
	unsigned count[4] = { 0 }, seen = 0;
	struct walk walk = { .random = 1 };
	bool good = true;
	void *data;

	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: %s IMAGE.dk [TABLE.tsv]\n", argv[0]);
		return 2;
	}
	data = read_image(argv[1], &walk.image);
	walk.prover = prove_begin(arena_new(), NULL, &walk.image, STATES);
	walk.state.words = calloc(1, security_state_size(&walk.image) + 1);
	walk.sids = calloc(walk.image.n_classes * PROCESSES,
			   sizeof(*walk.sids));
	if (argc == 3)
		read_table(&walk, argv[2]);
	find_routes(&walk);
	for (int i = 0; i < WALKS && walk.n_routes && good; i++)
		good = go(&walk);
	for (size_t i = 0; i < walk.n_routes; i++) {
		count[prove_event(&walk.prover, &walk.routes[i])]++;
		seen += walk.seen[i];
	}
	printf("# %zu routes, granted %u, proved %u, undecided %u\n",
	       walk.n_routes, seen, count[PROVE_DENIED],
	       count[PROVE_UNDECIDED]);
	free(walk.state.words);
	free(walk.sids);
	arena_free(walk.prover.arena);
	free(data);
	return good ? 0 : 1;
}
