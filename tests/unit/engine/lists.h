/* lists.h - what a list of held rows has in it, as a test expects it. Used by test_sides.c and test_held.c. */
#ifndef SL_TEST_ENGINE_LISTS_H
#define SL_TEST_ENGINE_LISTS_H

#include <setjmp.h>
#include <stdarg.h>

#include <stdlib.h>

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

/* In whatever order units came. */
static inline int list_by_unit(const void *a, const void *b, void *list)
{
	const struct list *l = list;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;

	for (bool same = true; same; i++, k++) {
		if (l->values[i] != l->values[k] || l->marks[i] != l->marks[k])
			return l->values[i] != l->values[k] ? (l->values[i] < l->values[k] ? -1 : 1) : l->marks[i] - l->marks[k];
		bool ends = i + 1 == l->n || l->marks[i + 1] != 0, also = k + 1 == l->n || l->marks[k + 1] != 0;
		if (ends != also)
			return ends ? -1 : 1;
		same = !ends;
	}
	return 0;
}

static inline void list_sort(struct list *l)
{
	static struct list sorted;
	static uint32_t first[LIST_ROWS_MAX];
	uint32_t n = 0;

	sorted.n = 0;
	for (uint32_t i = 0; i < l->n; i++)
		if (l->marks[i] != 0)
			first[n++] = i;
	assert_true(l->n == 0 || l->marks[0] != 0);
	qsort_r(first, n, sizeof *first, list_by_unit, l);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t r = first[i];
		do
			list_add(&sorted, l->values[r], l->marks[r]);
		while (++r < l->n && l->marks[r] == 0);
	}
	*l = sorted;
}

static inline void list_compare(const struct sl_held *h, uint32_t list, const struct list *want)
{
	static struct list got, also;

	list_read(h, list, &got);
	list_sort(&got);
	also = *want;
	list_sort(&also);
	assert_int_equal(got.n, also.n);
	assert_memory_equal(got.values, also.values, also.n * sizeof *also.values);
	assert_memory_equal(got.marks, also.marks, also.n);
}

#endif
