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

/* In any order and with doubles until the set is emitted; room grows when the count is a power of two. */
static enum sl_rc set_add(struct sl_emit *e, uint32_t set, int64_t value)
{
	struct sl_set *s = &e->expr.sets[set];

	if (s->nitems >= SL_EXPR_SET_ITEMS_MAX)
		return sl_emit_fail(e, SL_E_LIMIT, 0, "split it: x in (…) or x in (…)", "a comparison covers more than %d values",
		                    SL_EXPR_SET_ITEMS_MAX);
	if ((s->nitems & (s->nitems - 1)) == 0) {
		size_t room = s->nitems == 0 ? 1 : 2 * (size_t)s->nitems;
		struct sl_set_item *items = realloc(s->items, room * sizeof *items);
		if (items == NULL)
			return sl_err_set(e->err, SL_E_NOMEM, "out of memory");
		s->items = items;
	}
	s->items[s->nitems++].value = value;
	return SL_OK;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = ((const struct sl_set_item *)a)->value, y = ((const struct sl_set_item *)b)->value;

	return x < y ? -1 : x > y;
}

static void set_order(struct sl_set *s)
{
	uint32_t n = 0;

	if (s->nitems == 0)
		return;
	qsort(s->items, s->nitems, sizeof s->items[0], by_value);
	for (uint32_t i = 1; i < s->nitems; i++)
		if (s->items[i].value != s->items[n].value)
			s->items[++n] = s->items[i];
	s->nitems = n + 1;
}

static char shaped(enum sl_form form, char c)
{
	if (form == SL_FORM_LOWER && c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if (form == SL_FORM_UPPER && c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c;
}

/* Bytes of a label, as x reads it, against a text. */
static int order_of(enum sl_form form, const char *label, const char *text)
{
	for (; *label != '\0' && shaped(form, *label) == *text; label++)
		text++;
	unsigned char a = (unsigned char)shaped(form, *label), b = (unsigned char)*text;
	return a < b ? -1 : a > b;
}

static enum sl_rc no_label(struct sl_emit *e, const struct sl_operand *x, const struct sl_domain_text *text)
{
	static const char *const how[] = {
		[SL_FORM_PLAIN] = "", [SL_FORM_LOWER] = " in lower case", [SL_FORM_UPPER] = " in upper case"};
	const struct sl_column *c = x->column;
	const char **names = malloc((c->nlabels + 1) * sizeof *names);
	int near = -1;

	if (names == NULL)
		return sl_err_set(e->err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < c->nlabels; i++)
		names[i] = c->labels[i].text;
	near = sl_text_near(text->text, names, c->nlabels);
	sl_emit_fail(e, SL_E_INPUT, text->at, NULL, "'%.60s' is not in the domain of %s%s", text->text, c->name, how[x->form]);
	if (near >= 0)
		sl_err_remedy(e->err, "%s'%s'%s", x->form == SL_FORM_PLAIN ? "did you mean " : "there is ", names[near],
		              x->form == SL_FORM_PLAIN ? "?" : "");
	else if (strcmp(text->text, SL_LABEL_MISSING) == 0)
		sl_err_remedy(e->err, "write %s is missing", c->name);
	else if (c->nlabels > 0)
		sl_err_remedy(e->err, "its first label is '%s'", names[0]);
	free(names);
	return SL_E_INPUT;
}

enum sl_rc sl_domain_texts_add(struct sl_emit *e, struct sl_domain_texts *t, const char *text, size_t at)
{
	if (t->n >= SL_EXPR_SET_ITEMS_MAX)
		return sl_emit_fail(e, SL_E_LIMIT, at, "split it: x in (…) or x in (…)", "a list has more than %d texts",
		                    SL_EXPR_SET_ITEMS_MAX);
	if ((t->n & (t->n - 1)) == 0) {
		struct sl_domain_text *items = realloc(t->items, (t->n == 0 ? 1 : 2 * (size_t)t->n) * sizeof *items);
		if (items == NULL)
			return sl_err_set(e->err, SL_E_NOMEM, "out of memory");
		t->items = items;
	}
	t->items[t->n++] = (struct sl_domain_text){.text = text, .at = at};
	return SL_OK;
}

static int by_text(const void *a, const void *b)
{
	const struct sl_domain_text *x = a, *y = b;
	int c = strcmp(x->text, y->text);

	return c != 0 ? c : x->at < y->at ? -1 : x->at > y->at;
}

static void texts_order(struct sl_domain_texts *t)
{
	uint32_t n = 0;

	if (t->n == 0)
		return;
	qsort(t->items, t->n, sizeof t->items[0], by_text);
	for (uint32_t i = 1; i < t->n; i++)
		if (strcmp(t->items[i].text, t->items[n].text) != 0)
			t->items[++n] = t->items[i];
	t->n = n + 1;
}

static struct sl_domain_text *text_of(const struct sl_domain_texts *t, enum sl_form form, const char *label)
{
	uint32_t lo = 0, hi = t->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (order_of(form, label, t->items[mid].text) > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < t->n && order_of(form, label, t->items[lo].text) == 0 ? &t->items[lo] : NULL;
}

/* "(other)" has a code where the column does; lower and upper say nothing about the values behind it. */
enum sl_rc sl_domain_texts_find(struct sl_emit *e, struct sl_domain_texts *t, uint32_t set, const struct sl_operand *x)
{
	const struct sl_column *c = x->column;
	const struct sl_domain_text *lost = NULL;
	enum sl_rc rc = SL_OK;

	if (t->n == 0)
		return SL_OK;
	texts_order(t);
	for (uint32_t i = 0; i < c->nlabels + (c->has_other && x->form == SL_FORM_PLAIN) && rc == SL_OK; i++) {
		struct sl_domain_text *text = text_of(t, x->form, i < c->nlabels ? c->labels[i].text : SL_LABEL_OTHER);
		if (text == NULL)
			continue;
		text->found = true;
		rc = set_add(e, set, i);
	}
	for (uint32_t i = 0; i < t->n; i++)
		if (!t->items[i].found && (lost == NULL || t->items[i].at < lost->at))
			lost = &t->items[i];
	return rc == SL_OK && lost != NULL ? no_label(e, x, lost) : rc;
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
	set_order(&e->expr.sets[set]);
	e->expr.sets[set].scale = x->type.scale;
	x->kind = SL_OPERAND_VALUE;
	x->form = SL_FORM_PLAIN;
	x->type = (struct sl_input_type){.type = SL_TYPE_BOOLEAN};
	return sl_emit_op(e, at, (struct sl_op){.op = SL_OP_IN, .type = SL_TYPE_BOOLEAN, .arg = (uint16_t)set});
}

static enum sl_rc equality(struct sl_emit *e, uint32_t set, struct sl_operand *column, const struct sl_operand *text)
{
	struct sl_domain_text item = {.text = text->text, .at = text->at};
	struct sl_domain_texts one = {.items = &item, .n = 1};

	return sl_domain_texts_find(e, &one, set, column);
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
		if (holds(op, order_of(column->form, c->labels[i].text, text->text)))
			rc = set_add(e, set, i);
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
		if (order_of(x->form, c->labels[i].text, lo->text) >= 0 && order_of(x->form, c->labels[i].text, hi->text) <= 0)
			rc = set_add(e, set, i);
	x->end = hi->end;
	return rc == SL_OK ? sl_domain_set_emit(e, at, set, x) : rc;
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
	return set_add(e, set, value);
}

/* The bytes of one character. */
static size_t character_bytes(const char *s)
{
	size_t n = 1;

	while (*s != '\0' && ((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* % any characters, _ one. Only the last % can take more, so one place to come back to is enough. */
static bool is_like(enum sl_form form, const char *label, const char *pattern)
{
	const char *back = NULL, *from = NULL;

	while (*label != '\0') {
		if (*pattern == '%') {
			back = ++pattern;
			from = label;
		} else if (*pattern == '_') {
			pattern++;
			label += character_bytes(label);
		} else if (*pattern == shaped(form, *label)) {
			pattern++;
			label++;
		} else if (back != NULL) {
			pattern = back;
			from += character_bytes(from);
			label = from;
		} else {
			return false;
		}
	}
	while (*pattern == '%')
		pattern++;
	return *pattern == '\0';
}

static bool begins(enum sl_form form, const char *label, const char *text)
{
	while (*text != '\0' && shaped(form, *label) == *text) {
		label++;
		text++;
	}
	return *text == '\0';
}

static bool matches(enum sl_match how, enum sl_form form, const char *label, const char *text)
{
	size_t n = strlen(label), m = strlen(text);

	if (how == SL_MATCH_LIKE)
		return is_like(form, label, text);
	if (how == SL_MATCH_START)
		return begins(form, label, text);
	if (how == SL_MATCH_END)
		return m <= n && begins(form, label + n - m, text);
	for (size_t i = 0; i + m <= n; i++)
		if (begins(form, label + i, text))
			return true;
	return false;
}

enum sl_rc sl_domain_match(struct sl_emit *e, enum sl_match how, size_t at, struct sl_operand *x,
                           const struct sl_operand *text)
{
	uint32_t set = 0;
	enum sl_rc rc = SL_OK;

	if (x->kind != SL_OPERAND_COLUMN)
		rc = sl_emit_fail(e, SL_E_INPUT, x->at, NULL, "like wants a text column");
	else if (text->kind != SL_OPERAND_TEXT && text->kind != SL_OPERAND_PARAM)
		rc = sl_emit_fail(e, SL_E_INPUT, text->at, "write it in single quotes", "a text is matched with a text");
	else if (strlen(text->text) > SL_TITLE_BYTES)
		rc = sl_emit_fail(e, SL_E_LIMIT, text->at, NULL, "the text has more than %d bytes, no label has", SL_TITLE_BYTES);
	if (rc == SL_OK)
		rc = sl_domain_set_new(e, at, &set);
	for (uint32_t i = 0; rc == SL_OK && i < x->column->nlabels; i++)
		if (matches(how, x->form, x->column->labels[i].text, text->text))
			rc = set_add(e, set, i);
	if (rc == SL_OK && text->end > x->end)
		x->end = text->end;
	return rc == SL_OK ? sl_domain_set_emit(e, at, set, x) : rc;
}

static uint32_t characters(const char *s)
{
	uint32_t n = 0;

	for (; *s != '\0'; s += character_bytes(s))
		n++;
	return n;
}

/* when x in (labels of this length) then length. */
static enum sl_rc length_branch(struct sl_emit *e, size_t at, const struct sl_op *column, const struct sl_operand *x,
                                uint32_t length)
{
	struct sl_operand condition = *x;
	uint32_t set = 0;
	enum sl_rc rc = sl_emit_op(e, at, *column);

	if (rc == SL_OK)
		rc = sl_domain_set_new(e, at, &set);
	for (uint32_t i = 0; rc == SL_OK && i < x->column->nlabels; i++)
		if (characters(x->column->labels[i].text) == length)
			rc = set_add(e, set, i);
	if (rc == SL_OK)
		rc = sl_domain_set_emit(e, at, set, &condition);
	if (rc == SL_OK)
		rc = sl_emit_op(e, at, (struct sl_op){.op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = length});
	return rc;
}

/* 1 div 0: there is no constant for missing. */
static enum sl_rc emit_missing(struct sl_emit *e, size_t at)
{
	enum sl_rc rc = SL_OK;

	for (int64_t value = 1; value >= 0 && rc == SL_OK; value--)
		rc = sl_emit_op(e, at, (struct sl_op){.op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = value});
	return rc == SL_OK ? sl_emit_op(e, at, (struct sl_op){.op = SL_OP_IDIV, .type = SL_TYPE_INTEGER}) : rc;
}

enum sl_rc sl_domain_length(struct sl_emit *e, size_t at, struct sl_operand *x)
{
	const struct sl_op column = e->expr.ops[e->expr.nops - 1];
	bool lengths[SL_TITLE_BYTES + 1] = {false};
	uint16_t n = 0;
	enum sl_rc rc = SL_OK;

	e->expr.nops--;
	for (uint32_t i = 0; i < x->column->nlabels; i++)
		lengths[characters(x->column->labels[i].text)] = true;
	for (uint32_t length = 0; length <= SL_TITLE_BYTES && rc == SL_OK; length++)
		if (lengths[length]) {
			rc = length_branch(e, at, &column, x, length);
			n++;
		}
	if (rc == SL_OK)
		rc = emit_missing(e, at);
	x->kind = SL_OPERAND_VALUE;
	x->form = SL_FORM_PLAIN;
	x->type = (struct sl_input_type){.type = SL_TYPE_INTEGER};
	return rc == SL_OK ? sl_emit_op(e, at, (struct sl_op){.op = SL_OP_CASE, .type = SL_TYPE_INTEGER, .arg = n}) : rc;
}
