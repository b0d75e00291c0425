/* operands.c - see operands.h. */
#include "policy/history/operands.h"

#include <stdlib.h>
#include <string.h>

void sl_condition_unions_free(struct sl_condition_unions *u)
{
	for (uint32_t i = 0; i < u->n; i++)
		free(u->at[i].values);
	free(u->at);
	*u = (struct sl_condition_unions){ 0 };
}

enum sl_rc sl_meaning_of(struct sl_buf *b, struct sl_meaning *out, struct sl_err *err)
{
	enum sl_rc rc = sl_buf_ok(b, "a condition", err);

	if (rc == SL_OK)
		sl_digest_sha256(b->data, b->len, out->digest);
	sl_buf_reset(b);
	return rc;
}

void sl_meaning_put(struct sl_buf *b, const struct sl_meaning *m)
{
	sl_buf_put(b, m->digest, sizeof m->digest);
}

int sl_meaning_order(const struct sl_meaning *a, const struct sl_meaning *b)
{
	return memcmp(a->digest, b->digest, sizeof a->digest);
}

enum sl_rc sl_meaning_add(struct sl_predicate_part part, struct sl_predicate_part *parts, uint32_t *n,
                          struct sl_err *err)
{
	for (uint32_t i = 0; i < *n; i++)
		if (parts[i].hash == part.hash)
			return SL_OK;
	if (*n == SL_PREDICATE_PARTS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "more than %d conditions", SL_PREDICATE_PARTS_MAX);
	parts[(*n)++] = part;
	return SL_OK;
}

enum sl_rc sl_meaning_part(const struct sl_meaning *m, struct sl_predicate_part *parts, uint32_t *n,
                           struct sl_err *err)
{
	unsigned __int128 bits = 0;

	for (int i = 0; i < 16; i++)
		bits = bits << 8 | m->digest[i];
	return sl_meaning_add((struct sl_predicate_part){ (sl_i128)bits }, parts, n, err);
}

const struct sl_column *sl_operands_column(const struct sl_operands *s, uint32_t operand)
{
	if (s->kind == SL_OPERANDS_FOLDS)
		return NULL;
	if (s->kind == SL_OPERANDS_RAWS)
		return &s->view->tables[s->source->table].columns[s->source->raws[operand].column];
	const struct sl_input *in = &s->plan->inputs[operand];
	return s->plan->sources[in->source].nfolds > 0 ? NULL : sl_plan_input_column(s->plan, s->view, operand);
}

bool sl_operands_never_missing(const struct sl_operands *s, uint32_t operand)
{
	const struct sl_column *column = sl_operands_column(s, operand);

	if (column == NULL || column->nullable)
		return false;
	if (s->kind == SL_OPERANDS_RAWS)
		return true;
	const struct sl_input *in = &s->plan->inputs[operand];
	return s->plan->sources[in->source].join == SL_JOIN_INNER && in->lookup == 0;
}
