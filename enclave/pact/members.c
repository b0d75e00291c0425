/* members.c - see members.h. */
#include "enclave/pact/members.h"

#include <stdlib.h>
#include <string.h>

static const struct sl_field members_fields[] = {
	SL_BYTES(struct sl_members, rows_of, 16, "segment whose rows are meant; zero: one row per unit"),
	SL_SCALAR(struct sl_members, SL_KIND_U8, one_row, 0, 1, "one row per unit"),
	SL_SCALAR(struct sl_members, SL_KIND_U32, nsets, 1, SL_SETS_MAX, "sets of the output"),
	SL_SCALAR(struct sl_members, SL_KIND_U64, nunits, 0, 0, "units that follow"),
	SL_BLOB(struct sl_members, units, nunits_bytes, SL_MEMBERS_WIRE_MAX, "units and their sets"),
	SL_SCALAR(struct sl_members, SL_KIND_U8, nprints, 0, SL_PRINTS_MAX, "prints of a row"),
};
SL_RECORD(sl_members_record, sl_members, members_fields);

static const struct sl_field place_fields[] = {
	SL_SCALAR(struct sl_atom_place, SL_KIND_U32, set, 0, 0, "set, over all outputs"),
	SL_SCALAR(struct sl_atom_place, SL_KIND_U32, group, 0, 0, "rows in the same sets"),
};
static SL_RECORD(place_record, sl_atom_place, place_fields);

static const struct sl_field atom_fields[] = {
	SL_SCALAR(struct sl_atom, SL_KIND_U64, units, 0, 0, "units"),
	SL_SCALAR(struct sl_atom, SL_KIND_U32, first, 0, 0, "its first place"),
	SL_SCALAR(struct sl_atom, SL_KIND_U32, n, 0, 0, "its places"),
};
static SL_RECORD(atom_record, sl_atom, atom_fields);

static const struct sl_field change_fields[] = {
	SL_SCALAR(struct sl_atom_change, SL_KIND_U32, place, 0, 0, "where, over all atoms"),
	SL_SCALAR(struct sl_atom_change, SL_KIND_U32, columns, 0, 0, "bits of the earlier output's prints"),
};
static SL_RECORD(change_record, sl_atom_change, change_fields);

static const struct sl_field output_fields[] = {
	SL_SCALAR(struct sl_atoms_output, SL_KIND_U32, nsets, 1, SL_SETS_MAX, "sets"),
	SL_SCALAR(struct sl_atoms_output, SL_KIND_U32, rows_of, 0, 0, "equal: the same rows are meant; 0: one per unit"),
};
static SL_RECORD(output_record, sl_atoms_output, output_fields);

static const struct sl_field alike_column_fields[] = {
	SL_SCALAR(struct sl_alike_column, SL_KIND_U32, output, 0, 0, "output of the request"),
	SL_SCALAR(struct sl_alike_column, SL_KIND_U32, print, 0, SL_PRINTS_MAX - 1, "its print"),
};
static SL_RECORD(alike_column_record, sl_alike_column, alike_column_fields);

static const struct sl_field alike_fields[] = {
	SL_SCALAR(struct sl_alike, SL_KIND_U64, units, 0, 0, "units"),
	SL_SCALAR(struct sl_alike, SL_KIND_U32, column, 0, 0, "column"),
	SL_SCALAR(struct sl_alike, SL_KIND_U32, first, 0, 0, "its first place"),
	SL_SCALAR(struct sl_alike, SL_KIND_U32, n, 0, 0, "its places"),
};
static SL_RECORD(alike_record, sl_alike, alike_fields);

static const struct sl_field alike_place_fields[] = {
	SL_SCALAR(struct sl_alike_place, SL_KIND_U32, set, 0, 0, "set, over all outputs"),
	SL_SCALAR(struct sl_alike_place, SL_KIND_U32, group, 0, 0, "rows of one print"),
	SL_SCALAR(struct sl_alike_place, SL_KIND_U32, times, 0, 0, "how many"),
};
static SL_RECORD(alike_place_record, sl_alike_place, alike_place_fields);

static const struct sl_field atoms_fields[] = {
	SL_VEC(struct sl_atoms, outputs, noutputs, SL_MEMBERS_OUTPUTS_MAX, output_record, "outputs"),
	SL_VEC(struct sl_atoms, atoms, natoms, SL_ATOMS_MAX, atom_record, "atoms"),
	SL_VEC(struct sl_atoms, places, nplaces, SL_ATOM_PLACES_MAX, place_record, "their places"),
	SL_VEC(struct sl_atoms, changes, nchanges, SL_ATOM_PLACES_MAX, change_record, "what has changed there"),
	SL_VEC(struct sl_atoms, alike_columns, nalike_columns, SL_ALIKE_COLUMNS_MAX, alike_column_record, "columns"),
	SL_VEC(struct sl_atoms, alike, nalike, SL_ALIKE_WIRE_MAX, alike_record, "units whose rows lie in the same way"),
	SL_VEC(struct sl_atoms, alike_places, nalike_places, SL_ALIKE_WIRE_MAX, alike_place_record, "their places"),
	SL_SCALAR(struct sl_atoms, SL_KIND_U8, alike_given_up, 0, 1, "they were too many"),
};
SL_RECORD(sl_atoms_record, sl_atoms, atoms_fields);

static const struct sl_field packed_fields[] = {
	SL_VEC(struct sl_atoms_packed, outputs, noutputs, SL_MEMBERS_OUTPUTS_MAX, output_record, "outputs"),
	SL_VEC(struct sl_atoms_packed, atoms, natoms, SL_ATOMS_MAX, atom_record, "atoms"),
	SL_SCALAR(struct sl_atoms_packed, SL_KIND_U32, nplaces, 0, SL_ATOM_PLACES_MAX, "their places"),
	SL_BLOB(struct sl_atoms_packed, places, nplaces_bytes, SL_MEMBERS_WIRE_MAX, "these, packed"),
	SL_VEC(struct sl_atoms_packed, changes, nchanges, SL_ATOM_PLACES_MAX, change_record, "what has changed there"),
	SL_VEC(struct sl_atoms_packed, alike_columns, nalike_columns, SL_ALIKE_COLUMNS_MAX, alike_column_record,
	       "columns of which rows are compared in several versions"),
	SL_BLOB(struct sl_atoms_packed, alike, nalike_bytes, SL_ALIKE_WIRE_MAX, "units, and where those of their rows lie"),
	SL_SCALAR(struct sl_atoms_packed, SL_KIND_U8, alike_given_up, 0, 1, "they were too many"),
};
SL_RECORD(sl_atoms_packed_record, sl_atoms_packed, packed_fields);

/* A column, or a condition on one: missing nowhere but where the column is, so that no author chooses its rows. */
static bool is_there_with_its_column(const struct sl_expr *e)
{
	int input = -1;

	for (uint32_t i = 0; i < e->nops; i++) {
		const struct sl_op *op = &e->ops[i];
		bool compares = (op->op >= SL_OP_EQ && op->op <= SL_OP_NOT) || op->op == SL_OP_IS_NULL || op->op == SL_OP_IN;
		if (op->op == SL_OP_COLUMN && input < 0)
			input = op->arg;
		if (op->op == SL_OP_COLUMN ? op->arg != input : op->op != SL_OP_CONST && !compares)
			return false;
	}
	return true;
}

bool sl_plan_watches(const struct sl_stat *stat)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(&stat->arg2, parts);

	for (uint32_t i = 0; i < n; i++)
		if (!is_there_with_its_column(&parts[i]))
			return true;
	return stat->fn == SL_STAT_COUNT_IF || stat->fn == SL_STAT_SHARE || stat->arg.nops > 1;
}

uint32_t sl_plan_watched(const struct sl_plan *plan, uint32_t stat)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < stat; s++)
		n += sl_plan_watches(&plan->stats[s]);
	return n;
}

uint64_t sl_plan_sets(const struct sl_plan *plan, const struct sl_view *view)
{
	uint64_t n;

	if (__builtin_mul_overflow(sl_plan_cells(plan, view), UINT64_C(1) + sl_plan_watched(plan, plan->nstats), &n))
		return UINT64_MAX;
	return n;
}

static bool counts_rows(const struct sl_plan *plan)
{
	for (uint32_t s = 0; s < plan->nstats; s++)
		if (plan->stats[s].fn == SL_STAT_COUNT || plan->stats[s].fn == SL_STAT_COUNT_IF ||
		    plan->stats[s].fn == SL_STAT_SHARE)
			return true;
	return false;
}

/* Of those that give rows one may give several of a unit. */
static bool has_one_row(const struct sl_plan *plan, const struct sl_view *view)
{
	for (uint32_t i = 0; i < plan->nsources; i++) {
		const struct sl_source *s = &plan->sources[i];
		bool gives = i == 0 || s->join == SL_JOIN_INNER || s->join == SL_JOIN_LEFT;
		if (gives && !sl_source_one_row(s, view))
			return false;
	}
	return true;
}

uint32_t sl_plan_printed_inputs(const struct sl_plan *plan, const struct sl_view *view,
                                uint16_t inputs[static SL_PRINTS_MAX])
{
	bool reads[SL_INPUTS_MAX] = { false };
	uint32_t n = 0;

	if (counts_rows(plan) && !has_one_row(plan, view))
		inputs[n++] = SL_PRINT_ROW;
	for (uint32_t s = 0; s < plan->nstats; s++)
		for (int side = 0; side < 2; side++) {
			const struct sl_expr *e = side == 0 ? &plan->stats[s].arg : &plan->stats[s].arg2;
			for (uint32_t i = 0; i < e->nops; i++)
				if (e->ops[i].op == SL_OP_COLUMN)
					reads[e->ops[i].arg] = true;
		}
	for (uint32_t i = 0; i < plan->ninputs && n < SL_PRINTS_MAX; i++)
		if (reads[i])
			inputs[n++] = (uint16_t)i;
	return n;
}

enum sl_rc sl_members_stored(uint8_t *data, size_t len, struct sl_members *out, struct sl_err *err)
{
	struct sl_cursor c = sl_cursor_over(data, len);

	/* All but its last field: up to the number of bytes that units take, and those. */
	(void)sl_cursor_take(&c, sizeof out->rows_of + sizeof out->one_row + sizeof out->nsets + sizeof out->nunits);
	if (sl_cursor_u32(&c) == sl_cursor_left(&c) && !c.failed)
		data[len++] = 0;
	return sl_codec_decode(&sl_members_record, data, len, out, err);
}

static enum sl_rc refuse(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INPUT, "atoms: %s", why);
}

/* The places of one atom: groups from 0 on, in each the sets rising, all of one table's rows. */
static const char *check_places(const struct sl_atoms *a, const struct sl_atom *atom, const uint32_t *rows_of,
                                uint64_t nsets)
{
	const struct sl_atom_place *p = &a->places[atom->first];

	for (uint32_t i = 0; i < atom->n; i++) {
		if (p[i].set >= nsets)
			return "a set that is none";
		if (p[i].group != (i > 0 ? p[i - 1].group : 0) && (i == 0 || p[i].group != p[i - 1].group + 1))
			return "groups out of order";
		if (i > 0 && p[i].group == p[i - 1].group &&
		    (p[i].set <= p[i - 1].set || rows_of[p[i].set] != rows_of[p[i - 1].set]))
			return "sets out of order";
	}
	return NULL;
}

/* Rows that are alike: groups from 0 on, in each the sets rising. */
static const char *check_alike(const struct sl_atoms *a, const uint32_t *rows_of, uint64_t nsets)
{
	for (uint32_t i = 0; i < a->nalike_columns; i++)
		if (a->alike_columns[i].output >= a->noutputs)
			return "a column of no output";
	for (uint32_t i = 0; i < a->nalike; i++) {
		const struct sl_alike_place *p = &a->alike_places[a->alike[i].first];
		if (a->alike[i].column >= a->nalike_columns)
			return "rows of no column";
		for (uint32_t k = 0; k < a->alike[i].n; k++)
			if (p[k].set >= nsets || rows_of[p[k].set] == 0 ||
			    (k > 0 && p[k].group == p[k - 1].group && p[k].set <= p[k - 1].set))
				return "rows in sets out of order";
	}
	return NULL;
}

enum sl_rc sl_atoms_check(const struct sl_atoms *a, struct sl_err *err)
{
	uint64_t nsets = 0, at = 0, s = 0;
	const char *why = NULL;

	for (uint32_t i = 0; i < a->noutputs; i++) {
		nsets += a->outputs[i].nsets;
		if (a->outputs[i].rows_of > a->noutputs)
			return refuse(err, "more tables than outputs");
	}
	if (nsets > SL_SETS_MAX)
		return refuse(err, "too many sets");
	uint32_t *rows_of = calloc((size_t)nsets + 1, sizeof *rows_of);
	if (rows_of == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to look at atoms");
	for (uint32_t i = 0; i < a->noutputs; i++)
		for (uint32_t k = 0; k < a->outputs[i].nsets; k++)
			rows_of[s++] = a->outputs[i].rows_of;
	for (uint32_t i = 0; i < a->natoms && why == NULL; i++) {
		const struct sl_atom *atom = &a->atoms[i];
		if (atom->first != at || atom->n == 0 || atom->n > a->nplaces - at || atom->units == 0)
			why = "places that are not one atom behind the other";
		else
			why = check_places(a, atom, rows_of, nsets);
		at += atom->n;
	}
	if (why == NULL)
		why = check_alike(a, rows_of, nsets);
	free(rows_of);
	if (why == NULL && at != a->nplaces)
		why = "places of no atom";
	for (uint32_t i = 0; i < a->nchanges && why == NULL; i++)
		if (a->changes[i].place >= a->nplaces || a->changes[i].columns == 0 ||
		    (i > 0 && a->changes[i].place <= a->changes[i - 1].place))
			why = "changes out of order";
	return why == NULL ? SL_OK : refuse(err, why);
}

/* --- packed ---------------------------------------------------------------------------------------------- */

#define LONG 0xFFFFu /* what follows is a u32 */

static uint8_t *put_difference(uint8_t *at, uint32_t v)
{
	const uint16_t brief = (uint16_t)(v < LONG ? v : LONG);

	memcpy(at, &brief, sizeof brief);
	at += sizeof brief;
	if (brief == LONG) {
		memcpy(at, &v, sizeof v);
		at += sizeof v;
	}
	return at;
}

/* False: cut short. */
static bool get_difference(const uint8_t **at, const uint8_t *end, uint32_t *v)
{
	uint16_t brief;

	if ((size_t)(end - *at) < sizeof brief)
		return false;
	memcpy(&brief, *at, sizeof brief);
	*at += sizeof brief;
	*v = brief;
	if (brief < LONG)
		return true;
	if ((size_t)(end - *at) < sizeof *v)
		return false;
	memcpy(v, *at, sizeof *v);
	*at += sizeof *v;
	return true;
}

size_t sl_atom_pack(const struct sl_atom_place *places, uint32_t n, uint8_t *out)
{
	uint8_t *at = out;

	for (uint32_t i = 0; i < n; i++) {
		bool first = i == 0 || places[i].group != places[i - 1].group;
		if (first && i > 0)
			at = put_difference(at, 0);
		at = put_difference(at, first ? places[i].set : places[i].set - places[i - 1].set);
	}
	return (size_t)(at - out);
}

/* The places of one atom. NULL: there are none such; else where the next one's begin. */
static const uint8_t *unpack_atom(const uint8_t *at, const uint8_t *end, uint32_t n, struct sl_atom_place *places)
{
	uint32_t set = 0, group = 0, by;

	for (uint32_t i = 0; i < n; i++) {
		if (!get_difference(&at, end, &by))
			return NULL;
		if (i > 0 && by == 0) {
			group++;
			set = 0;
			if (!get_difference(&at, end, &by))
				return NULL;
		}
		if (by > UINT32_MAX - set)
			return NULL;
		set += by;
		places[i] = (struct sl_atom_place){ set, group };
	}
	return at;
}

static const char *unpack_all(const struct sl_atoms_packed *packed, struct sl_atom_place *places)
{
	const uint8_t *at = packed->places, *end = at + packed->nplaces_bytes;
	uint32_t n = 0;

	for (uint32_t i = 0; i < packed->natoms; i++) {
		const struct sl_atom *atom = &packed->atoms[i];
		if (atom->first != n || atom->n > packed->nplaces - n)
			return "places that are not one atom behind the other";
		at = unpack_atom(at, end, atom->n, &places[n]);
		if (at == NULL)
			return "places that are none";
		n += atom->n;
	}
	return n != packed->nplaces || at != end ? "places of no atom" : NULL;
}

/* What is sent as it is. */
static void take_lists(struct sl_atoms_packed *packed, struct sl_atoms *out)
{
	out->outputs = packed->outputs;
	out->noutputs = packed->noutputs;
	out->atoms = packed->atoms;
	out->natoms = packed->natoms;
	out->changes = packed->changes;
	out->nchanges = packed->nchanges;
	out->alike_columns = packed->alike_columns;
	out->nalike_columns = packed->nalike_columns;
	out->alike_given_up = packed->alike_given_up;
	packed->outputs = NULL;
	packed->atoms = NULL;
	packed->changes = NULL;
	packed->alike_columns = NULL;
	packed->noutputs = packed->natoms = packed->nchanges = packed->nalike_columns = 0;
}

enum sl_rc sl_atoms_unpack(struct sl_atoms_packed *packed, struct sl_atoms *out, struct sl_err *err)
{
	const char *why = packed->nplaces > packed->nplaces_bytes / 2 ? "more places than bytes" : NULL;
	struct sl_atom_place *places = why == NULL ? malloc(((size_t)packed->nplaces + 1) * sizeof *places) : NULL;
	enum sl_rc rc = SL_OK;

	struct sl_atoms made = { .places = places, .nplaces = packed->nplaces };

	*out = (struct sl_atoms){ 0 };
	if (why == NULL && places == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to look at atoms");
	else if (why == NULL)
		why = unpack_all(packed, places);
	if (why != NULL)
		rc = refuse(err, why);
	if (rc == SL_OK)
		rc = sl_alike_read(packed->alike, packed->nalike_bytes, &made.alike, &made.nalike, &made.alike_places,
		                   &made.nalike_places, err);
	if (rc == SL_OK) {
		*out = made;
		take_lists(packed, out);
	} else {
		free(places);
	}
	sl_codec_free(&sl_atoms_packed_record, packed);
	return rc;
}

void sl_varint_put(struct sl_buf *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		sl_buf_u8(out, (uint8_t)(v | 0x80));
	sl_buf_u8(out, (uint8_t)v);
}

uint64_t sl_varint_get_long(struct sl_cursor *c)
{
	uint64_t v = 0;

	for (int shift = 0; shift < 64; shift += 7) {
		uint8_t b = sl_cursor_u8(c);
		if (shift == 63 && b > 1)
			break;
		v |= (uint64_t)(b & 0x7f) << shift;
		if ((b & 0x80) == 0)
			return v;
	}
	c->failed = true;
	return 0;
}
