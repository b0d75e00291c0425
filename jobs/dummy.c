/* dummy.c - see dummy.h: rows drawn from a view, each column from a stream of its own. */
#include "jobs/dummy.h"

#include <string.h>

#include "enclave/base/num.h"
#include "policy/render_rows.h"

/* Of what may be missing, or outside its domain, one in so many is. */
#define ODDS_MISSING 20
#define ODDS_OTHER 20

/* Where the catalogue says no range: days of 1990 to 2019, numbers from 0 to 100. */
#define DAY_FROM 7305
#define DAY_TO 18261
#define NUMBER_TO 100
/* What YYYY-MM-DD can write. */
#define DAY_MIN (-719162)
#define DAY_MAX 2932896

/* splitmix64 (Steele, Lea, Flood 2014): nothing here is secret, only repeatable. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint64_t below(uint64_t *state, uint64_t n)
{
	return n == 0 ? next(state) : next(state) % n;
}

/* FNV-1a over the names: a column is drawn the same whichever others are granted. */
static uint64_t stream(uint64_t seed, const char *table, const char *column)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (const char *s = table; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 0x100000001b3u;
	h = (h ^ '/') * 0x100000001b3u;
	for (const char *s = column; *s != '\0'; s++)
		h = (h ^ (uint8_t)*s) * 0x100000001b3u;
	h ^= seed * 0x9e3779b97f4a7c15u;
	(void)next(&h);
	return h;
}

/* a + b, kept within what an int64 holds. */
static int64_t add(int64_t a, int64_t b)
{
	if (b > 0 && a > INT64_MAX - b)
		return INT64_MAX;
	return b < 0 && a < INT64_MIN - b ? INT64_MIN : a + b;
}

/* Ends that the bands say, a little beyond the outermost where those are open. INT64_MIN, INT64_MAX: they say none. */
static void range_of_bands(const struct sl_column *c, int64_t *lo, int64_t *hi)
{
	const struct sl_band *first = &c->bands[0], *last = &c->bands[c->nbands - 1];
	int64_t from = first->lo != INT64_MIN ? first->lo : first->hi, to = last->hi != INT64_MAX ? last->hi : last->lo;

	*lo = INT64_MIN;
	*hi = INT64_MAX;
	if (from == INT64_MAX || to == INT64_MIN || from > to)
		return;
	int64_t beyond = (int64_t)(((uint64_t)to - (uint64_t)from) / 4) + 1;
	*lo = first->lo != INT64_MIN ? from : add(from, -beyond);
	*hi = last->hi != INT64_MAX ? to : add(to, beyond);
}

static void range_of(const struct sl_column *c, int64_t *lo, int64_t *hi)
{
	bool date = c->type == SL_TYPE_DATE;
	int64_t from = date ? DAY_FROM : 0, to = date ? DAY_TO : NUMBER_TO;
	int64_t band_lo = INT64_MIN, band_hi = INT64_MAX;

	for (int i = 0; i < c->scale; i++)
		to *= 10;
	if (c->nbands > 0)
		range_of_bands(c, &band_lo, &band_hi);
	*lo = c->lo != INT64_MIN ? c->lo : band_lo;
	*hi = c->hi != INT64_MAX ? c->hi : band_hi;
	if (*lo == INT64_MIN && *hi == INT64_MAX) {
		*lo = from;
		*hi = to;
	} else if (*lo == INT64_MIN) {
		*lo = *hi < to ? add(*hi, from - to) : from;
	} else if (*hi == INT64_MAX) {
		*hi = *lo > from ? add(*lo, to - from) : to;
	}
	if (date && *lo < DAY_MIN)
		*lo = DAY_MIN;
	if (date && *hi > DAY_MAX)
		*hi = DAY_MAX;
	if (*lo > *hi)
		*lo = *hi = c->lo != INT64_MIN ? c->lo : *hi;
}

/* Earlier words of a domain come more often than later ones, so that small cells occur. */
static int64_t draw_code(const struct sl_column *c, uint64_t *state)
{
	if (c->has_other && (c->nlabels == 0 || below(state, ODDS_OTHER) == 0))
		return c->nlabels;
	uint64_t a = below(state, c->nlabels), b = below(state, c->nlabels);

	return (int64_t)(a < b ? a : b);
}

static struct sl_reference_cell draw(const struct sl_column *c, uint64_t *state)
{
	struct sl_reference_cell cell = { 0 };
	int64_t lo, hi;

	if (c->nullable && below(state, ODDS_MISSING) == 0) {
		cell.missing = 1;
	} else if (c->type == SL_TYPE_TEXT) {
		cell.value = draw_code(c, state);
	} else if (c->type == SL_TYPE_BOOLEAN) {
		cell.value = (int64_t)below(state, 2);
	} else {
		range_of(c, &lo, &hi);
		cell.value = (int64_t)((uint64_t)lo + below(state, (uint64_t)hi - (uint64_t)lo + 1));
	}
	return cell;
}

/* The column whose domain are the keys of a reference table: its labels are those of the table's rows. */
static const struct sl_column *keys_of(const struct sl_view *view, uint32_t table)
{
	for (uint32_t t = 0; t < view->ntables; t++)
		for (uint32_t c = 0; c < view->tables[t].ncolumns; c++)
			if (view->tables[t].columns[c].reference == table + 1)
				return &view->tables[t].columns[c];
	return NULL;
}

void sl_dummy_attributes(struct sl_view *view, uint64_t seed)
{
	for (uint32_t i = 0; i < view->ntables; i++) {
		struct sl_table *t = &view->tables[i];
		for (uint32_t c = 0; c < t->ncolumns && t->ncells > 0; c++) {
			uint64_t state = stream(seed, t->name, t->columns[c].name);
			for (uint32_t at = c; at < t->ncells; at += t->ncolumns)
				t->cells[at] = draw(&t->columns[c], &state);
		}
	}
}

static void put_cell(struct sl_buf *out, const struct sl_column *c, const struct sl_reference_cell *cell,
                     enum sl_dummy_texts texts)
{
	char text[SL_DECIMAL_TEXT] = "";
	const char *word = text;

	if (cell->missing)
		word = "";
	else if (c->type == SL_TYPE_BOOLEAN)
		word = c->has_domain && texts == SL_DUMMY_LABELS ? c->labels[cell->value].text : cell->value ? "true" : "false";
	else if (c->type == SL_TYPE_DATE)
		(void)sl_format_date(cell->value, text);
	else if (c->type != SL_TYPE_TEXT || texts == SL_DUMMY_CODED)
		(void)sl_format_decimal(cell->value, c->scale, text);
	else
		word = cell->value < (int64_t)c->nlabels ? c->labels[cell->value].text : SL_LABEL_OTHER;
	sl_render_field(out, false, word);
}

static enum sl_rc put_reference(const struct sl_view *view, uint32_t table, enum sl_dummy_texts texts,
                                struct sl_buf *out, struct sl_err *err)
{
	const struct sl_table *t = &view->tables[table];
	const struct sl_column *keys = keys_of(view, table);

	if (keys == NULL) {
		enum sl_rc rc = sl_err_set(err, SL_E_NO, "no column is granted whose domain is %s", t->name);
		sl_err_remedy(err, "ask an officer to grant the column whose values it explains");
		return rc;
	}
	for (uint32_t r = 0; r < keys->nlabels; r++) {
		sl_render_field(out, true, keys->labels[r].text);
		for (uint32_t c = 0; c < t->ncolumns; c++)
			put_cell(out, &t->columns[c], &t->cells[(size_t)r * t->ncolumns + c], texts);
		sl_buf_text(out, "\n");
	}
	return SL_OK;
}

static void put_rows(const struct sl_table *t, const struct sl_dummy_size *size, enum sl_dummy_texts texts,
                     struct sl_buf *out)
{
	uint64_t states[SL_COLUMNS_MAX], unit_state = stream(size->seed, t->name, "");
	uint32_t nrows = t->one_row_per_unit ? size->units : size->rows;

	for (uint32_t c = 0; c < t->ncolumns; c++)
		states[c] = stream(size->seed, t->name, t->columns[c].name);
	for (uint32_t r = 0; r < nrows; r++) {
		uint64_t unit = t->one_row_per_unit ? r : below(&unit_state, size->units);

		sl_buf_printf(out, "DUMMY-%llu", (unsigned long long)unit + 1);
		for (uint32_t c = 0; c < t->ncolumns; c++) {
			struct sl_reference_cell cell = draw(&t->columns[c], &states[c]);
			put_cell(out, &t->columns[c], &cell, texts);
		}
		sl_buf_text(out, "\n");
	}
}

enum sl_rc sl_dummy_csv(const struct sl_view *view, uint32_t table, const struct sl_dummy_size *size,
                        enum sl_dummy_texts texts, const char *first, struct sl_buf *out, struct sl_err *err)
{
	const struct sl_table *t = &view->tables[table];
	enum sl_rc rc = SL_OK;

	if (size->units == 0 || size->units > SL_DUMMY_UNITS_MAX || size->rows == 0 || size->rows > SL_DUMMY_ROWS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "dummy tables have 1 to %d units and 1 to %d rows", SL_DUMMY_UNITS_MAX,
		                  SL_DUMMY_ROWS_MAX);
	sl_render_field(out, true, first);
	for (uint32_t c = 0; c < t->ncolumns; c++)
		sl_render_field(out, false, t->columns[c].name);
	sl_buf_text(out, "\n");
	if (t->space[0] == '\0')
		rc = put_reference(view, table, texts, out, err);
	else
		put_rows(t, size, texts, out);
	return rc == SL_OK ? sl_buf_ok(out, "a dummy table", err) : rc;
}
