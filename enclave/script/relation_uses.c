/* relation_uses.c - whether the grant gives the columns of an expression the use they are put to. */
#include <stdio.h>

#include "enclave/script/relation.h"

static enum sl_rc refuse_use(const struct sl_table *t, const struct sl_column *c, enum sl_use use, struct sl_err *err)
{
	static const char *const doing[] = {
		[SL_USE_GROUP] = "group by", [SL_USE_FILTER] = "put a condition on", [SL_USE_MEASURE] = "sum or average"};
	static const char *const rules[] = {
		[SL_USE_GROUP] = "use-group", [SL_USE_FILTER] = "use-filter", [SL_USE_MEASURE] = "use-measure"};
	char allowed[64] = "";
	size_t n = 0;

	for (int bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if (c->uses & bit)
			n += (size_t)snprintf(allowed + n, sizeof allowed - n, "%s%s", n > 0 ? " and " : "", sl_use_name((enum sl_use)bit));
	enum sl_rc rc = sl_err_set(err, SL_E_DENIED, "you may not %s %.100s of %.100s: the grant gives it %s",
	                           doing[use], c->name, t->name, n > 0 ? allowed : "no use");
	sl_err_rule(err, rules[use]);
	sl_err_remedy(err, "ask the data owner for the use \"%s\", or do without the column here", sl_use_name(use));
	return rc;
}

static enum sl_rc column_uses(const struct sl_table *t, uint32_t column, enum sl_use use, struct sl_err *err)
{
	const struct sl_column *c = &t->columns[column];

	return (c->uses & use) != 0 ? SL_OK : refuse_use(t, c, (use & SL_USE_MEASURE) != 0 ? SL_USE_MEASURE : use, err);
}

static enum sl_rc fold_uses(const struct sl_source *s, const struct sl_table *t, const struct sl_fold *f,
                            enum sl_use use, struct sl_err *err)
{
	bool value = f->fn == SL_FOLD_SUM || f->fn == SL_FOLD_MEAN || f->fn == SL_FOLD_MIN || f->fn == SL_FOLD_MAX;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < f->arg.nops && value && rc == SL_OK; i++)
		if (f->arg.ops[i].op == SL_OP_COLUMN)
			rc = column_uses(t, s->raws[f->arg.ops[i].arg].column, use, err);
	return rc;
}

/* What the attribute tells it tells of its key: a sum of it is what a condition on the key would count. */
static enum sl_rc attribute_uses(const struct sl_view *view, const struct sl_table *t, const struct sl_input *in,
                                 enum sl_use use, struct sl_err *err)
{
	const struct sl_table *reference = &view->tables[t->columns[in->column].reference - 1];
	enum sl_rc rc = column_uses(t, in->column, (use & SL_USE_MEASURE) != 0 ? SL_USE_FILTER : use, err);

	return rc == SL_OK ? column_uses(reference, in->lookup - 1u, use, err) : rc;
}

enum sl_rc sl_relation_uses(const struct sl_relation *rel, const struct sl_view *view, const struct sl_expr *expr,
                            enum sl_use use, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < expr->nops && rc == SL_OK; i++) {
		if (expr->ops[i].op != SL_OP_COLUMN)
			continue;
		const struct sl_input *in = &rel->plan.inputs[expr->ops[i].arg];
		const struct sl_source *s = &rel->plan.sources[in->source];
		const struct sl_table *t = sl_relation_table(rel, view, in->source);
		if (in->lookup > 0)
			rc = attribute_uses(view, t, in, use, err);
		else
			rc = s->nfolds > 0 ? fold_uses(s, t, &s->folds[in->column], use, err) : column_uses(t, in->column, use, err);
	}
	return rc;
}
