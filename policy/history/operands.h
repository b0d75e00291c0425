/*
 * operands.h - what the columns of an expression are: those of a table, what per_unit made of them, or a plan's inputs;
 * and the digests that stand for values and conditions. Names of the catalogue go in, not places in a view.
 */
#ifndef SL_POLICY_HISTORY_OPERANDS_H
#define SL_POLICY_HISTORY_OPERANDS_H

#include "enclave/base/buf.h"
#include "enclave/pact/history.h"
#include "policy/digest.h"

/* What a value or a condition is: equal ones have one digest, different ones never. */
struct sl_meaning {
	uint8_t digest[SL_DIGEST_BYTES];
};

enum sl_operands_kind { SL_OPERANDS_RAWS, SL_OPERANDS_FOLDS, SL_OPERANDS_INPUTS };

/* All borrowed. */
struct sl_operands {
	const struct sl_plan *plan;
	const struct sl_view *view;
	const struct sl_source *source; /* of RAWS and FOLDS */
	enum sl_operands_kind kind;
};

/* sl_meaning_of - of the text in b, which is emptied for the next; `what` for a message. As sl_buf_ok. */
SL_MUST_CHECK enum sl_rc sl_meaning_of(struct sl_buf *b, struct sl_meaning *out, struct sl_err *err);

/* sl_meaning_put - append one. */
void sl_meaning_put(struct sl_buf *b, const struct sl_meaning *m);

/* sl_meaning_order - less than, equal to or greater than 0. */
int sl_meaning_order(const struct sl_meaning *a, const struct sl_meaning *b);

/* sl_meaning_part - append its part to parts, sl_meaning_add - a part, unless it is there. SL_E_LIMIT: too many. */
SL_MUST_CHECK enum sl_rc sl_meaning_add(struct sl_predicate_part part, struct sl_predicate_part *parts, uint32_t *n,
                                        struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_meaning_part(const struct sl_meaning *m, struct sl_predicate_part *parts, uint32_t *n,
                                         struct sl_err *err);

/* Conditions that ask for one of a few values. sl_condition_unions_free - accepts a zeroed one. */
struct sl_condition_unions {
	struct sl_condition_union *at;
	uint32_t n, cap;
};
void sl_condition_unions_free(struct sl_condition_unions *u);

/* sl_operands_column - the column of the view that has the values; NULL: something of a unit's rows. */
const struct sl_column *sl_operands_column(const struct sl_operands *s, uint32_t operand);

/* sl_operands_never_missing - a required column of a table that every row here has a row of. */
bool sl_operands_never_missing(const struct sl_operands *s, uint32_t operand);

#endif
