/*
 * columns.h - what the columns of a space stand for: atoms, by the units of which a set is told; or of one table with
 * several rows per unit the groups, by the rows. Used by combinations.c and unions.c.
 */
#ifndef SL_POLICY_HISTORY_COLUMNS_H
#define SL_POLICY_HISTORY_COLUMNS_H

#include "policy/history/audit.h"
#include "policy/history/space.h"

struct sl_audit_column {
	uint32_t first, n;  /* places: its sets, each once for a group */
	uint32_t atom;      /* one that has it */
	uint64_t units;     /* that have it */
	bool is_few;        /* fewer than the threshold; it is not known that they may be as many (sl_unions_free) */
};

struct sl_audit_columns {
	uint32_t rows_of;   /* 0: atoms */
	struct sl_audit_column *list; /* SL_AUDIT_ATOMS_SMALL + 1 of them, the caller's; few units come last */
	uint32_t n;
	bool freed;         /* all that may be many were looked for */
};

/* sl_columns_list - of c->rows_of, in a small system. False: there are too many. */
bool sl_columns_list(const struct sl_audit *a, struct sl_audit_columns *c);

/*
 * sl_columns_fill - the shown ones of the first nsets sets, a row each, 1 where a column is in the set. row_of: per set
 * of the audit; s->nrows: it has none. s has as many columns as c and at least as many rows as there are such sets.
 */
void sl_columns_fill(const struct sl_audit *a, const struct sl_audit_columns *c, uint32_t nsets, struct sl_space *s,
                     uint32_t *row_of);

/* sl_columns_tell - what a set holds is a combination of the reduced rows; s->row is used up. */
bool sl_columns_tell(const struct sl_audit *a, const struct sl_audit_columns *c, struct sl_space *s, uint32_t set);

/* sl_columns_sort - few units last, once more. */
void sl_columns_sort(struct sl_audit_columns *c);

/* sl_columns_has - whether one of the atom's groups is the column's; asked of the groups of one table. */
bool sl_columns_has(const struct sl_audit *a, const struct sl_audit_column *c, uint32_t atom);

#endif
