/*
 * arena.c - see arena.h and arena_chunks.h; the names that C's library calls are in arena_malloc.c.
 *
 * Two-level segregated fits with boundary tags (Masmano, Ripoll, Crespo, Real,
 * "TLSF: a new dynamic memory allocator for real-time systems", ECRTS 2004): constant time, neighbours
 * merge at once, so a long job does not fragment to death.
 */
#include "enclave/confine/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "enclave/confine/arena_chunks.h"

#define HEADER sizeof(struct chunk)
#define CHUNK_MIN (HEADER + sizeof(struct links))
#define SECOND_BITS 4
#define SECOND (1 << SECOND_BITS)
#define FIRST 64
/* Start-up of glibc, locale and libraries until sl_arena_init. */
#define EARLY_BYTES ((size_t)256 << 10)
#define PAGE_BYTES ((size_t)4096)
#define LARGE_PAGE_BYTES ((size_t)2 << 20)

#define TAG_MASK ((size_t)0xFFFF << 48)
#define TAG ((size_t)0x51AC << 48)
#define USED ((size_t)1)

/* Lies before every payload; sizes count the header and are multiples of SL_ARENA_ALIGN. */
struct chunk {
	size_t before;   /* size of the chunk below; 0: this is the first of its region */
	size_t word;     /* TAG | size | USED */
};

/* In the payload of a free chunk. */
struct links {
	struct chunk *next, *prev;
};

struct region {
	uint8_t *base;
	size_t bytes;
	uint8_t *touched;   /* everything from here up is zero still, so calloc need not touch it */
};

static struct {
	struct region region[2];
	size_t nregions;
	uint64_t first;
	uint16_t second[FIRST];
	struct chunk *bin[FIRST][SECOND];
	size_t used, used_max;
} arena;

static _Alignas(16) uint8_t early[EARLY_BYTES];

static size_t size_of(const struct chunk *c)
{
	return c->word & ~(TAG_MASK | USED);
}

static bool is_used(const struct chunk *c)
{
	return (c->word & USED) != 0;
}

static struct links *links_of(struct chunk *c)
{
	return (struct links *)(c + 1);
}

static struct chunk *after(struct chunk *c)
{
	return (struct chunk *)((uint8_t *)c + size_of(c));
}

static void set_chunk(struct chunk *c, size_t size, size_t used)
{
	c->word = TAG | size | used;
	after(c)->before = size;
}

static struct region *region_of(const void *p)
{
	for (size_t i = 0; i < arena.nregions; i++)
		if ((const uint8_t *)p >= arena.region[i].base &&
		    (const uint8_t *)p < arena.region[i].base + arena.region[i].bytes)
			return &arena.region[i];
	return NULL;
}

/* Bin of a size: power of two, then sixteenth of it. */
static void bin_of(size_t size, int *first, int *second)
{
	*first = 63 - __builtin_clzl(size);
	*second = (int)(size >> (*first - SECOND_BITS)) & (SECOND - 1);
}

static void bin_insert(struct chunk *c)
{
	int f, s;

	bin_of(size_of(c), &f, &s);
	links_of(c)->prev = NULL;
	links_of(c)->next = arena.bin[f][s];
	if (arena.bin[f][s] != NULL)
		links_of(arena.bin[f][s])->prev = c;
	arena.bin[f][s] = c;
	arena.first |= UINT64_C(1) << f;
	arena.second[f] = (uint16_t)(arena.second[f] | 1u << s);
}

static void bin_remove(struct chunk *c)
{
	struct chunk *next = links_of(c)->next, *prev = links_of(c)->prev;
	int f, s;

	bin_of(size_of(c), &f, &s);
	if (next != NULL)
		links_of(next)->prev = prev;
	if (prev != NULL) {
		links_of(prev)->next = next;
		return;
	}
	if (arena.bin[f][s] != c)
		__builtin_trap();
	arena.bin[f][s] = next;
	if (next == NULL) {
		arena.second[f] = (uint16_t)(arena.second[f] & ~(1u << s));
		if (arena.second[f] == 0)
			arena.first &= ~(UINT64_C(1) << f);
	}
}

static struct chunk *first_from(int f, int s)
{
	unsigned second = arena.second[f] & (~0u << s);

	if (second == 0) {
		uint64_t first = f + 1 < FIRST ? arena.first & (~UINT64_C(0) << (f + 1)) : 0;

		if (first == 0)
			return NULL;
		f = __builtin_ctzl(first);
		second = arena.second[f];
	}
	return arena.bin[f][__builtin_ctz(second)];
}

/* Any chunk of a higher bin fits; only when there is none is the size's own bin searched. */
static struct chunk *find(size_t size)
{
	size_t step = ((size_t)1 << (63 - __builtin_clzl(size) - SECOND_BITS)) - 1;
	struct chunk *c;
	int f, s;

	bin_of(size + step, &f, &s);
	c = first_from(f, s);
	if (c != NULL)
		return c;
	bin_of(size, &f, &s);
	for (c = arena.bin[f][s]; c != NULL; c = links_of(c)->next)
		if (size_of(c) >= size)
			return c;
	return NULL;
}

static void note_touched(struct chunk *c)
{
	struct region *r = region_of(c);
	uint8_t *end = (uint8_t *)c + size_of(c) + CHUNK_MIN;

	if (end > r->touched)
		r->touched = end;
}

/* Cut a chunk to `size`; the rest goes back, merged with a free neighbour above. */
static void trim(struct chunk *c, size_t size)
{
	size_t rest = size_of(c) - size;
	struct chunk *tail, *above;

	if (rest < CHUNK_MIN)
		return;
	above = after(c);
	if (!is_used(above)) {
		bin_remove(above);
		rest += size_of(above);
	}
	set_chunk(c, size, USED);
	tail = after(c);
	set_chunk(tail, rest, 0);
	bin_insert(tail);
}

static void region_add(uint8_t *base, size_t bytes)
{
	struct region *r = &arena.region[arena.nregions++];
	struct chunk *c = (struct chunk *)base, *end;

	r->base = base;
	r->bytes = bytes;
	r->touched = base + CHUNK_MIN;
	c->before = 0;
	set_chunk(c, bytes - HEADER, 0);
	end = after(c);
	end->word = TAG | USED;
	bin_insert(c);
}

static void count_used(size_t before, size_t now)
{
	arena.used = arena.used - before + now;
	if (arena.used > arena.used_max)
		arena.used_max = arena.used;
}

static size_t chunk_size(size_t bytes)
{
	if (bytes > SL_ARENA_BYTES_MAX)
		return 0;
	size_t size = (bytes + HEADER + SL_ARENA_ALIGN - 1) & ~(SL_ARENA_ALIGN - 1);
	return size < CHUNK_MIN ? CHUNK_MIN : size;
}

void *sl_arena_take(size_t bytes, uint8_t **fresh_from)
{
	size_t size = chunk_size(bytes);
	struct chunk *c;

	if (arena.nregions == 0)
		region_add(early, sizeof early);
	c = size != 0 ? find(size) : NULL;
	if (c == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	bin_remove(c);
	if (fresh_from != NULL)
		*fresh_from = region_of(c)->touched;
	c->word |= USED;
	trim(c, size);
	note_touched(c);
	count_used(0, size_of(c));
	return c + 1;
}

/* The chunk of a payload; anything but a live one of ours is a bug or an attack, and traps. */
static struct chunk *chunk_of(void *p)
{
	struct chunk *c = (struct chunk *)p - 1;

	if (((uintptr_t)p & (SL_ARENA_ALIGN - 1)) != 0 || region_of(p) == NULL || (c->word & TAG_MASK) != TAG || !is_used(c) ||
	    after(c)->before != size_of(c))
		__builtin_trap();
	return c;
}

static void give_back(struct chunk *c)
{
	struct chunk *other;
	size_t size = size_of(c);

	count_used(size, 0);
	other = after(c);
	if (!is_used(other)) {
		bin_remove(other);
		size += size_of(other);
	}
	if (c->before != 0) {
		other = (struct chunk *)((uint8_t *)c - c->before);
		if (!is_used(other)) {
			bin_remove(other);
			size += size_of(other);
			c->word = 0;
			c = other;
		}
	}
	set_chunk(c, size, 0);
	bin_insert(c);
}

void sl_arena_give(void *p)
{
	give_back(chunk_of(p));
}

/* In place when the chunk, with a free neighbour above, is long enough. */
static bool resize_here(struct chunk *c, size_t size)
{
	size_t old = size_of(c);
	struct chunk *above = after(c);

	if (size > old) {
		if (is_used(above) || old + size_of(above) < size)
			return false;
		bin_remove(above);
		set_chunk(c, old + size_of(above), USED);
	}
	trim(c, size);
	note_touched(c);
	count_used(old, size_of(c));
	return true;
}

bool sl_arena_resize(void *p, size_t bytes)
{
	struct chunk *c = chunk_of(p);
	size_t size = chunk_size(bytes);

	return size != 0 && resize_here(c, size);
}

size_t sl_arena_room(void *p)
{
	return size_of(chunk_of(p)) - HEADER;
}

void *sl_arena_take_aligned(size_t align, size_t bytes)
{
	struct chunk *c, *aligned;
	uintptr_t at;
	uint8_t *p;
	size_t gap;

	p = sl_arena_take(bytes + align + CHUNK_MIN, NULL);
	if (p == NULL)
		return NULL;
	c = (struct chunk *)((uintptr_t)p - sizeof *c);
	at = ((uintptr_t)p + align - 1) & ~(uintptr_t)(align - 1);
	if (at != (uintptr_t)p && at - (uintptr_t)p < CHUNK_MIN)
		at += align;
	gap = at - (uintptr_t)p;
	if (gap != 0) {
		size_t whole = size_of(c);

		aligned = (struct chunk *)((uint8_t *)c + gap);
		set_chunk(c, gap, USED);
		set_chunk(aligned, whole - gap, USED);
		give_back(c);
		c = aligned;
	}
	size_t had = size_of(c);
	trim(c, chunk_size(bytes));
	count_used(had, size_of(c));
	return c + 1;
}

/*
 * Its first page ends where a large one may begin: that page is written at once, and a large page with a small one in
 * it stays small.
 */
static uint8_t *map_arena(size_t bytes)
{
	uint8_t *at = mmap(NULL, bytes + LARGE_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
	                   -1, 0);

	return at == MAP_FAILED ? NULL : at + LARGE_PAGE_BYTES - PAGE_BYTES - (uintptr_t)at % LARGE_PAGE_BYTES;
}

bool sl_arena_init(size_t bytes)
{
	uint8_t *base;

	if (arena.nregions == 0)
		region_add(early, sizeof early);
	if (arena.nregions != 1 || bytes < SL_ARENA_BYTES_MIN || bytes > SL_ARENA_BYTES_MAX)
		return false;
	bytes &= ~(PAGE_BYTES - 1);
	base = map_arena(bytes);
	if (base == NULL)
		return false;
	region_add(base, bytes);
	return true;
}

void sl_arena_large_pages(void)
{
	for (size_t i = 1; i < arena.nregions; i++)
		(void)madvise((void *)arena.region[i].base, arena.region[i].bytes, MADV_HUGEPAGE);
}

void sl_arena_stats(struct sl_arena_stats *out)
{
	struct chunk *c = NULL;

	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < arena.nregions; i++)
		out->bytes += arena.region[i].bytes;
	out->used = arena.used;
	out->used_max = arena.used_max;
	if (arena.first != 0) {
		int f = 63 - __builtin_clzl(arena.first);

		c = arena.bin[f][31 - __builtin_clz(arena.second[f])];
	}
	for (; c != NULL; c = links_of(c)->next)
		if (size_of(c) - HEADER > out->largest)
			out->largest = size_of(c) - HEADER;
}

static bool in_its_bin(struct chunk *c)
{
	struct chunk *at;
	int f, s;

	bin_of(size_of(c), &f, &s);
	for (at = arena.bin[f][s]; at != NULL && at != c; at = links_of(at)->next)
		if (links_of(at)->next != NULL && links_of(links_of(at)->next)->prev != at)
			return false;
	return at == c;
}

static bool check_region(const struct region *r, size_t *used)
{
	struct chunk *c = (struct chunk *)r->base, *end = (struct chunk *)(r->base + r->bytes) - 1;
	size_t before = 0;
	bool was_free = false;

	for (; c < end; c = after(c)) {
		size_t size = size_of(c);

		if ((c->word & TAG_MASK) != TAG || c->before != before || size < CHUNK_MIN || (size & (SL_ARENA_ALIGN - 1)) != 0)
			return false;
		if (!is_used(c) && (was_free || !in_its_bin(c)))
			return false;
		was_free = !is_used(c);
		*used += is_used(c) ? size : 0;
		before = size;
	}
	return c == end && c->before == before && c->word == (TAG | USED);
}

bool sl_arena_check(void)
{
	size_t used = 0;

	for (size_t i = 0; i < arena.nregions; i++)
		if (!check_region(&arena.region[i], &used))
			return false;
	return used == arena.used;
}
