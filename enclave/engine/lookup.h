/*
 * lookup.h - attributes of a reference table's rows in place of the codes that name them. Used by join.c.
 */
#ifndef SL_ENGINE_LOOKUP_H
#define SL_ENGINE_LOOKUP_H

#include "enclave/pact/plan.h"

/* One attribute of a reference table. */
struct sl_lookup {
	const struct sl_reference_cell *cells; /* the table's, row by row; borrowed from the view */
	uint32_t nrows, ncolumns;
	uint32_t column;                       /* below ncolumns */
};

/* sl_lookup_of - the attribute an input with `lookup` of a checked plan over a checked view reads. */
struct sl_lookup sl_lookup_of(const struct sl_plan *plan, const struct sl_view *view, uint32_t input);

/*
 * sl_lookup_apply - values and nulls of the attribute for `rows` codes.
 *   code_nulls  in   1: the key is missing, its code is then anything; NULL: none is
 *   values      out  0 where missing; not overlapping codes
 *   nulls       out  1: the key is missing or no row of the table, (other) among them, or the row lacks the attribute
 */
void sl_lookup_apply(const struct sl_lookup *lookup, uint32_t rows, const int64_t *codes, const uint8_t *code_nulls,
                     int64_t *values, uint8_t *nulls);

#endif
