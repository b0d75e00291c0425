/*
 * domain.h - text and lists: comparisons that become membership in a set of domain codes or numbers.
 */
#ifndef SL_SCRIPT_DOMAIN_H
#define SL_SCRIPT_DOMAIN_H

#include "enclave/script/emit.h"

/*
 * sl_domain_compare - text column op waiting text; the result is in *column. Refuses labels outside the
 * domain, and order with (other).
 */
SL_MUST_CHECK enum sl_rc sl_domain_compare(struct sl_emit *e, enum sl_opcode op, size_t at, struct sl_operand *column,
                                           const struct sl_operand *text);

/* sl_domain_between - lo ≤ x ≤ hi by byte order of the labels; the result is in *x. */
SL_MUST_CHECK enum sl_rc sl_domain_between(struct sl_emit *e, size_t at, struct sl_operand *x,
                                           const struct sl_operand *lo, const struct sl_operand *hi);

/* How a text matches a label. */
enum sl_match { SL_MATCH_LIKE = 0, SL_MATCH_START, SL_MATCH_END, SL_MATCH_INSIDE };

/*
 * sl_domain_match - x like 'pattern' (% any characters, _ one character), starts_with(x, 'text') and so on; the result
 * is in *x. (other) matches nothing.
 */
SL_MUST_CHECK enum sl_rc sl_domain_match(struct sl_emit *e, enum sl_match how, size_t at, struct sl_operand *x,
                                         const struct sl_operand *text);

/* sl_domain_length - characters of the label of text column *x, missing for (other); the result is in *x. */
SL_MUST_CHECK enum sl_rc sl_domain_length(struct sl_emit *e, size_t at, struct sl_operand *x);

/*
 * x in (…): sl_domain_set_new makes an empty set; set_add_number adds a constant for a number or date x (a number that
 * x's grid cannot hold equals none of its values and is left out); set_emit orders and closes it; the result is in *x.
 */
SL_MUST_CHECK enum sl_rc sl_domain_set_new(struct sl_emit *e, size_t at, uint32_t *set);
SL_MUST_CHECK enum sl_rc sl_domain_set_add_number(struct sl_emit *e, uint32_t set, const struct sl_operand *x,
                                                  size_t at, const struct sl_op *constant);
SL_MUST_CHECK enum sl_rc sl_domain_set_emit(struct sl_emit *e, size_t at, uint32_t set, struct sl_operand *x);

/* Texts that are looked up in a domain together: sorted once, each label then finds its own. */
struct sl_domain_text {
	const char *text; /* borrowed */
	size_t at;
	bool found;
};
struct sl_domain_texts {
	struct sl_domain_text *items; /* heap, the caller's to free */
	uint32_t n;
};
SL_MUST_CHECK enum sl_rc sl_domain_texts_add(struct sl_emit *e, struct sl_domain_texts *texts, const char *text,
                                             size_t at);

/* sl_domain_texts_find - adds the codes of texts to the set. Orders texts. Refuses one that the domain of x lacks. */
SL_MUST_CHECK enum sl_rc sl_domain_texts_find(struct sl_emit *e, struct sl_domain_texts *texts, uint32_t set,
                                              const struct sl_operand *x);

#endif
