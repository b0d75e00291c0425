/*
 * members.h - which units stand behind which numbers of an output: what an audit over several releases compares.
 *
 * sluice-engine makes one per plan, seals it under a key of its own, and is the only one that ever opens it. What
 * leaves the engine is counts: so many units stand behind exactly these sets (struct sl_atoms).
 *
 * A set is a number of an output whose units can differ from another's: of each cell its rows (number 0), and each
 * statistic that counts or takes only some of them by an expression (sl_plan_watches). Set cell * n + i is the i-th of
 * cell `cell`, n = 1 + watched statistics.
 */
#ifndef SL_PACT_MEMBERS_H
#define SL_PACT_MEMBERS_H

#include "enclave/pact/alike.h"
#include "enclave/pact/plan.h"

#define SL_MEMBERS_WIRE_MAX (512u << 20)
#define SL_MEMBERS_ID_BYTES 16
/* Sets of all outputs that are audited together, and places of them in atoms. */
#define SL_SETS_MAX 2000000u
#define SL_ATOM_PLACES_MAX (1u << 25)
#define SL_ATOMS_MAX (1u << 23)
#define SL_MEMBERS_OUTPUTS_MAX 4000u

/*
 * The units of one output. `units`: from the lowest ordinal up, per unit that is in a set
 *   varint: ordinal less the one before it, of the first one itself
 *   varint: its rows that are in a set, at least 1; left out when one_row, where it is 1
 *   of each row, in the table's order: varint: its place among the unit's rows less the one before it, of the first one
 *     itself (left out when one_row); varint: sets it is in, at least 1; of each, rising, varint: number less the one
 *     before it, of the first one itself; then nprints times two bytes, the low one first: a print of what it has of
 *     each input that the plan's statistics read, or that it is there (sl_plan_printed_inputs)
 * A varint has seven bits a byte, the lowest first, the top bit set on all but its last byte.
 *
 * A print tells whether a unit has in one version of a table what it has in another. Two that are equal may be of
 * different values, one time in 65,536: then a unit that has changed counts as one that has not.
 */
struct sl_members {
	uint8_t rows_of[16];  /* the segment whose rows are meant: only rows of the same one compare; one_row: zero */
	uint8_t one_row;      /* a unit has one row here */
	uint32_t nsets;
	uint64_t nunits;
	uint8_t *units;
	uint32_t nunits_bytes;
	uint8_t nprints;      /* of a row; 0 also where it was sealed before there were any */
};
#define SL_PRINTS_MAX 32
#define SL_PRINT_ROW SL_INPUTS_MAX /* that there is a row: where rows of a unit are counted */

/*
 * A set within an atom. A group is rows of the unit that are in the same sets; its sets are those of its places. Rows
 * of different tables are in no group together.
 */
struct sl_atom_place {
	uint32_t set;    /* over all outputs: an output's sets follow those of the output before */
	uint32_t group;  /* from 0 on */
};

/*
 * Units whose rows are in the same sets in the same way: places[first] … places[first + n - 1], groups rising by one,
 * sets rising within a group. A set may be in several groups.
 */
struct sl_atom {
	uint64_t units;
	uint32_t first, n;
};

/*
 * At a place in a set of an earlier output, of another version: what its units have there is not what they have in any
 * set of the request's that tells it; of a unit's one row, where none does, in the last earlier output that does. Bit i
 * of columns: the earlier output's print i.
 */
struct sl_atom_change {
	uint32_t place, columns;
};

struct sl_atoms_output {
	uint32_t nsets;
	uint32_t rows_of;   /* equal: the same rows are meant; 0: one row per unit */
};

struct sl_atoms {
	struct sl_atoms_output *outputs; /* as they were given */
	uint32_t noutputs;
	struct sl_atom *atoms;
	uint32_t natoms;
	struct sl_atom_place *places;
	uint32_t nplaces;
	struct sl_atom_change *changes; /* rising by place; of none: nothing has changed, or nothing was to be compared */
	uint32_t nchanges;
	/* Where tables were read in several versions: of several rows per unit, which have the same of a column. */
	struct sl_alike_column *alike_columns;
	uint32_t nalike_columns;
	struct sl_alike *alike;
	uint32_t nalike;
	struct sl_alike_place *alike_places;
	uint32_t nalike_places;
	uint8_t alike_given_up;         /* 1: they were too many to be sent, and there are none */
};

/*
 * The same as the engine makes it and sends it: what is eight bytes a place in memory is mostly two here, which are
 * read faster than a varint is. `places`: atom by atom, of each its places in their order
 *   u16: its set less the one before it in its group, of the first one itself; 65535: this is the u32 behind it
 *   before the first set of a group, but of an atom's first: a u16 of 0, which no difference is
 */
struct sl_atoms_packed {
	struct sl_atoms_output *outputs;
	uint32_t noutputs;
	struct sl_atom *atoms;
	uint32_t natoms;
	uint32_t nplaces;
	uint8_t *places;
	uint32_t nplaces_bytes;
	struct sl_atom_change *changes;
	uint32_t nchanges;
	struct sl_alike_column *alike_columns;
	uint32_t nalike_columns;
	uint8_t *alike;                 /* one behind the other, as sl_alike_put */
	uint32_t nalike_bytes;
	uint8_t alike_given_up;
};

/* Atoms are sent packed: of sl_atoms_record there is no frame. */
extern const struct sl_record sl_members_record, sl_atoms_record, sl_atoms_packed_record;

/*
 * sl_plan_watches - whether a statistic has a set of its own in each cell: its condition, or an argument that is more
 * than a column, may leave out rows as its author likes. A condition on one column among the x of a model may not.
 */
bool sl_plan_watches(const struct sl_stat *stat);
/* sl_plan_watched - how many of the statistics before `stat` have one. sl_plan_sets - sets of the plan; saturates. */
uint32_t sl_plan_watched(const struct sl_plan *plan, uint32_t stat);
uint64_t sl_plan_sets(const struct sl_plan *plan, const struct sl_view *view);

/*
 * sl_plan_printed_inputs - what prints of a plan's rows are of: SL_PRINT_ROW first, where it counts rows and a unit may
 * have several, then the inputs that its statistics read, rising; no more than SL_PRINTS_MAX. Returns how many.
 */
uint32_t sl_plan_printed_inputs(const struct sl_plan *plan, const struct sl_view *view,
                                uint16_t inputs[static SL_PRINTS_MAX]);

/*
 * sl_members_stored - as sl_codec_decode; what was sealed before there were prints has none.
 *   data  in  len bytes, and one behind them that may be written to
 */
SL_MUST_CHECK enum sl_rc sl_members_stored(uint8_t *data, size_t len, struct sl_members *out, struct sl_err *err);

/*
 * sl_atoms_check - indexes in range, groups and sets in order, one table's rows in a group, atoms fill the places;
 * changes at places, rising; rows that are alike in order, in sets of several rows per unit, of columns that there are.
 * SL_E_INPUT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_atoms_check(const struct sl_atoms *a, struct sl_err *err);

/*
 * sl_atom_pack - the places of one atom, in lawful order, as bytes. Returns how many.
 *   out  out  room for n * SL_ATOM_PLACE_BYTES_MAX
 */
#define SL_ATOM_PLACE_BYTES_MAX 8u
size_t sl_atom_pack(const struct sl_atom_place *places, uint32_t n, uint8_t *out);

/*
 * sl_atoms_unpack - for sl_atoms_check, which has to look at them still.
 *   packed  in   takes its outputs and atoms, frees the rest; zeroed
 *   out     out  caller's storage, any content; free with sl_codec_free(&sl_atoms_record, out). Zeroed on failure.
 * SL_E_INPUT (atoms and bytes do not fit together), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_atoms_unpack(struct sl_atoms_packed *packed, struct sl_atoms *out, struct sl_err *err);

/*
 * sl_varint_put - append. sl_varint_get - the next of a cursor's; it fails for one that is cut short or beyond 64 bits.
 * Most are of one byte: sl_varint_get_long is for the others.
 */
void sl_varint_put(struct sl_buf *out, uint64_t v);
uint64_t sl_varint_get_long(struct sl_cursor *c);
static inline uint64_t sl_varint_get(struct sl_cursor *c)
{
	return !c->failed && c->at < c->end && *c->at < 0x80 ? *c->at++ : sl_varint_get_long(c);
}

#endif
