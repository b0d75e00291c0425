/*
 * wires.h - wire forms of any record, written from its field table by a second hand: right ones, and ones that break
 * exactly one bound.
 */
#ifndef SL_TEST_PACT_WIRES_H
#define SL_TEST_PACT_WIRES_H

#include "enclave/pact/codec.h"

/* Every record that travels by itself, and its name as a fuzz target. */
struct wire_record {
	const char *name;
	const struct sl_record *record;
};
extern const struct wire_record wire_records[];
extern const size_t nwire_records;

/* How a wire form differs from a right one, at one field. */
enum wire_fault {
	WIRE_RIGHT = 0,
	WIRE_BELOW,       /* scalar: lo - 1 */
	WIRE_ABOVE,       /* scalar: hi + 1 */
	WIRE_LONG,        /* text, blob: one byte more than max, all there; vector: a count of max + 1 */
	WIRE_HOSTILE,     /* text, blob, vector: a count of 2^32 - 1 */
	WIRE_PAST_END,    /* text, blob, vector: a count within its bound for which too few bytes are left */
	WIRE_NOT_UTF8,    /* text */
	WIRE_NUL,         /* text: a NUL inside */
	WIRE_FAULT_COUNT
};

/*
 * wire_write - append a wire form: every vector has `items` elements (or its max, if that is less), texts and numbers
 * differ by seed. `fault` is put at the at-th field, counted as they are written; behind WIRE_PAST_END nothing follows.
 * False: the at-th field cannot have that fault, or *fields, how many there are, is at most `at`.
 */
bool wire_write(const struct sl_record *record, uint32_t items, uint32_t seed, enum wire_fault fault, uint32_t at,
                struct sl_buf *out, uint32_t *fields);

#endif
