/*
 * alike.h - where tables were read in several versions, and a unit may have several rows: which of its rows have the
 * same of a column, and how many of them lie in which sets. With struct sl_atoms (members.h) it goes from
 * sluice-engine, which compares prints, to sluice-check, which sees none.
 */
#ifndef SL_PACT_ALIKE_H
#define SL_PACT_ALIKE_H

#include "enclave/base/buf.h"

/* Rows of one print are a group; so many of them, or a multiple of it in all sets of the group, are in a set. */
struct sl_alike_place {
	uint32_t set;    /* over all outputs, of one whose units have several rows */
	uint32_t group;  /* from 0 on */
	uint32_t times;
};

/*
 * Units whose rows lie in the same way, by what they have of one column: places[first] … places[first + n - 1], groups
 * rising by one, sets rising within a group. Groups that lie in the same way are one.
 */
struct sl_alike {
	uint64_t units;
	uint32_t column;
	uint32_t first, n;
};

/* A column, as an output of the request prints it. */
struct sl_alike_column {
	uint32_t output, print;
};

/* What is sent of all units, in bytes; where it takes more, nothing is sent but that. */
#define SL_ALIKE_WIRE_MAX (32u << 20)
#define SL_ALIKE_COLUMNS_MAX 4096u

/*
 * sl_alike_put - all of one but its units, for which a varint goes before it. Each a varint: column, n; of a place its
 * set less the one before it in its group, of the first one that set itself, and its times; before the first set of a
 * group, but of the first group, a 0, which no difference is.
 */
void sl_alike_put(struct sl_buf *out, uint32_t column, const struct sl_alike_place *places, uint32_t n);

/*
 * sl_alike_read - bytes that are not believed; sets and columns may be any.
 *   out, places  out  heap, nout and nplaces of them; NULL on failure
 * Fails: SL_E_INPUT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_alike_read(const uint8_t *bytes, uint32_t nbytes, struct sl_alike **out, uint32_t *nout,
                                       struct sl_alike_place **places, uint32_t *nplaces, struct sl_err *err);

#endif
