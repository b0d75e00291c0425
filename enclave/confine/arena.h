/*
 * arena.h - malloc for a confined executable: one region, mapped before lock-down, and never a system call
 * after.
 *
 * The object defines malloc, calloc, realloc, free, aligned_alloc, posix_memalign, memalign, valloc, pvalloc
 * and malloc_usable_size for the whole executable, libraries included; link target sl_arena directly (an
 * object library) so that the linker takes it in place of glibc's. Before sl_arena_init it serves from a
 * small static region. Threads may share it (one lock, futex(2) only when they contend). A corrupted chunk or a double
 * free traps.
 */
#ifndef SL_CONFINE_ARENA_H
#define SL_CONFINE_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SL_ARENA_BYTES_MIN ((size_t)1 << 20)
#define SL_ARENA_BYTES_MAX ((size_t)1 << 40)

/*
 * sl_arena_init - map `bytes` of private memory (untouched pages cost nothing) and serve from it; once.
 * False: refused by the system, out of range, or a second time.
 */
bool sl_arena_init(size_t bytes);

/*
 * sl_arena_large_pages - for a program that will touch much of it at random: ask the system for large pages from now
 * on. Before lock-down. A system that has none goes on as before.
 */
void sl_arena_large_pages(void);

struct sl_arena_stats {
	size_t bytes;      /* of all regions */
	size_t used;       /* in chunks handed out, headers included */
	size_t used_max;
	size_t largest;    /* largest request that could be served now, roughly */
};
void sl_arena_stats(struct sl_arena_stats *out);

/* sl_arena_check - walk every chunk and list; false when a tag, link or count does not agree. For tests. */
bool sl_arena_check(void);

#endif
