/* test_members.c - who stands behind the numbers, and how many units stand behind the same ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/atoms.h"
#include "tests/unit/engine/bench.h"
#include "tests/unit/vault/failing.h"

#define ROWS(...) \
	(const struct bench_row[]){ __VA_ARGS__ }, \
		sizeof((const struct bench_row[]){ __VA_ARGS__ }) / sizeof(struct bench_row)

/* unit, { place, sick, age, amount } */
#define VISITS \
	{ 1, { 0, 1, 5, 10 } }, { 1, { 0, 0, 5, -4 } }, { 1, { 1, 0, 25, 7 } }, { 2, { 0, 1, 15, -9 } }, \
	{ 3, { 0, NONE, 9, NONE } }, { 4, { 1, 0, 20, 3 } }, { 4, { 0, 1, 29, -3 } }, { 7, { 0, 0, 10, 0 } }
#define PEOPLE \
	{ 0, { 0, 0, 1, 1 } }, { 1, { 0, 0, 1, 1 } }, { 3, { 1, 1, 2, 2 } }, { 4, { 1, 0, 3, NONE } }

static void start(struct bench *b)
{
	bench_init(b);
	bench_rows(b, ROWS(VISITS));
	bench_rows(b, ROWS(PEOPLE));
}

static void members(struct bench *b, struct sl_members *out)
{
	if (sl_engine_members(&b->setup, &b->memory.store, &b->plan, out, &b->err) != SL_OK)
		fail_msg("%s", b->err.text);
}

/* The next unit's ordinal and how many rows it has. */
static uint64_t next_unit(struct sl_cursor *c, int64_t *unit)
{
	*unit += (int64_t)sl_varint_get(c);
	return sl_varint_get(c);
}

/* The next row: its place, and as a bit each the sets it is in; nprints prints are passed over. */
static uint64_t next_row(struct sl_cursor *c, uint64_t *row, uint32_t nprints)
{
	uint64_t bits = 0, set = 0;

	*row += sl_varint_get(c);
	for (uint64_t n = sl_varint_get(c); n > 0; n--) {
		set += sl_varint_get(c);
		bits |= UINT64_C(1) << set;
	}
	(void)sl_cursor_take(c, (size_t)nprints * 2);
	return bits;
}

static void test_each_unit_is_told_once_with_its_rows_and_their_cells(void **state)
{
	static const struct { int64_t unit; uint64_t n, rows[3], bits[3]; } want[] = {
		{ 1, 3, { 0, 1, 2 }, { 1, 1, 2 } }, { 2, 1, { 0 }, { 1 } }, { 3, 1, { 0 }, { 1 } },
		{ 4, 2, { 0, 1 }, { 2, 1 } }, { 7, 1, { 0 }, { 1 } },
	};
	struct bench b;
	struct sl_members m;

	(void)state;
	start(&b);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	members(&b, &m);
	assert_int_equal(m.one_row, 0);
	assert_int_equal(m.nsets, 4);
	assert_int_equal(m.nunits, 5);
	assert_int_equal(m.nprints, 1); /* that there is a row, for rows are counted */
	struct sl_cursor c = sl_cursor_over(m.units, m.nunits_bytes);
	int64_t unit = 0;
	for (size_t i = 0; i < 5; i++) {
		uint64_t row = 0;
		assert_int_equal(next_unit(&c, &unit), want[i].n);
		assert_int_equal(unit, want[i].unit);
		for (uint64_t k = 0; k < want[i].n; k++) {
			assert_int_equal(next_row(&c, &row, m.nprints), want[i].bits[k]);
			assert_int_equal(row, want[i].rows[k]);
		}
	}
	assert_true(!c.failed && sl_cursor_left(&c) == 0);
	sl_codec_free(&sl_members_record, &m);
	bench_fini(&b);
}

/* A condition has a set of its own: those who meet it in some row; a plain column has none. */
static void test_a_condition_is_a_set_of_its_own(void **state)
{
	struct bench b;
	struct sl_members m;

	(void)state;
	start(&b);
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	bench_stat(&b, SL_STAT_MEAN, COL_AMOUNT, 0);
	members(&b, &m);
	assert_int_equal(m.nsets, 2);
	assert_int_equal(m.nprints, 3); /* a row, who is sick, the amount */
	struct sl_cursor c = sl_cursor_over(m.units, m.nunits_bytes);
	int64_t unit = 0;
	uint32_t sick = 0;
	for (uint64_t i = 0; i < m.nunits; i++) {
		uint64_t row = 0, bits = 0;
		for (uint64_t n = next_unit(&c, &unit); n > 0; n--)
			bits |= next_row(&c, &row, m.nprints);
		sick += (bits & 2) != 0;
		assert_int_equal((bits & 2) != 0, unit == 1 || unit == 2 || unit == 4);
	}
	assert_int_equal(sick, 3);
	sl_codec_free(&sl_members_record, &m);
	bench_fini(&b);
}

static void test_any_stretch_and_any_number_of_parts_give_the_same_bytes(void **state)
{
	struct bench b;
	struct sl_members first, m;

	(void)state;
	start(&b);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	bench_where_equals(&b, COL_SICK, 1);
	members(&b, &first);
	assert_true(first.nunits_bytes > 0);
	for (uint32_t rows = 1; rows < 9; rows++) {
		b.memory.stretch_rows = rows;
		members(&b, &m);
		assert_int_equal(m.nunits_bytes, first.nunits_bytes);
		assert_memory_equal(m.units, first.units, m.nunits_bytes);
		sl_codec_free(&sl_members_record, &m);
	}
	sl_codec_free(&sl_members_record, &first);
	bench_fini(&b);
}

/* --- atoms ----------------------------------------------------------------------------------------------- */

/* Atoms of two plans over the bench: by place; and one more, as `change` makes it. */
static void atoms_of_two(void (*change)(struct bench *b), struct sl_atoms *out)
{
	struct bench b[2];
	struct sl_members m[2];
	struct sl_atoms_packed packed;
	struct sl_err err = { 0 };

	for (int i = 0; i < 2; i++) {
		start(&b[i]);
		if (i == 0)
			bench_key(&b[i], COL_PLACE, false);
		else
			change(&b[i]);
		bench_stat(&b[i], SL_STAT_COUNT, 0, 0);
		members(&b[i], &m[i]);
	}
	assert_int_equal(sl_atoms_make(m, 2, NULL, &packed, &err), SL_OK);
	assert_int_equal(sl_atoms_unpack(&packed, out, &err), SL_OK);
	assert_int_equal(sl_atoms_check(out, &err), SL_OK);
	for (int i = 0; i < 2; i++) {
		sl_codec_free(&sl_members_record, &m[i]);
		bench_fini(&b[i]);
	}
}

/* Units whose rows are in exactly these sets: groups apart by NEXT, as the engine orders them. */
#define NEXT UINT32_MAX
static uint64_t units_in(const struct sl_atoms *a, const uint32_t *sets, uint32_t n)
{
	uint64_t units = 0;

	for (uint32_t i = 0; i < a->natoms; i++) {
		uint32_t group = 0, at = a->atoms[i].first, end = at + a->atoms[i].n;
		bool same = true;
		for (uint32_t k = 0; k < n && same; k++) {
			group += sets[k] == NEXT;
			if (sets[k] != NEXT)
				same = at < end && a->places[at].set == sets[k] && a->places[at].group == group;
			at += sets[k] != NEXT;
		}
		units += same && at == end ? a->atoms[i].units : 0;
	}
	return units;
}
#define UNITS_IN(a, ...) \
	units_in((a), (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

static void everybody(struct bench *b)
{
	(void)b;
}

static void test_units_are_counted_by_the_sets_their_rows_share(void **state)
{
	struct sl_atoms a;

	(void)state;
	atoms_of_two(everybody, &a);
	assert_int_equal(a.noutputs, 2);
	assert_int_equal(UNITS_IN(&a, 0, 4), 3);                /* 2 3 7 */
	assert_int_equal(UNITS_IN(&a, 0, 4, NEXT, 1, 4), 2);    /* 1 4: rows in both places, however many */
	assert_int_equal(a.natoms, 2);
	sl_codec_free(&sl_atoms_record, &a);
}

static void only_the_sick(struct bench *b)
{
	bench_where_equals(b, COL_SICK, 1);
}

static void test_rows_in_the_same_sets_are_one_group_and_others_are_not(void **state)
{
	struct sl_atoms a;

	(void)state;
	atoms_of_two(only_the_sick, &a);
	assert_int_equal(UNITS_IN(&a, 0), 2);                       /* 3 7 */
	assert_int_equal(UNITS_IN(&a, 0, 4), 1);                    /* 2 */
	assert_int_equal(UNITS_IN(&a, 0, NEXT, 0, 4, NEXT, 1), 1);  /* 1: of two rows in place 0 one is sick */
	assert_int_equal(UNITS_IN(&a, 0, 4, NEXT, 1), 1);           /* 4: of one, it is */
	assert_int_equal(a.natoms, 4);
	sl_codec_free(&sl_atoms_record, &a);
}

/* The bytes of places, copied: what is unpacked is taken. */
static enum sl_rc unpacked(const struct sl_atom *atoms, uint32_t natoms, uint32_t nplaces, const uint8_t *bytes,
                           uint32_t nbytes, struct sl_atoms *out)
{
	struct sl_atoms_packed p = { .outputs = calloc(1, sizeof *p.outputs), .noutputs = 1, .natoms = natoms,
		                     .atoms = calloc(natoms, sizeof *p.atoms), .nplaces = nplaces,
		                     .places = calloc(nbytes + 1, 1), .nplaces_bytes = nbytes };

	assert_true(p.outputs != NULL && p.atoms != NULL && p.places != NULL);
	memcpy(p.atoms, atoms, natoms * sizeof *atoms);
	memcpy(p.places, bytes, nbytes);
	return sl_atoms_unpack(&p, out, NULL);
}

static void test_packed_places_come_back_and_what_does_not_fit_is_refused(void **state)
{
	const struct sl_atom_place places[] = { { 0, 0 }, { 300, 0 }, { 0, 1 }, { 7, 1 }, { UINT32_MAX, 2 },
		{ 5, 0 }, { UINT32_MAX, 0 } }; /* the last: 5 and as much as is left */
	const struct sl_atom atoms[] = { { .units = 3, .first = 0, .n = 5 }, { .units = 1, .first = 5, .n = 2 } };
	struct sl_atom wrong[2];
	uint8_t bytes[7 * SL_ATOM_PLACE_BYTES_MAX];
	struct sl_atoms a;

	(void)state;
	uint32_t n = (uint32_t)sl_atom_pack(places, 5, bytes);
	n += (uint32_t)sl_atom_pack(&places[5], 2, &bytes[n]);
	assert_int_equal(n, 2 + 2 + 2 + 2 + 2 + 2 + 6 + 2 + 6);
	assert_int_equal(unpacked(atoms, 2, 7, bytes, n, &a), SL_OK);
	assert_memory_equal(a.places, places, sizeof places);
	assert_memory_equal(a.atoms, atoms, sizeof atoms);
	assert_true(a.nplaces == 7 && a.natoms == 2 && a.noutputs == 1);
	sl_codec_free(&sl_atoms_record, &a);
	for (uint32_t cut = 0; cut < n; cut++)
		assert_int_equal(unpacked(atoms, 2, 7, bytes, cut, &a), SL_E_INPUT);
	bytes[n] = 0;
	assert_int_equal(unpacked(atoms, 2, 7, bytes, n + 1, &a), SL_E_INPUT);
	assert_int_equal(unpacked(atoms, 1, 7, bytes, n, &a), SL_E_INPUT);
	assert_int_equal(unpacked(atoms, 2, 6, bytes, n, &a), SL_E_INPUT);
	assert_int_equal(unpacked(atoms, 2, UINT32_MAX, bytes, n, &a), SL_E_INPUT);
	memcpy(wrong, atoms, sizeof wrong);
	wrong[1].first = 4;
	assert_int_equal(unpacked(wrong, 2, 7, bytes, n, &a), SL_E_INPUT);
	wrong[1].first = 5;
	wrong[1].n = UINT32_MAX;
	assert_int_equal(unpacked(wrong, 2, 7, bytes, n, &a), SL_E_INPUT);
	bytes[n - 8] = 6; /* the last set is beyond 32 bits */
	assert_int_equal(unpacked(atoms, 2, 7, bytes, n, &a), SL_E_INPUT);
	bytes[n - 8] = 4; /* one less */
	assert_int_equal(unpacked(atoms, 2, 7, bytes, n, &a), SL_OK);
	assert_int_equal(a.places[6].set, UINT32_MAX - 1);
	sl_codec_free(&sl_atoms_record, &a);
}

/* --- prints ---------------------------------------------------------------------------------------------- */

/* Unit 1: its row in place 1 has another amount; 2: one more row; 4: rows in another order; 7: as it was. */
#define VISITS_LATER \
	{ 1, { 0, 1, 5, 10 } }, { 1, { 0, 0, 5, -4 } }, { 1, { 1, 0, 25, 8 } }, { 2, { 0, 1, 15, -9 } }, \
	{ 2, { 0, 1, 15, 0 } }, { 3, { 0, NONE, 9, 0 } }, { 4, { 0, 1, 29, -3 } }, { 4, { 1, 0, 20, 3 } }, \
	{ 7, { 0, 0, 10, 0 } }

/* By place, of both versions: rows are counted, amounts added up. */
static void members_of_two(struct sl_members m[static 2])
{
	for (int i = 0; i < 2; i++) {
		struct bench b;
		bench_init(&b);
		if (i == 0)
			bench_rows(&b, ROWS(VISITS));
		else
			bench_rows(&b, ROWS(VISITS_LATER));
		bench_rows(&b, ROWS(PEOPLE));
		bench_key(&b, COL_PLACE, false);
		bench_stat(&b, SL_STAT_COUNT, 0, 0);
		bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
		members(&b, &m[i]);
		m[i].rows_of[0] = (uint8_t)i; /* the bench has one segment */
		bench_fini(&b);
	}
}

/* Units that have changed in a set of the first output, by print. */
static uint64_t changed_in(const struct sl_atoms *a, uint32_t set, uint32_t print)
{
	uint64_t units = 0;

	for (uint32_t i = 0; i < a->nchanges; i++)
		for (uint32_t k = 0; k < a->natoms; k++) {
			uint32_t place = a->changes[i].place;
			if (place - a->atoms[k].first < a->atoms[k].n && a->places[place].set == set &&
			    (a->changes[i].columns >> print & 1) != 0)
				units += a->atoms[k].units;
		}
	return units;
}

static const struct sl_members_print both_printed[] = { { 0, 5, 1 }, { 0, 9, 1 }, { 1, 5, 0 }, { 1, 9, 0 } };
#define BOTH ((struct sl_atoms_prints){ both_printed, 4, 1 })

static void make_and_unpack(const struct sl_members m[static 2], const struct sl_atoms_prints *prints,
                            struct sl_atoms *out)
{
	struct sl_atoms_packed packed;

	assert_int_equal(sl_atoms_make(m, 2, prints, &packed, NULL), SL_OK);
	assert_int_equal(sl_atoms_unpack(&packed, out, NULL), SL_OK);
}

static void test_what_units_have_in_another_version_is_told_set_by_set_and_column_by_column(void **state)
{
	struct sl_members m[2];
	struct sl_atoms a;

	(void)state;
	members_of_two(m);
	make_and_unpack(m, &BOTH, &a);
	assert_int_equal(sl_atoms_check(&a, NULL), SL_OK);
	assert_int_equal(changed_in(&a, 0, 0), 1); /* rows in place 0: unit 2 */
	assert_int_equal(changed_in(&a, 0, 1), 2); /* amounts there: 2, and 3, who had none */
	assert_int_equal(changed_in(&a, 1, 0), 0);
	assert_int_equal(changed_in(&a, 1, 1), 1); /* in place 1: 1, and not 4, whose rows are in another order */
	for (uint32_t i = 0; i < a.nchanges; i++)
		assert_true(a.places[a.changes[i].place].set < 4);
	sl_codec_free(&sl_atoms_record, &a);
	for (int i = 0; i < 2; i++)
		sl_codec_free(&sl_members_record, &m[i]);
}

/* Units who have, of some print, not as many rows in a set as in the other. */
static uint64_t unlike_in(const struct sl_atoms *a, uint32_t column, uint32_t set, uint32_t other)
{
	uint64_t units = 0;

	for (uint32_t i = 0; i < a->nalike; i++) {
		const struct sl_alike *all = &a->alike[i];
		int64_t left[16] = { 0 };
		bool unlike = false;
		for (uint32_t k = all->first; k < all->first + all->n; k++) {
			const struct sl_alike_place *p = &a->alike_places[k];
			assert_true(p->group < 16);
			left[p->group] += p->set == set ? (int64_t)p->times : p->set == other ? -(int64_t)p->times : 0;
		}
		for (uint32_t g = 0; g < 16; g++)
			unlike = unlike || left[g] != 0;
		units += unlike && all->column == column ? all->units : 0;
	}
	return units;
}

static void test_rows_of_two_versions_lie_together_where_they_have_the_same(void **state)
{
	struct sl_members m[2];
	struct sl_atoms a;

	(void)state;
	members_of_two(m);
	make_and_unpack(m, &BOTH, &a);
	assert_int_equal(sl_atoms_check(&a, NULL), SL_OK);
	assert_int_equal(a.nalike_columns, 2);
	assert_int_equal(a.alike_given_up, 0);
	for (uint32_t c = 0; c < 2; c++) {
		assert_int_equal(a.alike_columns[c].output, 1);
		for (uint32_t set = 0; set < 4; set++)
			assert_int_equal(unlike_in(&a, c, set, 4 + set), changed_in(&a, set, a.alike_columns[c].print));
	}
	/* Of no set that is there, in no order, of no column: refused. */
	struct sl_alike_place kept = a.alike_places[0];
	a.alike_places[0].set = 8;
	assert_int_equal(sl_atoms_check(&a, NULL), SL_E_INPUT);
	a.alike_places[0] = kept;
	a.alike[0].column = 2;
	assert_int_equal(sl_atoms_check(&a, NULL), SL_E_INPUT);
	a.alike[0].column = 0;
	a.alike_columns[1].output = 2;
	assert_int_equal(sl_atoms_check(&a, NULL), SL_E_INPUT);
	sl_codec_free(&sl_atoms_record, &a);
	for (int i = 0; i < 2; i++)
		sl_codec_free(&sl_members_record, &m[i]);
}

static void test_how_rows_lie_comes_back_and_what_does_not_fit_is_refused(void **state)
{
	static const struct sl_alike_place places[] = { { 3, 0, 2 }, { 300, 0, 1 }, { 0, 1, 7 }, { UINT32_MAX, 1, 1 } };
	struct sl_buf wire = { 0 };
	struct sl_alike *all;
	struct sl_alike_place *back;
	uint32_t n, nback;

	(void)state;
	sl_varint_put(&wire, 300);
	sl_alike_put(&wire, 9, places, 4);
	assert_int_equal(sl_alike_read(wire.data, (uint32_t)wire.len, &all, &n, &back, &nback, NULL), SL_OK);
	assert_true(n == 1 && nback == 4 && all->units == 300 && all->column == 9 && all->first == 0 && all->n == 4);
	assert_memory_equal(back, places, sizeof places);
	free(all);
	free(back);
	for (uint32_t len = 1; len < wire.len; len++)
		assert_int_equal(sl_alike_read(wire.data, len, &all, &n, &back, &nback, NULL), SL_E_INPUT);
	sl_buf_reset(&wire);
	sl_buf_put(&wire, (const uint8_t[]){ 1, 0, 1, 5, 0 }, 5); /* no row */
	assert_int_equal(sl_alike_read(wire.data, 5, &all, &n, &back, &nback, NULL), SL_E_INPUT);
	sl_buf_free(&wire);
}

/* Without anything to compare, of other columns, or of other prints than rows have: nobody has changed. */
static void test_prints_that_are_not_of_one_column_tell_nothing(void **state)
{
	static const struct sl_members_print others[] = { { 0, 5, 1 }, { 0, 9, 1 }, { 1, 6, 0 }, { 1, 7, 0 } };
	static const struct sl_members_print too_few[] = { { 0, 9, 1 }, { 1, 9, 0 }, { 1, 5, 0 }, { 7, 9, 0 } };
	const struct sl_atoms_prints cases[] = { { NULL, 0, 1 }, { others, 4, 1 }, { too_few, 4, 1 } };
	struct sl_members m[2];
	struct sl_atoms a, plain;

	(void)state;
	members_of_two(m);
	make_and_unpack(m, NULL, &plain);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		make_and_unpack(m, &cases[i], &a);
		assert_int_equal(a.nchanges, 0);
		assert_int_equal(a.nalike + a.nalike_columns, 0);
		assert_int_equal(a.natoms, plain.natoms);
		assert_memory_equal(a.places, plain.places, plain.nplaces * sizeof *plain.places);
		sl_codec_free(&sl_atoms_record, &a);
	}
	sl_codec_free(&sl_atoms_record, &plain);
	for (int i = 0; i < 2; i++)
		sl_codec_free(&sl_members_record, &m[i]);
}

/* An output of one row per unit and one set: of each unit its ordinal less the one before it, and its print. */
static struct sl_members of_one_row(const uint8_t by[static 3], const uint8_t print[static 3])
{
	struct sl_members m = { .one_row = 1, .nsets = 1, .nprints = 1 };
	struct sl_buf b = { .max = 100 };

	for (int i = 0; i < 3 && by[i] != 0; i++, m.nunits++)
		sl_buf_put(&b, (const uint8_t[]){ by[i], 1, 0, print[i], 0 }, 5);
	m.nunits_bytes = (uint32_t)b.len;
	m.units = b.data;
	return m;
}

/*
 * Units 1, 2 and 3 in two earlier versions, 1 and 2 in an output that read the request's, and of the request itself 3.
 * The request says what 3 has now; where it does not, that output does; or else the last version that is there.
 */
static void test_of_one_row_the_last_who_tells_says_what_there_is_now(void **state)
{
	static const struct sl_members_print prints[] = { { 0, 5, 1 }, { 1, 5, 1 }, { 2, 5, 0 }, { 3, 5, 0 } };
	static const uint8_t all[] = { 1, 1, 1 }, two[] = { 1, 1, 0 }, third[] = { 3, 0, 0 };
	static const uint8_t was[] = { 10, 20, 30 }, later[] = { 10, 21, 31 }, same[] = { 11, 20, 0 }, now[] = { 31, 0, 0 };
	static const struct { bool current, tells; uint64_t changed[2]; } cases[] = {
		{ true, true, { 2, 2 } },   /* of the first version 1 and 3 are others now, of the second 1 and 2 */
		{ true, false, { 2, 2 } },  /* 3 is told by the second version last */
		{ false, true, { 2, 0 } },
		{ false, false, { 2, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_members m[] = { of_one_row(all, was), of_one_row(all, later), of_one_row(two, same),
			of_one_row(third, now) };
		struct sl_members_print asked[4];
		struct sl_atoms_packed packed;
		struct sl_atoms a;
		memcpy(asked, prints, sizeof asked);
		asked[2].column = cases[i].current ? 5 : 6;
		asked[3].column = cases[i].tells ? 5 : 7;
		assert_int_equal(sl_atoms_make(m, 4, &(struct sl_atoms_prints){ asked, 4, 3 }, &packed, NULL), SL_OK);
		assert_int_equal(sl_atoms_unpack(&packed, &a, NULL), SL_OK);
		for (uint32_t set = 0; set < 4; set++)
			assert_int_equal(changed_in(&a, set, 0), set < 2 ? cases[i].changed[set] : 0);
		sl_codec_free(&sl_atoms_record, &a);
		for (int k = 0; k < 4; k++)
			free(m[k].units);
	}
}

static void test_changes_out_of_order_or_of_no_place_are_refused(void **state)
{
	struct sl_atoms_output outputs[] = { { .nsets = 2 } };
	struct sl_atom_place places[] = { { .set = 0 }, { .set = 1 } };
	struct sl_atom atoms[] = { { .units = 5, .first = 0, .n = 2 } };
	static const struct { struct sl_atom_change changes[2]; enum sl_rc rc; } cases[] = {
		{ { { 0, 1 }, { 1, 2 } }, SL_OK },        { { { 0, 1 }, { 0, 2 } }, SL_E_INPUT },
		{ { { 1, 1 }, { 0, 2 } }, SL_E_INPUT },   { { { 0, 1 }, { 2, 2 } }, SL_E_INPUT },
		{ { { 0, 0 }, { 1, 2 } }, SL_E_INPUT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_atom_change changes[2] = { cases[i].changes[0], cases[i].changes[1] };
		struct sl_atoms a = { .outputs = outputs, .noutputs = 1, .atoms = atoms, .natoms = 1, .places = places,
			              .nplaces = 2, .changes = changes, .nchanges = 2 };
		assert_int_equal(sl_atoms_check(&a, NULL), cases[i].rc);
	}
}

/* What was sealed before there were prints is read as it was. */
static void test_units_without_prints_are_read_as_they_were_stored(void **state)
{
	struct sl_members m = { .nsets = 3, .nunits = 1, .units = (uint8_t[]){ 5, 1, 2 }, .nunits_bytes = 3, .one_row = 1 };
	struct sl_members back;
	struct sl_buf wire = { 0 };

	(void)state;
	m.nprints = 2;
	assert_int_equal(sl_codec_encode(&sl_members_record, &m, &wire, NULL), SL_OK);
	for (size_t shorter = 0; shorter < 3; shorter++) {
		assert_int_equal(sl_members_stored(wire.data, wire.len - shorter, &back, NULL), shorter < 2 ? SL_OK : SL_E_INPUT);
		if (shorter < 2) {
			assert_int_equal(back.nprints, shorter == 0 ? 2 : 0);
			assert_int_equal(back.nunits_bytes, 3);
			assert_memory_equal(back.units, m.units, 3);
		}
		sl_codec_free(&sl_members_record, &back);
	}
	sl_buf_free(&wire);
}

/* Units that were sealed are not believed: every byte changed, and every length. */
static void test_damaged_units_are_refused_and_never_believed(void **state)
{
	struct bench b;
	struct sl_members m;
	struct sl_atoms_packed packed;
	struct sl_atoms a = { 0 };

	(void)state;
	start(&b);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	members(&b, &m);
	for (uint32_t at = 0; at < m.nunits_bytes; at++)
		for (int bit = 0; bit < 8; bit++) {
			m.units[at] ^= (uint8_t)(1 << bit);
			if (sl_atoms_make(&m, 1, NULL, &packed, NULL) == SL_OK) {
				assert_int_equal(sl_atoms_unpack(&packed, &a, NULL), SL_OK);
				assert_int_equal(sl_atoms_check(&a, NULL), SL_OK);
			}
			sl_codec_free(&sl_atoms_record, &a);
			m.units[at] ^= (uint8_t)(1 << bit);
		}
	uint32_t whole = m.nunits_bytes;
	for (m.nunits_bytes = 0; m.nunits_bytes < whole; m.nunits_bytes++)
		assert_int_equal(sl_atoms_make(&m, 1, NULL, &packed, NULL), SL_E_INTEGRITY);
	m.nunits--;
	assert_int_equal(sl_atoms_make(&m, 1, NULL, &packed, NULL), SL_E_INTEGRITY);
	m.nunits++;
	sl_codec_free(&sl_members_record, &m);
	bench_fini(&b);
}

static void test_every_allocation_may_fail(void **state)
{
	struct bench b;
	struct sl_members m[2];
	struct sl_atoms_packed packed = { 0 };
	struct sl_atoms a;
	uint32_t n = 0;

	(void)state;
	start(&b);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	for (enum sl_rc rc = SL_E_NOMEM; rc != SL_OK; n++) {
		failing_at(n + 1);
		rc = sl_engine_members(&b.setup, &b.memory.store, &b.plan, &m[0], NULL);
		failing_at(0);
		assert_true(rc == SL_OK || (rc == SL_E_NOMEM && m[0].units == NULL));
	}
	assert_true(n > 5);
	m[1] = m[0];
	n = 0;
	for (enum sl_rc rc = SL_E_NOMEM; rc != SL_OK; n++) {
		failing_at(n + 1);
		rc = sl_atoms_make(m, 2, NULL, &packed, NULL);
		failing_at(0);
		assert_true(rc == SL_OK || (rc == SL_E_NOMEM && packed.atoms == NULL));
	}
	assert_true(n > 5);
	failing_at(1);
	assert_int_equal(sl_atoms_unpack(&packed, &a, NULL), SL_E_NOMEM);
	failing_at(0);
	assert_true(packed.atoms == NULL && packed.places == NULL && a.atoms == NULL && a.outputs == NULL);
	assert_int_equal(sl_atoms_make(m, 2, NULL, &packed, NULL), SL_OK);
	assert_int_equal(sl_atoms_unpack(&packed, &a, NULL), SL_OK);
	sl_codec_free(&sl_atoms_record, &a);
	sl_codec_free(&sl_members_record, &m[0]);
	bench_fini(&b);
	members_of_two(m);
	n = 0;
	for (enum sl_rc rc = SL_E_NOMEM; rc != SL_OK; n++) {
		failing_at(n + 1);
		rc = sl_atoms_make(m, 2, &BOTH, &packed, NULL);
		failing_at(0);
		assert_true(rc == SL_OK || (rc == SL_E_NOMEM && packed.atoms == NULL && packed.changes == NULL));
	}
	assert_true(n > 9 && packed.nchanges > 0);
	sl_codec_free(&sl_atoms_packed_record, &packed);
	for (int i = 0; i < 2; i++)
		sl_codec_free(&sl_members_record, &m[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_unit_is_told_once_with_its_rows_and_their_cells),
		cmocka_unit_test(test_a_condition_is_a_set_of_its_own),
		cmocka_unit_test(test_any_stretch_and_any_number_of_parts_give_the_same_bytes),
		cmocka_unit_test(test_units_are_counted_by_the_sets_their_rows_share),
		cmocka_unit_test(test_rows_in_the_same_sets_are_one_group_and_others_are_not),
		cmocka_unit_test(test_packed_places_come_back_and_what_does_not_fit_is_refused),
		cmocka_unit_test(test_what_units_have_in_another_version_is_told_set_by_set_and_column_by_column),
		cmocka_unit_test(test_rows_of_two_versions_lie_together_where_they_have_the_same),
		cmocka_unit_test(test_how_rows_lie_comes_back_and_what_does_not_fit_is_refused),
		cmocka_unit_test(test_prints_that_are_not_of_one_column_tell_nothing),
		cmocka_unit_test(test_of_one_row_the_last_who_tells_says_what_there_is_now),
		cmocka_unit_test(test_changes_out_of_order_or_of_no_place_are_refused),
		cmocka_unit_test(test_units_without_prints_are_read_as_they_were_stored),
		cmocka_unit_test(test_damaged_units_are_refused_and_never_believed),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
