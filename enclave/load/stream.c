/* stream.c - see stream.h. */
#include "enclave/load/stream.h"

static enum sl_rc next_of_rows(struct sl_stream *base, struct sl_err *err)
{
	struct sl_rows_stream *s = (struct sl_rows_stream *)base;

	(void)err;
	base->row = s->at < s->rows->count ? sl_rows_at(s->rows, s->rows->order[s->at].row) : NULL;
	s->at++;
	return SL_OK;
}

void sl_rows_stream_init(struct sl_rows_stream *s, const struct sl_rows *rows)
{
	*s = (struct sl_rows_stream){ .base = { .next = next_of_rows }, .rows = rows };
}

/* Whether stream a's row goes before stream b's. */
static bool before(struct sl_stream *const *streams, uint32_t a, uint32_t b)
{
	uint32_t ua = sl_layout_unit(streams[a]->row), ub = sl_layout_unit(streams[b]->row);

	return ua != ub ? ua < ub : a < b;
}

static void sift_down(struct sl_stream *const *streams, uint32_t *heap, uint32_t n, uint32_t at)
{
	for (;;) {
		uint32_t least = at, child = 2 * at + 1, moved = heap[at];

		for (uint32_t k = child; k < n && k <= child + 1; k++)
			if (before(streams, heap[k], heap[least]))
				least = k;
		if (least == at)
			return;
		heap[at] = heap[least];
		heap[least] = moved;
		at = least;
	}
}

enum sl_rc sl_merge(struct sl_stream *const *streams, uint32_t n, uint32_t *heap, sl_merge_take *take, void *arg,
                    struct sl_err *err)
{
	uint32_t left = 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		rc = streams[i]->next(streams[i], err);
		if (rc == SL_OK && streams[i]->row != NULL)
			heap[left++] = i;
	}
	for (uint32_t i = left / 2; rc == SL_OK && i-- > 0;)
		sift_down(streams, heap, left, i);
	while (rc == SL_OK && left > 0) {
		struct sl_stream *s = streams[heap[0]];

		rc = take(arg, heap[0], s->row, err);
		if (rc == SL_OK)
			rc = s->next(s, err);
		if (rc == SL_OK && s->row == NULL)
			heap[0] = heap[--left];
		if (rc == SL_OK)
			sift_down(streams, heap, left, 0);
	}
	return rc;
}
