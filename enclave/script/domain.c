/* domain.c - see domain.h. No text order exists at run time: it is spent here, on the labels. */
#include "enclave/script/domain.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"

enum sl_rc sl_domain_set_new(struct sl_emit *e, size_t at, uint32_t *set)
{
	if (e->expr.nsets >= SL_EXPR_SETS_MAX)
		return sl_emit_fail(e, SL_E_LIMIT, at, "join conditions on one column into one in (…)",
		                    "the expression has more than %d comparisons with texts or lists", SL_EXPR_SETS_MAX);
	*set = e->expr.nsets++;
	e->expr.sets[*set] = (struct sl_set){0};
	return SL_OK;
}

/* Keeps the set rising and without doubles; room grows when the count is a power of two. */
static enum sl_rc set_insert(struct sl_emit *e, uint32_t set, int64_t value)
{
	struct sl_set *s = &e->expr.sets[set];
	uint32_t i = s->nitems;

	while (i > 0 && s->items[i - 1].value > value)
		i--;
	if (i > 0 && s->items[i - 1].value == value)
		return SL_OK;
	if (s->nitems >= SL_EXPR_SET_ITEMS_MAX)
		return sl_emit_fail(e, SL_E_LIMIT, 0, NULL, "a comparison covers more than %d labels", SL_EXPR_SET_ITEMS_MAX);
	if ((s->nitems & (s->nitems - 1)) == 0) {
		size_t room = s->nitems == 0 ? 1 : 2 * (size_t)s->nitems;
		struct sl_set_item *items = realloc(s->items, room * sizeof *items);
		if (items == NULL)
			return sl_err_set(e->err, SL_E_NOMEM, "out of memory");
		s->items = items;
	}
	memmove(&s->items[i + 1], &s->items[i], (s->nitems - i) * sizeof s->items[0]);
	s->items[i].value = value;
	s->nitems++;
	return SL_OK;
}

static enum sl_rc no_label(struct sl_emit *e, const struct sl_operand *column, const struct sl_operand *text)
{
	const struct sl_column *c = column->column;
	const char **names = malloc((c->nlabels + 1) * sizeof *names);
	int near = -1;

	if (names == NULL)
		return sl_err_set(e->err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < c->nlabels; i++)
		names[i] = c->labels[i].text;
	near = sl_text_near(text->text, names, c->nlabels);
	sl_emit_fail(e, SL_E_INPUT, text->at, NULL, "'%.60s' is not in the domain of %s", text->text, c->name);
	if (near >= 0)
		sl_err_remedy(e->err, "did you mean '%s'?", names[near]);
	else if (strcmp(text->text, SL_LABEL_MISSING) == 0)
		sl_err_remedy(e->err, "write %s is missing", c->name);
	else if (c->nlabels <= 8)
		sl_err_remedy(e->err, "its first label is '%s'", names[0]);
	free(names);
	return SL_E_INPUT;
}

/* The code of a label; "(other)" has one where the column does. */
static enum sl_rc code_of(struct sl_emit *e, const struct sl_operand *column, const struct sl_operand *text,
                          int64_t *code)
{
	const struct sl_column *c = column->column;

	for (uint32_t i = 0; i < c->nlabels; i++)
		if (strcmp(c->labels[i].text, text->text) == 0) {
			*code = i;
			return SL_OK;
		}
	if (c->has_other && strcmp(text->text, SL_LABEL_OTHER) == 0) {
		*code = c->nlabels;
		return SL_OK;
	}
	return no_label(e, column, text);
}

static enum sl_rc refuse_order(struct sl_emit *e, size_t at, const struct sl_operand *x)
{
	if (!x->column->has_other)
		return SL_OK;
	return sl_emit_fail(e, SL_E_INPUT, at, "name the labels: in ('…', '…')",
	                    "%s has values outside its domain, (other), which have no order", x->column->name);
}

static bool holds(enum sl_opcode op, int order)
{
	switch (op) {
	case SL_OP_LT:
		return order < 0;
	case SL_OP_LE:
		return order <= 0;
	case SL_OP_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

enum sl_rc sl_domain_set_emit(struct sl_emit *e, size_t at, uint32_t set, struct sl_operand *x)
{
	e->expr.sets[set].scale = x->type.scale;
	x->kind = SL_OPERAND_VALUE;
	x->type = (struct sl_input_type){.type = SL_TYPE_BOOLEAN};
	return sl_emit_op(e, at, (struct sl_op){.op = SL_OP_IN, .type = SL_TYPE_BOOLEAN, .arg = (uint16_t)set});
}

static enum sl_rc equality(struct sl_emit *e, uint32_t set, struct sl_operand *column, const struct sl_operand *text)
{
	int64_t code;
	enum sl_rc rc = code_of(e, column, text, &code);

	return rc == SL_OK ? set_insert(e, set, code) : rc;
}

enum sl_rc sl_domain_compare(struct sl_emit *e, enum sl_opcode op, size_t at, struct sl_operand *column,
                             const struct sl_operand *text)
{
	const struct sl_column *c = column->column;
	bool equal = op == SL_OP_EQ || op == SL_OP_NE;
	uint32_t set = 0;
	enum sl_rc rc = sl_domain_set_new(e, at, &set);

	if (rc == SL_OK)
		rc = equal ? equality(e, set, column, text) : refuse_order(e, at, column);
	for (uint32_t i = 0; rc == SL_OK && !equal && i < c->nlabels; i++)
		if (holds(op, strcmp(c->labels[i].text, text->text)))
			rc = set_insert(e, set, i);
	column->end = text->end > column->end ? text->end : column->end;
	if (rc == SL_OK)
		rc = sl_domain_set_emit(e, at, set, column);
	/* The complement includes (other) and leaves missing unknown, as <> does. */
	if (rc == SL_OK && op == SL_OP_NE)
		rc = sl_emit_operator(e, SL_OP_NOT, at, column, 1);
	return rc;
}

enum sl_rc sl_domain_between(struct sl_emit *e, size_t at, struct sl_operand *x, const struct sl_operand *lo,
                             const struct sl_operand *hi)
{
	const struct sl_column *c = x->column;
	uint32_t set = 0;
	enum sl_rc rc = refuse_order(e, at, x);

	if (rc == SL_OK)
		rc = sl_domain_set_new(e, at, &set);
	for (uint32_t i = 0; rc == SL_OK && i < c->nlabels; i++)
		if (strcmp(c->labels[i].text, lo->text) >= 0 && strcmp(c->labels[i].text, hi->text) <= 0)
			rc = set_insert(e, set, i);
	x->end = hi->end;
	return rc == SL_OK ? sl_domain_set_emit(e, at, set, x) : rc;
}

enum sl_rc sl_domain_set_add_text(struct sl_emit *e, uint32_t set, const struct sl_operand *x,
                                  const struct sl_operand *item)
{
	int64_t code;
	enum sl_rc rc = code_of(e, x, item, &code);

	return rc == SL_OK ? set_insert(e, set, code) : rc;
}

enum sl_rc sl_domain_set_add_number(struct sl_emit *e, uint32_t set, const struct sl_operand *x, size_t at,
                                    const struct sl_op *constant)
{
	bool numbers = x->type.type != SL_TYPE_DATE && constant->type != SL_TYPE_DATE;
	int64_t value, back;

	if (!numbers && x->type.type != constant->type)
		return sl_emit_fail(e, SL_E_INPUT, at, x->type.type == SL_TYPE_DATE ? "write date '2020-01-31'" : "write a number",
		                    "the list holds a %s and what is looked for is a %s", sl_type_name(constant->type),
		                    sl_type_name(x->type.type));
	if (!sl_rescale(constant->value, constant->scale, x->type.scale, &value) ||
	    !sl_rescale(value, x->type.scale, constant->scale, &back) || back != constant->value)
		return SL_OK;
	return set_insert(e, set, value);
}
