/* lists.h - what a list of held rows has in it, as a test expects it. Used by test_sides.c and test_held.c. */
#ifndef SL_TEST_ENGINE_LISTS_H
#define SL_TEST_ENGINE_LISTS_H

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "enclave/engine/held.h"

#define LIST_ROWS_MAX 16384u

struct list {
	uint32_t n;
	int64_t values[LIST_ROWS_MAX];
	uint8_t marks[LIST_ROWS_MAX];
};

static inline void list_add(struct list *l, int64_t value, uint8_t mark)
{
	assert_true(l->n < LIST_ROWS_MAX);
	l->values[l->n] = value;
	l->marks[l->n++] = mark;
}

/* Of an ended list: all its rows in order. */
static inline void list_read(const struct sl_held *h, uint32_t list, struct list *out)
{
	out->n = 0;
	for (uint32_t block = h->first[list]; block != 0; block = h->blocks[block].next) {
		assert_true(block <= h->used && h->blocks[block].rows <= SL_HELD_ROOM_ROWS);
		for (uint32_t i = 0; i < h->blocks[block].rows; i++) {
			size_t at = (size_t)block * SL_HELD_ROOM_ROWS + i;
			list_add(out, h->near ? ((const int32_t *)h->values)[at] : ((const int64_t *)h->values)[at], h->marks[at]);
		}
	}
}

static inline void list_compare(const struct sl_held *h, uint32_t list, const struct list *want)
{
	static struct list got;

	list_read(h, list, &got);
	assert_int_equal(got.n, want->n);
	assert_memory_equal(got.values, want->values, want->n * sizeof *want->values);
	assert_memory_equal(got.marks, want->marks, want->n);
}

#endif
