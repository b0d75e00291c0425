/*
 * stream.h - packed rows one after the other, by unit; what can be merged.
 */
#ifndef SL_LOAD_STREAM_H
#define SL_LOAD_STREAM_H

#include "enclave/load/rows.h"

struct sl_stream {
	const uint8_t *row; /* the present one, until next; NULL: there is none more */
	/* next - go on to the next row, or to the first. Fails: as its maker says. */
	enum sl_rc (*next)(struct sl_stream *s, struct sl_err *err);
};

/* The rows of sl_rows, sorted; never fails. */
struct sl_rows_stream {
	struct sl_stream base;
	const struct sl_rows *rows;
	uint64_t at;
};
void sl_rows_stream_init(struct sl_rows_stream *s, const struct sl_rows *rows);

/*
 * sl_merge - give every row of all streams to `take`, by unit; a unit's rows stream by stream, in the order of streams.
 *   heap  scratch  n numbers
 *   take  in       `from` is the row's stream
 * Fails: as a stream, as take.
 */
typedef enum sl_rc sl_merge_take(void *arg, uint32_t from, const uint8_t *row, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_merge(struct sl_stream *const *streams, uint32_t n, uint32_t *heap, sl_merge_take *take,
                                  void *arg, struct sl_err *err);

#endif
