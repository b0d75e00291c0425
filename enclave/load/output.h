/*
 * output.h - packed rows, in the order of their units, as row groups of a segment. A group is filled, encoded and
 * sealed by all threads; the bytes do not depend on how many.
 */
#ifndef SL_LOAD_OUTPUT_H
#define SL_LOAD_OUTPUT_H

#include "enclave/load/quality.h"
#include "enclave/vault/writer.h"

struct sl_output {
	const struct sl_layout *layout;
	struct sl_writer *writer;
	uint32_t group_rows;           /* of a full group, or all rows when they are fewer */
	uint32_t rows;                 /* in the group that is being filled */
	int64_t *values;               /* column after column, group_rows each */
	uint8_t *nulls;
	struct sl_sealed_chunk *sealed; /* columns on their way to the file */
	uint32_t nsealed;
	struct sl_quality *quality;    /* counts what goes out; borrowed; NULL: nobody asks */
	void (*progress)(void *arg, uint64_t rows); /* after each group; NULL: nobody asks */
	void *progress_arg;
};

/*
 * sl_output_init - into `writer`, begun, with a lane for each thread of the crew; both borrowed.
 *   rows  in  at most, in all
 * Fails: SL_E_NOMEM. fini also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_output_init(struct sl_output *o, const struct sl_layout *layout, struct sl_writer *writer,
                                        uint64_t rows, struct sl_err *err);
void sl_output_fini(struct sl_output *o);

/* sl_output_bytes - memory for a table of so many columns and rows. */
uint64_t sl_output_bytes(uint32_t ncolumns, uint64_t rows);

/* Each fails as sl_writer_group. */

/* sl_output_rows - all rows, sorted; nothing was added before. */
SL_MUST_CHECK enum sl_rc sl_output_rows(struct sl_output *o, const struct sl_rows *rows, struct sl_err *err);
/* sl_output_add - one row, of the same unit as the one before or a later one. */
SL_MUST_CHECK enum sl_rc sl_output_add(struct sl_output *o, const uint8_t *row, struct sl_err *err);
/* sl_output_end - what was added goes out. */
SL_MUST_CHECK enum sl_rc sl_output_end(struct sl_output *o, struct sl_err *err);

#endif
