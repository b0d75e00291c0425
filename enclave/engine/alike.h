/*
 * alike.h - rows of a unit that have the same of a column, in several versions of a table: in which sets they lie.
 * Units whose rows lie in the same way are counted together. Used by atoms.c, which says what a unit has.
 */
#ifndef SL_ENGINE_ALIKE_H
#define SL_ENGINE_ALIKE_H

#include "enclave/pact/members.h"

/* A row of the present unit, in a set. */
struct sl_alike_row {
	uint32_t column, set;
	uint16_t print;
};

struct sl_alike_kind;

struct sl_alike_table {
	struct sl_alike_row *rows;
	uint32_t nrows, rows_cap;
	struct sl_alike_place *places; /* as much room as rows */
	struct sl_buf key;             /* of the present unit and one column */
	struct sl_alike_kind *kinds;
	uint32_t nkinds, kinds_cap;
	struct sl_buf keys;            /* of all kinds, one behind the other */
	uint32_t *slots, nslots;       /* 1 + kind; 0: free; at most half of them are taken */
	bool full;                     /* they take more than SL_ALIKE_WIRE_MAX: nothing is kept */
};

/* sl_alike_table_add - a row of the present unit. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_alike_table_add(struct sl_alike_table *t, const struct sl_alike_row *row,
                                            struct sl_err *err);
/* sl_alike_table_count - the present unit has no more rows; the next one is the present one. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_alike_table_count(struct sl_alike_table *t, struct sl_err *err);
/* sl_alike_table_send - what was counted, into out, which has nothing of it yet. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_alike_table_send(struct sl_alike_table *t, struct sl_atoms_packed *out,
                                             struct sl_err *err);
void sl_alike_table_fini(struct sl_alike_table *t);

#endif
