/* arena.c - see arena.h. */
#include "policy/json/arena.h"

#include <jansson.h>
#include <stdalign.h>
#include <stdint.h>

#define FIRST_BYTES ((size_t)4 << 10)
#define MOST_BYTES ((size_t)1 << 20)

struct sl_json_chunk {
	struct sl_json_chunk *older;
	alignas(max_align_t) unsigned char bytes[];
};

static struct sl_json_arena *current;
static json_malloc_t outer_malloc;
static json_free_t outer_free;

/* Each chunk is twice the last, up to MOST_BYTES; a value that is larger has one of its own. */
static bool add_chunk(struct sl_json_arena *a, size_t least)
{
	size_t size = a->size == 0 ? FIRST_BYTES : a->size < MOST_BYTES ? 2 * a->size : MOST_BYTES;

	if (size < least)
		size = least;
	if (size > SIZE_MAX - sizeof *a->newest)
		return false;
	struct sl_json_chunk *chunk = outer_malloc(sizeof *chunk + size);
	if (chunk == NULL)
		return false;
	chunk->older = a->newest;
	a->newest = chunk;
	a->used = 0;
	a->size = size;
	return true;
}

static void *take(size_t n)
{
	struct sl_json_arena *a = current;
	size_t room = n > SIZE_MAX - alignof(max_align_t) ? SIZE_MAX
	                                                   : (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);

	if (room > a->size - a->used && !add_chunk(a, room)) {
		a->ran_out = true;
		return NULL;
	}
	void *p = a->newest->bytes + a->used;
	a->used += room;
	return p;
}

static void leave(void *p)
{
	(void)p;
}

void sl_json_arena_begin(struct sl_json_arena *arena)
{
	json_get_alloc_funcs(&outer_malloc, &outer_free);
	current = arena;
	json_set_alloc_funcs(take, leave);
}

void sl_json_arena_end(struct sl_json_arena *arena)
{
	(void)arena;
	json_set_alloc_funcs(outer_malloc, outer_free);
	current = NULL;
}

void sl_json_arena_free(struct sl_json_arena *arena)
{
	json_free_t release;

	json_get_alloc_funcs(NULL, &release);
	while (arena->newest != NULL) {
		struct sl_json_chunk *older = arena->newest->older;
		release(arena->newest);
		arena->newest = older;
	}
	*arena = (struct sl_json_arena){0};
}
