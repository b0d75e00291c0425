/*
 * arena.h - inside policy/json only: where a document that is read lives, freed as a whole.
 *
 * A policy of 17,000 grants is some 150,000 small values; a malloc and a free for each cost as much as parsing them.
 * jansson's allocations are taken from here while it parses, and nothing of the document may be kept, changed or given
 * to json_decref: sl_json_arena_free takes all of it at once. One thread uses jansson at a time.
 */
#ifndef SL_POLICY_JSON_ARENA_H
#define SL_POLICY_JSON_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct sl_json_chunk;

/* Zeroed: empty. */
struct sl_json_arena {
	struct sl_json_chunk *newest;
	size_t used, size; /* of the newest */
	bool ran_out;      /* an allocation failed: what was read may lack a part of a string */
};

/*
 * sl_json_arena_begin, sl_json_arena_end - around one call of jansson's that parses; not nested.
 * sl_json_arena_free - all that was allocated between them. Accepts an empty one.
 */
void sl_json_arena_begin(struct sl_json_arena *arena);
void sl_json_arena_end(struct sl_json_arena *arena);
void sl_json_arena_free(struct sl_json_arena *arena);

#endif
