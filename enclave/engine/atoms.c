/* atoms.c - see atoms.h: which sets each unit is in. How many are in the same ones, atom_table.c counts. */
#include "enclave/engine/atoms.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/alike.h"
#include "enclave/engine/atom_table.h"

/* One output while its units are walked. */
struct walker {
	struct sl_cursor at;
	int64_t unit;         /* the next one; INT64_MAX: none is left */
	uint64_t left;        /* units behind it */
	uint32_t first_set;   /* of the output, over all */
	uint32_t nprints;     /* of a row */
	bool one_row;
	const struct sl_members_print *prints; /* their columns; NULL: they are passed over */
	uint32_t alike[SL_PRINTS_MAX]; /* per print: which column of those whose rows are compared; NO_COLUMN */
};
#define NO_COLUMN UINT32_MAX

/* A set that a row of the present unit is in. */
struct entry {
	uint32_t rows_of;
	uint32_t set;
	uint64_t row;         /* its place; one_row: 0 */
};

/* What the present unit has in a set, of one column: prints of its rows there, added up, for their order is none. */
struct content {
	uint32_t set, number;     /* number: the output's print */
	uint32_t column;
	bool earlier, renewed;    /* renewed: of an earlier output, which read another version than the request */
	bool one_row;
	uint16_t print;
};

/* Entries of one row; later those of rows that are in the same sets. */
struct run {
	uint32_t first, n;
};

struct making {
	const struct sl_members *members;
	struct sl_atoms_packed *out;
	struct walker *walkers;
	struct entry *entries;    /* of the present unit */
	uint32_t nentries, entries_cap;
	struct run *runs;         /* as much room as entries */
	uint32_t nruns;
	struct sl_atom_place *places; /* the same as an atom's, */
	uint8_t *packed;              /* and packed */
	uint32_t nplaces;
	struct sl_atom_table table;
	bool has_rows;            /* of some output: several rows per unit */
	uint32_t nearlier;
	struct content *contents; /* of the present unit, by set and number once they are added up */
	uint32_t ncontents, contents_cap;
	uint32_t *columns;        /* per place of the present unit: what has changed there; as much room as entries */
	bool alikes;              /* rows are compared by what they have of a column */
	struct sl_alike_table alike;
};

static enum sl_rc damaged(struct sl_err *err)
{
	return sl_err_set(err, SL_E_INTEGRITY, "the units of an output are not what was sealed");
}

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to compare units");
}

/* To the next unit of an output. */
static enum sl_rc step(struct walker *w, struct sl_err *err)
{
	if (w->left == 0) {
		w->unit = INT64_MAX;
		return sl_cursor_left(&w->at) == 0 ? SL_OK : damaged(err);
	}
	uint64_t by = sl_varint_get(&w->at);
	bool first = w->unit < 0;
	if (w->at.failed || (!first && by == 0) || by > UINT32_MAX || (first ? 0 : w->unit) + (int64_t)by >= UINT32_MAX)
		return damaged(err);
	w->unit = (first ? 0 : w->unit) + (int64_t)by;
	w->left--;
	return SL_OK;
}

static enum sl_rc grow_entries(struct making *m, struct sl_err *err)
{
	uint32_t cap = m->entries_cap == 0 ? 256 : m->entries_cap * 2;
	struct entry *e = realloc(m->entries, cap * sizeof *e);

	if (e == NULL)
		return no_memory(err);
	m->entries = e;
	struct sl_atom_place *p = realloc(m->places, cap * sizeof *p);
	if (p == NULL)
		return no_memory(err);
	m->places = p;
	uint8_t *packed = realloc(m->packed, (size_t)cap * SL_ATOM_PLACE_BYTES_MAX);
	if (packed == NULL)
		return no_memory(err);
	m->packed = packed;
	struct run *r = realloc(m->runs, cap * sizeof *r);
	if (r == NULL)
		return no_memory(err);
	m->runs = r;
	uint32_t *c = realloc(m->columns, cap * sizeof *c);
	if (c == NULL)
		return no_memory(err);
	m->columns = c;
	m->entries_cap = cap;
	return SL_OK;
}

static enum sl_rc add_content(struct making *m, const struct content *c, struct sl_err *err)
{
	if (m->ncontents == m->contents_cap) {
		uint32_t cap = m->contents_cap == 0 ? 256 : m->contents_cap * 2;
		struct content *more = realloc(m->contents, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		m->contents = more;
		m->contents_cap = cap;
	}
	m->contents[m->ncontents++] = *c;
	return SL_OK;
}

/* A row of the present unit, in the sets of the last n entries: where those lie that have as much. */
static enum sl_rc add_alike(struct making *m, uint32_t column, uint16_t print, uint32_t n, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t e = m->nentries - n; e < m->nentries && rc == SL_OK; e++)
		rc = sl_alike_table_add(&m->alike, &(struct sl_alike_row){ column, m->entries[e].set, print }, err);
	return rc;
}

/* The prints of a row, in each of its sets: the last n entries. */
static enum sl_rc take_prints(struct making *m, uint32_t i, uint32_t n, struct sl_err *err)
{
	struct walker *w = &m->walkers[i];
	bool meant = w->prints != NULL && (i >= m->nearlier || w->prints->renewed != 0 || w->one_row);
	enum sl_rc rc = SL_OK;

	for (uint32_t k = 0; k < w->nprints && rc == SL_OK; k++) {
		uint16_t print = sl_cursor_u16(&w->at);
		if (m->alikes && w->prints != NULL && w->alike[k] != NO_COLUMN)
			rc = add_alike(m, w->alike[k], print, n, err);
		for (uint32_t e = m->nentries - n; meant && e < m->nentries && rc == SL_OK; e++) {
			struct content c = { .set = m->entries[e].set, .number = k, .column = w->prints[k].column,
				             .earlier = i < m->nearlier, .renewed = w->prints[k].renewed != 0,
				             .one_row = w->one_row, .print = print };
			rc = add_content(m, &c, err);
		}
	}
	return rc == SL_OK && w->at.failed ? damaged(err) : rc;
}

/* The sets that one row of the present unit of output i is in. */
static enum sl_rc take_row(struct making *m, uint32_t i, uint64_t row, struct sl_err *err)
{
	struct walker *w = &m->walkers[i];
	uint32_t nsets = m->members[i].nsets;
	uint64_t n = sl_varint_get(&w->at), set = 0;

	if (w->at.failed || n == 0 || n > nsets)
		return damaged(err);
	for (uint64_t k = 0; k < n; k++) {
		uint64_t by = sl_varint_get(&w->at);
		if (w->at.failed || (k > 0 && by == 0) || by >= nsets || set + by >= nsets)
			return damaged(err);
		set += by;
		if (m->nentries == m->entries_cap) {
			enum sl_rc rc = grow_entries(m, err);
			if (rc != SL_OK)
				return rc;
		}
		m->entries[m->nentries++] = (struct entry){ .rows_of = m->out->outputs[i].rows_of, .row = row,
			                                    .set = w->first_set + (uint32_t)set };
	}
	return w->nprints > 0 ? take_prints(m, i, (uint32_t)n, err) : SL_OK;
}

static enum sl_rc take_rows(struct making *m, uint32_t i, struct sl_err *err)
{
	struct walker *w = &m->walkers[i];
	bool one_row = m->members[i].one_row != 0;
	uint64_t n = one_row ? 1 : sl_varint_get(&w->at), row = 0;
	enum sl_rc rc = SL_OK;

	if (w->at.failed || n == 0)
		return damaged(err);
	for (uint64_t k = 0; k < n && rc == SL_OK; k++) {
		uint64_t by = one_row ? 0 : sl_varint_get(&w->at);
		if (w->at.failed || (k > 0 && by == 0) || by > UINT32_MAX || row + by > UINT32_MAX)
			return damaged(err);
		row += by;
		rc = take_row(m, i, row, err);
	}
	return rc;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->rows_of != y->rows_of)
		return x->rows_of < y->rows_of ? -1 : 1;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return (x->set > y->set) - (x->set < y->set);
}

/* By table, then by the sets: rows that are in the same sets are equal, whatever their places. */
static int compare_runs(const void *a, const void *b, void *arg)
{
	const struct entry *x = (const struct entry *)arg + ((const struct run *)a)->first;
	const struct entry *y = (const struct entry *)arg + ((const struct run *)b)->first;
	uint32_t nx = ((const struct run *)a)->n, ny = ((const struct run *)b)->n;

	if (x->rows_of != y->rows_of)
		return x->rows_of < y->rows_of ? -1 : 1;
	for (uint32_t i = 0; i < nx && i < ny; i++)
		if (x[i].set != y[i].set)
			return x[i].set < y[i].set ? -1 : 1;
	return (nx > ny) - (nx < ny);
}

/* With one row per unit everywhere they are one group, in order. */
static void take_one_row(struct making *m)
{
	m->nplaces = m->nentries;
	for (uint32_t i = 0; i < m->nentries; i++)
		m->places[i] = (struct sl_atom_place){ m->entries[i].set, 0 };
}

/* The present unit's entries as an atom's places. */
static void group_rows(struct making *m)
{
	uint32_t group = 0;

	qsort(m->entries, m->nentries, sizeof *m->entries, compare_entries);
	m->nruns = m->nplaces = 0;
	for (uint32_t i = 0; i < m->nentries; i++) {
		const struct entry *e = &m->entries[i];
		if (i > 0 && e->rows_of == e[-1].rows_of && e->row == e[-1].row)
			m->runs[m->nruns - 1].n++;
		else
			m->runs[m->nruns++] = (struct run){ i, 1 };
	}
	if (m->nruns > 1)
		qsort_r(m->runs, m->nruns, sizeof *m->runs, compare_runs, m->entries);
	for (uint32_t r = 0; r < m->nruns; r++) {
		if (r > 0 && compare_runs(&m->runs[r - 1], &m->runs[r], m->entries) == 0)
			continue;
		for (uint32_t i = 0; i < m->runs[r].n; i++)
			m->places[m->nplaces++] = (struct sl_atom_place){ m->entries[m->runs[r].first + i].set, group };
		group++;
	}
}

static int compare_contents(const void *a, const void *b)
{
	const struct content *x = a, *y = b;

	if (x->set != y->set)
		return x->set < y->set ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

static void add_up_contents(struct making *m)
{
	uint32_t kept = 0;

	if (m->ncontents > 0)
		qsort(m->contents, m->ncontents, sizeof *m->contents, compare_contents);
	for (uint32_t i = 0; i < m->ncontents; i++) {
		if (kept > 0 && compare_contents(&m->contents[kept - 1], &m->contents[i]) == 0)
			m->contents[kept - 1].print = (uint16_t)(m->contents[kept - 1].print + m->contents[i].print);
		else
			m->contents[kept++] = m->contents[i];
	}
	m->ncontents = kept;
}

/*
 * Whether some set of the request tells the column of the unit, and none as this earlier one does. Of its one row there
 * is one thing to tell: where the request does not, the last output does that read the request's version, or else any.
 */
static bool has_changed(const struct making *m, const struct content *then)
{
	const struct content *last = NULL;
	bool told = false;

	for (uint32_t i = m->ncontents; i-- > 0 && (!m->contents[i].earlier || (then->one_row && !told));) {
		const struct content *c = &m->contents[i];
		if (c->column != then->column || (then->one_row && !c->one_row))
			continue;
		if (c->earlier && c->renewed) {
			last = last != NULL ? last : c;
			continue;
		}
		if (c->print == then->print)
			return false;
		told = true;
	}
	return told || (last != NULL && last->print != then->print);
}

/* The request's sets come last, so that theirs are the last contents. */
static void note_changes(struct making *m)
{
	memset(m->columns, 0, m->nplaces * sizeof *m->columns);
	add_up_contents(m);
	for (uint32_t i = 0; i < m->ncontents && m->contents[i].earlier; i++) {
		if (!m->contents[i].renewed || !has_changed(m, &m->contents[i]))
			continue;
		for (uint32_t p = 0; p < m->nplaces; p++)
			if (m->places[p].set == m->contents[i].set)
				m->columns[p] |= UINT32_C(1) << m->contents[i].number;
	}
}

/* The present unit is one more of its kind. */
static enum sl_rc count_unit(struct making *m, struct sl_err *err)
{
	if (m->has_rows)
		group_rows(m);
	else
		take_one_row(m);
	if (m->table.compares)
		note_changes(m);
	enum sl_rc rc = sl_alike_table_count(&m->alike, err);
	if (rc != SL_OK)
		return rc;
	struct sl_atom_unit unit = { .packed = m->packed, .columns = m->columns, .nplaces = m->nplaces,
		                     .npacked = (uint32_t)sl_atom_pack(m->places, m->nplaces, m->packed) };
	return sl_atom_table_count(&m->table, &unit, err);
}

/* Rows of one segment have one number, from 1 on; 0 is one row per unit, the same in all outputs. */
static uint32_t rows_number(const struct making *m, uint32_t i)
{
	uint32_t largest = 0;

	if (m->members[i].one_row)
		return 0;
	for (uint32_t j = 0; j < i; j++) {
		const struct sl_members *other = &m->members[j];
		if (!other->one_row && memcmp(other->rows_of, m->members[i].rows_of, sizeof other->rows_of) == 0)
			return m->out->outputs[j].rows_of;
		largest = m->out->outputs[j].rows_of > largest ? m->out->outputs[j].rows_of : largest;
	}
	return largest + 1;
}

static enum sl_rc open_walkers(struct making *m, uint32_t n, struct sl_err *err)
{
	uint64_t nsets = 0;
	enum sl_rc rc = SL_OK;

	m->walkers = calloc((size_t)n + 1, sizeof *m->walkers);
	m->out->outputs = calloc((size_t)n + 1, sizeof *m->out->outputs);
	if (m->walkers == NULL || m->out->outputs == NULL)
		return no_memory(err);
	m->out->noutputs = n;
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		const struct sl_members *from = &m->members[i];
		m->out->outputs[i] = (struct sl_atoms_output){ from->nsets, rows_number(m, i) };
		m->has_rows = m->has_rows || m->out->outputs[i].rows_of != 0;
		m->walkers[i] = (struct walker){ .at = sl_cursor_over(from->units, from->nunits_bytes), .unit = -1,
			                         .left = from->nunits, .first_set = (uint32_t)nsets,
			                         .nprints = from->nprints, .one_row = from->one_row != 0 };
		nsets += from->nsets;
		if (nsets > SL_SETS_MAX)
			return sl_err_set(err, SL_E_LIMIT, "more than %u sets of units to compare", SL_SETS_MAX);
		rc = step(&m->walkers[i], err);
	}
	return rc;
}

static enum sl_rc walk(struct making *m, uint32_t n, struct sl_err *err)
{
	for (;;) {
		int64_t unit = INT64_MAX;
		for (uint32_t i = 0; i < n; i++)
			unit = m->walkers[i].unit < unit ? m->walkers[i].unit : unit;
		if (unit == INT64_MAX)
			return SL_OK;
		m->nentries = m->ncontents = 0;
		for (uint32_t i = 0; i < n; i++) {
			if (m->walkers[i].unit != unit)
				continue;
			enum sl_rc rc = take_rows(m, i, err);
			if (rc == SL_OK)
				rc = step(&m->walkers[i], err);
			if (rc != SL_OK)
				return rc;
		}
		enum sl_rc rc = count_unit(m, err);
		if (rc != SL_OK)
			return rc;
	}
}

/* Which columns the prints of each output are of. Where they are not as many as its rows have, nothing is known. */
static void place_prints(struct making *m, const struct sl_atoms_prints *p, uint32_t n)
{
	m->table.compares = p != NULL && p->nprints > 0;
	m->nearlier = p != NULL ? p->nearlier : 0;
	for (uint32_t first = 0, k; m->table.compares && first < p->nprints; first += k) {
		uint32_t output = p->prints[first].output;
		for (k = 1; first + k < p->nprints && p->prints[first + k].output == output; k++)
			;
		if (output < n && m->walkers[output].nprints == k)
			m->walkers[output].prints = &p->prints[first];
	}
}

/* The number of a column of which rows are compared; NO_COLUMN: it is none of those. */
static enum sl_rc alike_of(struct making *m, uint32_t output, uint32_t print, bool add, uint32_t *number,
                           struct sl_err *err)
{
	struct sl_atoms_packed *out = m->out;
	uint32_t column = m->walkers[output].prints[print].column, n = out->nalike_columns;

	for (*number = 0; *number < n; ++*number) {
		const struct sl_alike_column *known = &out->alike_columns[*number];
		if (m->walkers[known->output].prints[known->print].column == column)
			return SL_OK;
	}
	*number = NO_COLUMN;
	if (!add || n == SL_ALIKE_COLUMNS_MAX)
		return SL_OK;
	struct sl_alike_column *more = realloc(out->alike_columns, (n + 1) * sizeof *more);
	if (more == NULL)
		return no_memory(err);
	out->alike_columns = more;
	more[out->nalike_columns++] = (struct sl_alike_column){ output, print };
	*number = n;
	return SL_OK;
}

/*
 * Of tables with several rows per unit, the columns that the request tells: last come its own outputs. Where no other
 * version tells any of them, none is compared.
 */
static enum sl_rc place_alike(struct making *m, uint32_t n, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	bool renewed = false;

	for (uint32_t i = n; i-- > 0 && rc == SL_OK;)
		for (uint32_t k = 0; k < m->walkers[i].nprints && m->walkers[i].prints != NULL && rc == SL_OK; k++) {
			struct walker *w = &m->walkers[i];
			w->alike[k] = NO_COLUMN;
			if (!w->one_row)
				rc = alike_of(m, i, k, i >= m->nearlier, &w->alike[k], err);
			renewed = renewed || (w->prints[k].renewed != 0 && w->alike[k] != NO_COLUMN);
		}
	m->alikes = renewed;
	m->out->nalike_columns = renewed ? m->out->nalike_columns : 0;
	return rc;
}

enum sl_rc sl_atoms_make(const struct sl_members *members, uint32_t n, const struct sl_atoms_prints *prints,
                         struct sl_atoms_packed *out, struct sl_err *err)
{
	struct making m = { .members = members, .out = out, .table = { .out = out } };
	enum sl_rc rc;

	memset(out, 0, sizeof *out);
	rc = open_walkers(&m, n, err);
	if (rc == SL_OK) {
		place_prints(&m, prints, n);
		rc = place_alike(&m, n, err);
	}
	if (rc == SL_OK)
		rc = walk(&m, n, err);
	if (rc == SL_OK)
		rc = sl_alike_table_send(&m.alike, out, err);
	sl_alike_table_fini(&m.alike);
	free(m.walkers);
	free(m.entries);
	free(m.runs);
	free(m.places);
	free(m.packed);
	free(m.contents);
	free(m.columns);
	sl_atom_table_fini(&m.table);
	if (rc != SL_OK)
		sl_codec_free(&sl_atoms_packed_record, out);
	return rc;
}
