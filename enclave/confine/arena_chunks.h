/*
 * arena_chunks.h - chunks of the arena's memory, for arena_malloc.c alone: whoever calls here is the only one to.
 */
#ifndef SL_CONFINE_ARENA_CHUNKS_H
#define SL_CONFINE_ARENA_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SL_ARENA_ALIGN ((size_t)16) /* of every payload */

/*
 * sl_arena_take - a payload of `bytes`; sl_arena_take_aligned - at a multiple of align, a power of two above
 * SL_ARENA_ALIGN. NULL and errno: no chunk is long enough.
 *   fresh_from  out  the payload from there on was never touched, and is zero; may be NULL
 */
void *sl_arena_take(size_t bytes, uint8_t **fresh_from);
void *sl_arena_take_aligned(size_t align, size_t bytes);

/*
 * Of a payload that is handed out; anything else traps. sl_arena_resize - where it is; false: not there, and it is as
 * it was. sl_arena_room - how many bytes it has.
 */
void sl_arena_give(void *p);
bool sl_arena_resize(void *p, size_t bytes);
size_t sl_arena_room(void *p);

#endif
