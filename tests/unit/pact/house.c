/* house.c - see house.h. */
#include "tests/unit/pact/house.h"

#include <string.h>

static char empty[] = "", person[] = "person", id[] = "id";
static char table_names[3][10] = { "s.visits", "s.people", "o.places" };
static char column_names[H_COLUMNS][8] = { "place", "sex", "age", "price", "day" };
static char labels_text[2][6] = { "north", "south" }, bands_text[3][6] = { "0-17", "18-39", "40+" };
static struct sl_label labels[2] = { { labels_text[0] }, { labels_text[1] } };
static char plan_names[8][8] = { "table1", "where", "band", "n", "total", "part", "each", "why" };

static void make_columns(struct sl_column c[static H_COLUMNS])
{
	static const uint8_t types[H_COLUMNS] = { SL_TYPE_TEXT, SL_TYPE_BOOLEAN, SL_TYPE_INTEGER, SL_TYPE_REAL, SL_TYPE_DATE };
	static struct sl_band bands[3];

	bands[0] = (struct sl_band){ 0, 17, bands_text[0] };
	bands[1] = (struct sl_band){ 18, 39, bands_text[1] };
	bands[2] = (struct sl_band){ 40, INT64_MAX, bands_text[2] };
	for (int i = 0; i < H_COLUMNS; i++)
		c[i] = (struct sl_column){ .name = column_names[i], .title = empty, .type = types[i], .uses = 7,
			.lo = INT64_MIN, .hi = INT64_MAX, .nullable = i != H_AGE };
	c[H_PLACE].has_domain = c[H_PLACE].has_other = c[H_PLACE].sensitive = 1;
	c[H_PLACE].labels = labels;
	c[H_PLACE].nlabels = 2;
	c[H_AGE].lo = 0;
	c[H_AGE].bands = bands;
	c[H_AGE].nbands = 3;
	c[H_PRICE].scale = 2;
}

static void make_plan(struct house *h)
{
	build_column(&h->sum, SL_TYPE_REAL, 2, H_PRICE);
	build_column(&h->share, SL_TYPE_BOOLEAN, 0, H_SEX);
	build_column(&h->where, SL_TYPE_BOOLEAN, 0, H_COLUMNS + H_SEX);
	build_column(&h->calc, SL_TYPE_REAL, 2, 1);
	build_column(&h->calc, SL_TYPE_INTEGER, 0, 0);
	build_op(&h->calc, SL_OP_DIV, SL_TYPE_REAL, 6, 0);
	for (uint16_t i = 0; i < 2 * H_COLUMNS; i++)
		h->inputs[i] = (struct sl_input){ .source = i / H_COLUMNS, .column = i % H_COLUMNS };
	h->sources[1].table = 1;
	h->keys[0] = (struct sl_key){ .name = plan_names[1], .input = H_PLACE, .description = empty };
	h->keys[1] = (struct sl_key){ .name = plan_names[2], .input = H_COLUMNS + H_AGE, .banded = 1, .description = empty };
	h->stats[0] = (struct sl_stat){ .name = plan_names[3], .fn = SL_STAT_UNITS, .description = empty };
	h->stats[1] = (struct sl_stat){ .name = plan_names[4], .fn = SL_STAT_SUM, .arg = h->sum.expr, .description = empty };
	h->stats[2] = (struct sl_stat){ .name = plan_names[5], .fn = SL_STAT_SHARE, .arg = h->share.expr,
		.description = empty };
	h->calcs[0] = (struct sl_calc){ .name = plan_names[6], .expr = h->calc.expr, .description = empty };
	h->order[0].column = 5;
	h->plan = (struct sl_plan){ .output = plan_names[0], .sources = h->sources, .nsources = 2, .inputs = h->inputs,
		.ninputs = 2 * H_COLUMNS, .where = h->where.expr, .keys = h->keys, .nkeys = 2, .stats = h->stats, .nstats = 3,
		.calcs = h->calcs, .ncalcs = 1, .order = h->order, .norder = 1, .line = 12, .purpose = empty };
}

void house_init(struct house *h)
{
	memset(h, 0, sizeof *h);
	for (int t = 0; t < 3; t++) {
		make_columns(h->columns[t]);
		h->tables[t] = (struct sl_table){ .name = table_names[t], .space = t < 2 ? person : empty,
			.unit_column = t < 2 ? id : empty, .one_row_per_unit = t == 1, .class_ = SL_CLASS_CONFIDENTIAL,
			.columns = h->columns[t], .ncolumns = H_COLUMNS };
	}
	h->tables[2].cells = h->cells;
	h->tables[2].ncells = 2 * H_COLUMNS;
	h->columns[0][H_PLACE].reference = 3;
	h->view = (struct sl_view){ .tables = h->tables, .ntables = 3 };
	make_plan(h);
}
