/*
 * attributes.h - which conditions are values of one attribute, so that a unit has one of them at most. Used by kinds.c.
 */
#ifndef SL_POLICY_HISTORY_ATTRIBUTES_H
#define SL_POLICY_HISTORY_ATTRIBUTES_H

#include "policy/history/kinds.h"

/*
 * sl_attributes_make - k->tables_of, values, what sets ask for, members, and attributes but for their bitmaps; of all
 * sets, shown or not.
 *   fits  out  false: there is too much of something
 * SL_E_NOMEM; sl_kinds_free also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_attributes_make(struct sl_kinds *k, bool *fits, struct sl_err *err);

/* sl_attributes_groups - for it: the groups of all keys and lists, and which are of one attribute. As above. */
SL_MUST_CHECK enum sl_rc sl_attributes_groups(struct sl_kinds *k, bool *fits, struct sl_err *err);

/* sl_attributes_union - the list of values that this condition of the tables is; NULL: it is none. */
const struct sl_kinds_union *sl_attributes_union(const struct sl_kinds *k, uint32_t tables, sl_i128 hash);

#endif
